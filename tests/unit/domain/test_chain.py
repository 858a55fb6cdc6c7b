"""The chain covers everything, and a commitment tells nothing without its salt."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from workflow.domain import chain
from workflow.domain.envelope import Envelope

NOW = datetime(2026, 9, 21, 1, 0, tzinfo=UTC)
EVENT = Envelope(
    case_id="c",
    seq=2,
    type="ActionTaken",
    schema_version=1,
    recorded_at=NOW,
    effective_at=NOW,
    actor="anna",
    acting_for=None,
    rule="authority.post.handler",
    caused_by=None,
    command_id="k",
    facts={"law": "1", "calendar": "2"},
    payload=b"{}",
    prev_hash=b"\x01" * 32,
    hash=b"",
    alg="sha256",
)
OTHER = {
    "case_id": "d",
    "seq": 3,
    "type": "CaseArchived",
    "schema_version": 2,
    "recorded_at": NOW + timedelta(microseconds=1),
    "effective_at": NOW - timedelta(microseconds=1),
    "actor": "bo",
    "acting_for": "-",
    "rule": "authority.post.checker",
    "caused_by": "c/1",
    "command_id": "l",
    "facts": {"law": "1", "calendar": "3"},
    "payload": b"{ }",
    "prev_hash": b"\x02" * 32,
    "alg": "sm3",
}


@pytest.mark.parametrize("name", [field.name for field in fields(Envelope) if field.name != "hash"])
def test_changing_any_field_changes_the_hash(name):
    assert chain.link(replace(EVENT, **{name: OTHER[name]})) != chain.link(EVENT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"case_id": "c1", "seq": 2}, {"case_id": "c", "seq": 12}),
        ({"type": "Act1", "schema_version": 1}, {"type": "Act", "schema_version": 11}),
        ({"command_id": "k", "facts": {"law": "1"}}, {"command_id": "klaw=1", "facts": {}}),
        ({"payload": b"{}", "prev_hash": b"\x01"}, {"payload": b"{", "prev_hash": b"}\x01"}),
    ],
)
def test_moving_a_letter_from_one_field_to_the_next_changes_the_hash(one, other):
    assert chain.link(replace(EVENT, **one)) != chain.link(replace(EVENT, **other))


def test_the_order_in_which_facts_were_listed_does_not_matter():
    assert chain.link(replace(EVENT, facts={"calendar": "2", "law": "1"})) == chain.link(EVENT)


@pytest.mark.parametrize("moment", [NOW.replace(tzinfo=None), NOW.astimezone().astimezone(tz=None)])
def test_only_utc_instants_are_hashed(moment):
    if moment.utcoffset() == timedelta(0):
        assert chain.instant(moment) == chain.instant(NOW)
    else:
        with pytest.raises(ValueError, match="UTC"):
            chain.instant(moment)


def test_a_commitment_depends_on_salt_field_and_value():
    made = {
        chain.commitment(salt, field, value)
        for salt in (b"a" * 32, b"b" * 32)
        for field in ("form.name", "form.id")
        for value in ("张三", "李四")
    }
    assert len(made) == 8
