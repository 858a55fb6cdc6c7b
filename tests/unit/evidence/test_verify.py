"""The verifier alone: a sound record is sound, and whatever is changed in one is found where it was changed."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain import chain
from workflow.domain.commands import FireRung, RunJob, SubmitFiling, TakeAction
from workflow.domain.decide import decide
from workflow.domain.envelope import Envelope
from workflow.domain.events import SCHEMA_VERSION
from workflow.domain.evolve import evolve
from workflow.evidence.verify import Flaw, Record, verify
from workflow.storage.codec import decode_event, encode_case, encode_event
from workflow.testing import sample
from workflow.testing.sample import at

DEFINITION = sample.definition()
CASE = "6b2f4e0a-3c55-5d5e-9a7e-0b8f6c1d2e3f"


def told():
    """The record of a sample licence that went from filing to archive."""
    day = iter(f"2026-09-{number:02}" for number in range(7, 30))
    given = {"case_id": CASE, "key": "k", "actor": "system"}
    script = [
        SubmitFiling(
            case_id=CASE,
            key="k",
            actor="ella",
            matter="sample-licence",
            form={"name": "王小明"},
            materials=("charter", "funds"),
        ),
        RunJob(**given, job=1, action="precheck", visit=1),
        act("clerk", "accept"),
        act("anna", "review", inspectors=["anna", "bo"]),
        act("chen", "agree"),
        FireRung(**given, clock="publicity", generation=1, rung="expiry", revision=0),
        act("dong", "sign"),
        RunJob(**given, job=0, action="archive", visit=6),
    ]
    case, envelopes, head = None, [], chain.GENESIS
    for asked in script:
        now = at(next(day))
        if isinstance(asked, FireRung):
            now = case.clock("publicity").due.at + timedelta(seconds=1)
            day = iter(f"2026-10-{number:02}" for number in range(12, 30))
        command = replace(asked, visit=case.visit) if isinstance(asked, RunJob) else asked
        for decided in decide(DEFINITION, case, command, sample.facts(), now):
            case = evolve(case, decided.event, case_id=CASE, actor=decided.actor)
            envelope = Envelope(
                case_id=CASE,
                seq=case.seq,
                type=type(decided.event).__name__,
                schema_version=SCHEMA_VERSION,
                recorded_at=now,
                effective_at=decided.event.at,
                actor=decided.actor,
                acting_for=None,
                rule=decided.rule,
                caused_by=None,
                command_id=command.key,
                facts=sample.facts().versions(),
                payload=encode_event(decided.event),
                prev_hash=head,
                hash=b"",
                alg=chain.ALGORITHM,
            )
            envelopes.append(linked(envelope))
            head = envelopes[-1].hash
    return Record(
        case_id=CASE,
        no=case.no,
        definition=DEFINITION.hash,
        seq=case.seq,
        head=head,
        body=encode_case(case),
        columns={"state": "archived"},
        events=envelopes,
    )


def act(person, action, **given):
    return TakeAction(case_id=CASE, key="k", actor=person, action=action, fields=given)


def linked(envelope):
    return replace(envelope, hash=chain.link(envelope))


RECORD = told()
PLACES = st.integers(min_value=1, max_value=RECORD.seq)


def with_event(place, **changes):
    events = list(RECORD.events)
    events[place - 1] = replace(events[place - 1], **changes)
    return replace(RECORD, events=events)


def found(record):
    broken = verify(record, DEFINITION)
    return None if broken is None else (broken.seq, broken.flaw)


def test_a_sound_record_is_sound():
    assert RECORD.seq > 15
    assert found(RECORD) is None


def test_without_its_definition_nothing_can_be_said():
    broken = verify(RECORD, None)

    assert (broken.seq, broken.flaw, broken.detail) == (1, Flaw.DEFINITION, DEFINITION.hash)


CHANGED = {
    "case_id": "another",
    "type": "CaseForgotten",
    "schema_version": 2,
    "recorded_at": at("2026-09-01"),
    "effective_at": at("2026-09-01"),
    "actor": "somebody",
    "acting_for": "somebody",
    "rule": "another",
    "caused_by": "another",
    "command_id": "another",
    "facts": {"calendar": "another"},
    "payload": b"{}",
    "prev_hash": b"\x01" * 32,
    "hash": b"\x01" * 32,
    "alg": "sha512",
}


@pytest.mark.parametrize("name", CHANGED)
@given(place=PLACES)
def test_any_change_of_any_part_of_any_event_is_found_at_that_event(name, place):
    assert found(with_event(place, **{name: CHANGED[name]})) == (place, Flaw.ALTERED)


def test_every_part_of_an_event_is_covered():
    assert set(CHANGED) | {"seq"} == {field.name for field in fields(Envelope)}


@given(place=PLACES)
def test_a_gap_is_named_by_the_number_that_is_missing(place):
    events = [event for event in RECORD.events if event.seq != place]

    assert found(replace(RECORD, events=events)) == (place, Flaw.MISSING)


@given(place=PLACES, other=PLACES)
def test_events_that_changed_places_are_found_at_the_first(place, other):
    events = list(RECORD.events)
    first, second = sorted((place, other))
    swapped = replace(events[second - 1], seq=first), replace(events[first - 1], seq=second)
    events[first - 1], events[second - 1] = swapped

    assert found(replace(RECORD, events=events)) == (None if first == second else (first, Flaw.ALTERED))


@given(place=st.integers(min_value=1, max_value=RECORD.seq - 1))
def test_an_event_written_anew_no_longer_fits_what_follows(place):
    forged = linked(replace(RECORD.events[place - 1], actor="somebody"))

    assert found(with_event(place, actor=forged.actor, hash=forged.hash)) == (place + 1, Flaw.UNLINKED)


def test_an_algorithm_that_is_not_there_is_unreadable():
    assert found(with_event(3, alg="sm99")) == (3, Flaw.UNREADABLE)


def test_a_payload_of_an_unknown_type_is_unreadable():
    last = RECORD.events[-1]
    forged = linked(replace(last, type="CaseForgotten"))

    assert found(with_event(last.seq, type=forged.type, hash=forged.hash)) == (last.seq, Flaw.UNREADABLE)


def test_an_effective_time_that_is_not_the_payloads_is_unreadable():
    last = RECORD.events[-1]
    forged = linked(replace(last, effective_at=last.effective_at + timedelta(seconds=1)))

    changed = with_event(last.seq, effective_at=forged.effective_at, hash=forged.hash)
    assert found(changed) == (last.seq, Flaw.UNREADABLE)


def test_an_act_that_the_definition_does_not_have_is_impossible():
    without = {name: action for name, action in DEFINITION.actions.items() if name != "agree"}
    other = replace(DEFINITION, hash="without-agree", actions=without)
    seq = next(event.seq for event in RECORD.events if b'"agree"' in event.payload)

    broken = verify(RECORD, other)

    assert (broken.seq, broken.flaw) == (seq, Flaw.IMPOSSIBLE)


def test_an_act_that_leads_elsewhere_than_the_definition_says_is_impossible():
    """Written anew from there on, every hash and the row fitting: the definition still knows where an act leads."""
    place = next(place for place, event in enumerate(RECORD.events) if b'"agree"' in event.payload)
    forged = decode_event("ActionTaken", SCHEMA_VERSION, RECORD.events[place].payload)
    payload = encode_event(replace(forged, target="archived"))
    head, events = RECORD.events[place].prev_hash, list(RECORD.events[:place])
    for envelope in (replace(RECORD.events[place], payload=payload), *RECORD.events[place + 1 :]):
        events.append(linked(replace(envelope, prev_hash=head)))
        head = events[-1].hash

    broken = verify(replace(RECORD, events=tuple(events), head=head), DEFINITION)

    assert (broken.seq, broken.flaw) == (place + 1, Flaw.IMPOSSIBLE)


def test_a_row_that_says_otherwise_is_named_with_what_differs():
    broken = verify(replace(RECORD, columns={"state": "filed", "version": 99}), DEFINITION)

    assert (broken.seq, broken.flaw, broken.detail) == (RECORD.seq, Flaw.ROW, "state, version")
