"""The walk over all cases that `banjie audit verify` takes: in chunks, reading only, while others write.

A case's row and its events are read one after the other, so a case that moved in between looks wrong for a moment;
therefore what looks wrong is read again, alone, before it is told. No more than a chunk is held at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from workflow.errors import BanjieError, UnknownCase
from workflow.evidence import reading
from workflow.evidence.derived import FIGURES, expected, wrong_rows
from workflow.evidence.personal import Opened, open_values
from workflow.evidence.reading import Found, Name
from workflow.evidence.steps import Figures, steps
from workflow.evidence.verify import Broken, Flaw, followed

if TYPE_CHECKING:
    from workflow.domain.definition import Definition
    from workflow.evidence.derived import WrongRow
    from workflow.storage.store import Store

CHUNK: Final = 100
"""Cases read at a time: a few thousand events, some megabytes."""

LOOKS: Final = 3
"""How often a case that looks wrong is read; a case moves once in minutes, a reading takes milliseconds."""

MOST: Final = 50
"""Wrong rows told of one case: whoever emptied a table has made his point by then."""


@dataclass(slots=True, kw_only=True)
class Report:
    """What the walk has come to so far: of `total` cases `cases` were read, with `events` events and `rows` rows made from
    them; of personal values `opened` proved true and `erased` are lawfully gone. `after` is the id of the last case read.
    """

    total: int = 0
    cases: int = 0
    events: int = 0
    rows: int = 0
    opened: int = 0
    erased: int = 0
    after: str = ""
    broken: list[Broken] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    broken: tuple[Broken, ...] = ()
    events: int = 0
    rows: int = 0
    opened: int = 0
    erased: int = 0


def walk(
    store: Store,
    *,
    no: str | None = None,
    since: str = "",
    on_chunk: Callable[[Report], None] | None = None,
    chunk: int = CHUNK,
    begun: Report | None = None,
    figures: Figures | None = None,
) -> Report:
    """Verify every case, those from the id `since` on, or the one with the number `no`; `on_chunk` is told how far it is
    after each chunk of that many cases. `begun` is how far an earlier walk had come: it goes on after the last case of
    that. `figures` reckons what the reports read of a concluded case; without it their tables are left out.

    Raises UnknownCase, DatabaseUnavailable. Writes nothing.
    """
    definitions = reading.definitions(store)
    report = begun or Report()
    report.total = 1 if no is not None else reading.count(store)
    chunks = [_named(store, no)] if no is not None else reading.chunks(store, report.after, chunk, since)
    for names in chunks:
        for found in _read(store, names):
            _add(report, _examined(store, found, definitions, figures))
        report.after = names[-1][0]
        if on_chunk is not None:
            on_chunk(report)
    if no is None:
        report.broken.extend(reading.orphans(store))
    return report


def _add(report: Report, looked: _Looked) -> None:
    report.cases += 1
    report.events += looked.events
    report.rows += looked.rows
    report.opened += looked.opened
    report.erased += looked.erased
    report.broken.extend(looked.broken)


def _examined(
    store: Store, found: Found | Broken, definitions: Mapping[str, Definition], figures: Figures | None
) -> _Looked:
    for look in range(1, LOOKS + 1):
        looked = _look(found, definitions, figures)
        if not looked.broken or look == LOOKS:
            return looked
        first = looked.broken[0]
        if first.flaw is Flaw.DEFINITION:
            # The case may have been filed under a definition that was first stored while we walked.
            definitions = reading.definitions(store)
        found = _alone(store, (first.case_id, first.no))
    raise AssertionError("unreachable")


def _look(found: Found | Broken, definitions: Mapping[str, Definition], figures: Figures | None) -> _Looked:
    """One reading of a case: its chain and row first; only what a sound chain tells can be held against other tables."""
    if isinstance(found, Broken):
        return _Looked(broken=(found,))
    record = found.record
    broken, told = followed(record, definitions.get(record.definition), definitions)
    events = len(record.events)
    if broken is not None:
        return _Looked(broken=(broken,), events=events)
    try:
        made = tuple(steps(told, figures))
    except (BanjieError, KeyError, ValueError) as error:
        # Its definition, or the law, no longer knows what it needs; that is as good as a record that cannot be read.
        return _Looked(broken=(_unreckoned(found, error),), events=events)
    tables = {name: rows for name, rows in found.tables.items() if figures is not None or name not in FIGURES}
    wrong = list(wrong_rows(expected(made), tables))
    values = open_values(made, found.personal)
    rows = sum(map(len, tables.values()))
    return _Looked(
        broken=(
            *(_row(found, one, Flaw.TABLE) for one in wrong[:MOST]),
            *(_row(found, one, Flaw.VALUE) for one in values.wrong[:MOST]),
        ),
        events=events,
        rows=rows,
        **_values(values),
    )


def _unreckoned(found: Found, error: Exception) -> Broken:
    record = found.record
    return Broken(
        case_id=record.case_id, no=record.no, seq=record.seq, flaw=Flaw.UNREADABLE, detail=str(error)
    )


def _values(values: Opened) -> dict[str, int]:
    return {"opened": values.opened, "erased": values.erased}


def _row(found: Found, one: WrongRow, flaw: Flaw) -> Broken:
    record = found.record
    return Broken(
        case_id=record.case_id,
        no=record.no,
        seq=one.seq or record.seq,
        flaw=flaw,
        detail=f"{one.table}: {one.key}",
        table=one.table,
        key=one.key,
        field=one.field,
        expected=one.expected,
        found=one.found,
    )


# --- reading, and reading again -------------------------------------------------------------------------------------


def _named(store: Store, no: str) -> list[Name]:
    name = reading.named(store, no)
    if name is None:
        raise UnknownCase(what="case", name=no)
    return [name]


def _read(store: Store, names: Sequence[Name]) -> Iterator[Found | Broken]:
    try:
        found = _together(store, [case_id for case_id, _ in names])
    except ValueError:
        # One of them has a value that cannot even be read (an instant that is none): find it.
        yield from (_alone(store, name) for name in names)
        return
    yield from found


def _alone(store: Store, name: Name) -> Found | Broken:
    case_id, no = name
    try:
        found = _together(store, [case_id])
    except ValueError as error:
        seq = reading.unreadable(store, case_id)
        return Broken(case_id=case_id, no=no, seq=seq, flaw=Flaw.UNREADABLE, detail=str(error))
    return found[0] if found else Broken(case_id=case_id, no=no, seq=1, flaw=Flaw.ORPHAN)


_together = reading.together
