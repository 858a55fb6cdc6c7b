"""The facts of a concluded case, from its events: when a step concludes it, and again from the record at any time.

What the record gives later is what the step wrote: it is reckoned under the calendar that the concluding step names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from workflow.domain.events import CaseMigrated, CaseRated, Event, FilingSubmitted
from workflow.domain.evolve import fold
from workflow.domain.figures.facts import CaseFacts, concludes, facts_of, until_concluded
from workflow.domain.rating.grades import points
from workflow.domain.values import replace
from workflow.storage.report_register import differences

if TYPE_CHECKING:
    from datetime import date

    from workflow.domain.case import Case
    from workflow.domain.definition import Definition
    from workflow.domain.envelope import Envelope
    from workflow.domain.scene import Facts
    from workflow.domain.step import Step
    from workflow.engine.banjie import Banjie
    from workflow.storage.store import Store
    from workflow.storage.transaction import Transaction

CHUNK = 200


def told_before(tx: Transaction, before: Case | None, after: Case | None) -> Sequence[tuple[Event, str]]:
    """The record of a case that is being concluded, as far as it goes; nothing of any other. Read before the numbers are
    taken, whose counters everybody wants.
    """
    return (
        tx.history(before.id) if before is not None and after is not None and concludes(before, after) else ()
    )


def left_behind(
    banjie: Banjie, tx: Transaction, step: Step, facts: Facts, before: Sequence[tuple[Event, str]]
) -> CaseFacts | None:
    """What the step leaves behind for the figures: something only if it concludes its case, of which `before` tells what
    had happened.
    """
    if not concludes(step.before, step.after):
        return None
    history = [*before, *((event, envelope.actor) for envelope, event in step.events)]
    return _facts(banjie, tx, facts, step.after, history)


def from_events(banjie: Banjie, case_id: str) -> CaseFacts | None:
    """The facts of a case from its record alone; None if it is not concluded."""
    return from_history(banjie, case_id, banjie.store.history(case_id))


def from_history(banjie: Banjie, case_id: str, history: Sequence[tuple[Envelope, Event]]) -> CaseFacts | None:
    """The same of a record that has been read."""
    end = until_concluded([(envelope.command_id, event) for envelope, event in history])
    if not end:
        return None
    told = [(event, envelope.actor) for envelope, event in history[:end]]
    case = fold(told, case_id=case_id)
    definition = banjie.definition(banjie.store, case.definition)
    facts = banjie.facts(definition)
    version = history[end - 1][0].facts.get("calendar")
    if version is not None:
        facts = replace(facts, calendar=facts.calendar.known_as(version))
    found = _facts(banjie, banjie.store, facts, case, told)
    grades = [event.grade for _, event in history[end:] if isinstance(event, CaseRated)]
    return replace(found, rating=points(grades[0])) if grades else found


def rebuild(banjie: Banjie, case_ids: Iterable[str] | None = None) -> int:
    """Fill the tables of figures again from the events of every case; gives how many concluded cases there are.

    Each case is replaced as a whole, so the figures are right at any moment for the cases that have been done.
    """
    done = 0
    for chunk in _chunks(banjie.store if case_ids is None else case_ids):
        found = [facts for case_id in chunk if (facts := from_events(banjie, case_id)) is not None]
        banjie.store.reports.refill(chunk, found)
        done += len(found)
    return done


def verify(banjie: Banjie, first: date, last: date) -> tuple[int, list[str]]:
    """Whether the tables say of the cases concluded from `first` to `last` what their events say: how many cases were
    looked at, and the numbers of those that differ, are missing or should not be there.
    """
    looked, wrong = 0, []
    for chunk in _chunks(banjie.store.reports.candidates(first, last)):
        found = {
            case_id: facts
            for case_id in chunk
            if (facts := from_events(banjie, case_id)) is not None and first <= facts.concluded_on <= last
        }
        kept = banjie.store.reports.kept(chunk, first, last)
        looked += len(found.keys() | kept.keys())
        wrong += differences(kept, found)
    return looked, sorted(wrong)


def _facts(
    banjie: Banjie,
    kept_in: Transaction | Store,
    facts: Facts,
    case: Case,
    history: Sequence[tuple[Event, str]],
) -> CaseFacts:
    versions = _versions(banjie, kept_in, [event for event, _ in history])
    return facts_of(versions[case.definition], facts, case, history, versions=versions)


def _versions(
    banjie: Banjie, kept_in: Transaction | Store, history: Sequence[Event]
) -> Mapping[str, Definition]:
    hashes: dict[str, None] = {}
    for event in history:
        if isinstance(event, FilingSubmitted):
            hashes[event.definition] = None
        elif isinstance(event, CaseMigrated):
            hashes.update(dict.fromkeys((event.old, event.new)))
    return {hash_: banjie.definition(kept_in, hash_) for hash_ in hashes}


def _chunks(of: Store | Iterable[str]) -> Iterator[list[str]]:
    """Ids of cases, some hundreds at a time: of all there are, or of these."""
    if not isinstance(of, Iterable):
        after = ""
        while chunk := of.case_ids(after, CHUNK):
            yield chunk
            after = chunk[-1]
        return
    chunk = []
    for case_id in of:
        chunk.append(case_id)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
