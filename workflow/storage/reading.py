"""Reading one case back: its row, and its events as they were recorded."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from workflow.domain.case import Case
from workflow.domain.envelope import Envelope
from workflow.domain.events import Event
from workflow.errors import RecordBroken
from workflow.storage import tables as t
from workflow.storage.codec import decode_case, decode_event, decode_facts

_CASE = select(t.cases.c.body).where(t.cases.c.id == bindparam("case_id"))
_CASES = select(t.cases.c.id, t.cases.c.body).where(t.cases.c.id.in_(bindparam("case_ids", expanding=True)))
_DEFINITION = select(t.definitions.c.body, t.definitions.c.texts).where(
    t.definitions.c.hash == bindparam("hash")
)
_CASE_ID = select(t.cases.c.id).where(t.cases.c.no == bindparam("no"))
_CASE_IDS = (
    select(t.cases.c.id)
    .where(t.cases.c.id > bindparam("after"))
    .order_by(t.cases.c.id)
    .limit(bindparam("limit"))
)
_PERSONAL = (
    select(t.personal_values.c.field, t.personal_values.c.value)
    .where(t.personal_values.c.case_id == bindparam("case_id"))
    .order_by(t.personal_values.c.seq)
)
_HISTORY = select(t.events).where(t.events.c.case_id == bindparam("case_id")).order_by(t.events.c.seq)


def case(connection: Connection, case_id: str) -> Case | None:
    """The case as its row says it stands."""
    body = connection.execute(_CASE, {"case_id": case_id}).scalar()
    return decode_case(body, case_id) if body is not None else None


def cases(connection: Connection, case_ids: Sequence[str]) -> list[Case]:
    """Some hundreds of cases as their rows say they stand, in any order."""
    rows = connection.execute(_CASES, {"case_ids": list(case_ids)})
    return [decode_case(row.body, row.id) for row in rows]


def definition(connection: Connection, hash_: str) -> tuple[bytes, bytes] | None:
    """The canonical bytes and the texts of a stored definition."""
    row = connection.execute(_DEFINITION, {"hash": hash_}).first()
    return (bytes(row.body), bytes(row.texts)) if row is not None else None


def personal_values(connection: Connection, case_id: str) -> dict[str, str]:
    """The personal values of a case that have not been erased, by field (`form.name`); of several the latest."""
    return {row.field: row.value for row in connection.execute(_PERSONAL, {"case_id": case_id})}


def case_id(connection: Connection, no: str) -> str | None:
    """The id of the case with the number `no`."""
    found: str | None = connection.execute(_CASE_ID, {"no": no}).scalar()
    return found


def case_ids(connection: Connection, after: str, limit: int) -> list[str]:
    """Ids of cases in their order, for a walk over all of them."""
    return list(connection.execute(_CASE_IDS, {"after": after, "limit": limit}).scalars())


def history(connection: Connection, case_id: str) -> list[tuple[Envelope, Event]]:
    """The case's events from the first on. Raises RecordBroken when one cannot be read."""
    return [_recorded(dict(row._mapping)) for row in connection.execute(_HISTORY, {"case_id": case_id})]  # noqa: SLF001


def _recorded(row: dict[str, object]) -> tuple[Envelope, Event]:
    try:
        envelope = Envelope(**{**row, "facts": decode_facts(str(row["facts"]))})  # type: ignore[arg-type]
        return envelope, decode_event(envelope.type, envelope.schema_version, envelope.payload)
    except ValueError as error:
        raise RecordBroken(
            case=row["case_id"], seq=row["seq"], reason=f"it cannot be read: {error}"
        ) from error
