"""Proofs of the invariants, as plain SQL: what may never be, and a query that finds it.

The queries share no code with what writes: neither its statements nor its values. Each reads some cases, from one id to
another, by the keys of the tables, so a proof of all is a walk in short steps; each is one statement and so sees every
commit whole or not at all. `docs/operations/reconciler.md` lists what is proven and what only `banjie audit verify` can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection, TextClause

_WORD: Final = re.compile(r"\{(\w+)(?::([\w.]+))?\}")

_PAYLOAD: Final = {
    "postgresql": "(CAST(convert_from(e.payload, 'UTF8') AS jsonb) ->> '{}')",
    "sqlite": "json_extract(CAST(e.payload AS TEXT), '$.{}')",
}
_BODY: Final = {
    "postgresql": "(CAST(c.body AS jsonb) ->> '{}')",
    "sqlite": "json_extract(c.body, '$.{}')",
}
_CLOCK: Final = {"postgresql": "(k.value ->> '{}')", "sqlite": "json_extract(k.value, '$.{}')"}
_CLOCK_DUE: Final = {
    "postgresql": "(k.value -> 'due' ->> '{}')",
    "sqlite": "json_extract(k.value, '$.due.{}')",
}
_RUNG: Final = {"postgresql": "(r.value ->> '{}')", "sqlite": "json_extract(r.value, '$.{}')"}
_CLOCKS: Final = {
    "postgresql": "CROSS JOIN LATERAL jsonb_array_elements(CAST(c.body AS jsonb) -> 'clocks') AS k(value)",
    "sqlite": "CROSS JOIN json_each(c.body, '$.clocks') AS k",
}
_RUNGS: Final = {
    "postgresql": "CROSS JOIN LATERAL jsonb_array_elements(k.value -> 'rungs') AS r(value)",
    "sqlite": "CROSS JOIN json_each(k.value, '$.rungs') AS r",
}
_TRUE: Final = {"postgresql": "'true'", "sqlite": "1"}
# Whole seconds, in which the two ways of writing an instant agree.
_SECOND: Final = {
    "postgresql": "date_trunc('second', CAST({} AS timestamptz))",
    "sqlite": "substr({}, 1, 19)",
}
_RUNG_SECOND: Final = {name: _SECOND[name].format(spelt) for name, spelt in _RUNG.items()}
_DUE_SECOND: Final = {name: _SECOND[name].format(spelt) for name, spelt in _CLOCK_DUE.items()}
_POSTS: Final = {
    "postgresql": (
        "CROSS JOIN LATERAL jsonb_array_elements(CAST(convert_from(d.body, 'UTF8') AS jsonb) -> 'distinct')"
        " WITH ORDINALITY AS g(posts, number) CROSS JOIN LATERAL jsonb_array_elements_text(g.posts) AS p(post)"
    ),
    "sqlite": (
        "CROSS JOIN json_each(CAST(d.body AS TEXT), '$.distinct') AS g CROSS JOIN json_each(g.value) AS p"
    ),
}
_GROUP: Final = {"postgresql": "g.number", "sqlite": "g.key"}
_POST: Final = {"postgresql": "p.post", "sqlite": "p.value"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A rule that holds for every case, and the query that gives where it does not: the case's id and a word on what.

    In the query `{ours:c.id}` stands for the condition that the case is one of those asked about; the other words in braces
    are what the two databases spell differently.
    """

    invariant: str
    rule: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Where a rule does not hold. `case_id` is empty where that is no matter of one case."""

    invariant: str
    rule: str
    case_id: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The cases whose id comes after `low`, up to `high`; all of them, and what lies behind, where that is None."""

    low: str
    high: str | None


def broken(connection: Connection, proofs: Sequence[Proof], stretch: Stretch) -> Iterator[Broken]:
    """Where these rules do not hold on those cases."""
    dialect = connection.dialect.name
    given = {"low": stretch.low} | ({} if stretch.high is None else {"high": stretch.high})
    for proof in proofs:
        for case_id, detail in connection.execute(_query(proof, dialect, stretch.high is not None), given):
            yield Broken(
                invariant=proof.invariant, rule=proof.rule, case_id=case_id or "", detail=str(detail)
            )


def next_stretch(connection: Connection, after: str, size: int) -> Stretch:
    """The next so many cases after that id; without an end when there are not so many."""
    high = connection.execute(_LAST_OF, {"low": after, "most": size - 1}).scalar()
    return Stretch(low=after, high=high)


def stretch_of(connection: Connection, case_id: str) -> Stretch:
    """That one case."""
    low = connection.execute(_BEFORE, {"high": case_id}).scalar()
    return Stretch(low=low or "", high=case_id)


_LAST_OF: Final = text("SELECT id FROM cases WHERE id > :low ORDER BY id LIMIT 1 OFFSET :most")
_BEFORE: Final = text("SELECT max(id) FROM cases WHERE id < :high")


@cache
def _query(proof: Proof, dialect: str, bounded: bool) -> TextClause:  # noqa: FBT001 - from `broken` only
    def spelt(found: re.Match[str]) -> str:
        word, of = found[1], found[2] or ""
        if word == "ours":
            return f"{of} > :low AND {of} <= :high" if bounded else f"{of} > :low"
        return _WORDS[word][dialect].format(of)

    return text(_WORD.sub(spelt, proof.sql))


_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "payload": _PAYLOAD,
    "body": _BODY,
    "clock": _CLOCK,
    "clock_due": _CLOCK_DUE,
    "rung": _RUNG,
    "clocks": _CLOCKS,
    "rungs": _RUNGS,
    "true": _TRUE,
    "second": _SECOND,
    "rung_second": _RUNG_SECOND,
    "due_second": _DUE_SECOND,
    "posts": _POSTS,
    "group": _GROUP,
    "post": _POST,
}
