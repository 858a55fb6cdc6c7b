"""What has been filed, asked by many at a time: query codes of cases, and case numbers by the key of the filing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from workflow.domain.publication import SLIP_CODE
from workflow.storage import tables as t

if TYPE_CHECKING:
    from workflow.storage.store import Store

_AT_ONCE: Final = 500


def slip_codes(store: Store, case_ids: Sequence[str]) -> dict[str, str]:
    """The query code of each of these cases; one that has been erased is left out."""
    values = t.personal_values.c
    codes: dict[str, str] = {}
    for some in _some(case_ids):
        query = select(values.case_id, values.value).where(
            values.case_id.in_(some), values.field == SLIP_CODE
        )
        with store.read() as connection:
            codes.update((case_id, code) for case_id, code in connection.execute(query) if code)
    return codes


def numbers_of_keys(store: Store, actor: str, keys: Sequence[str]) -> dict[str, str]:
    """The numbers of the cases that `actor` has filed under these keys, by key."""
    commands = t.commands.c
    numbers: dict[str, str] = {}
    for some in _some(keys):
        query = (
            select(commands.key, t.cases.c.no)
            .join_from(t.commands, t.cases, t.cases.c.id == commands.case_id)
            .where(commands.actor == actor, commands.key.in_(some))
        )
        with store.read() as connection:
            numbers.update((key, no) for key, no in connection.execute(query))
    return numbers


def open_cases(store: Store, actor: str, matter: str, field: str) -> dict[str, str]:
    """The numbers of this person's filings of a matter that are not concluded yet, by a personal value of the form."""
    commands, values = t.commands.c, t.personal_values.c
    query = (
        select(values.value, t.cases.c.no)
        .join_from(t.commands, t.cases, t.cases.c.id == commands.case_id)
        .join(t.personal_values, values.case_id == t.cases.c.id)
        .where(
            commands.actor == actor,
            t.cases.c.matter == matter,
            t.cases.c.concluded_at.is_(None),
            values.field == field,
        )
    )
    with store.read() as connection:
        return {value: no for value, no in connection.execute(query) if value}


def _some(of: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(of)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
