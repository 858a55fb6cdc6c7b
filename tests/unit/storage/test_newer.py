"""What a newer program has written is left to it; what nobody can read is broken."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workflow.domain.evolve import evolve
from workflow.errors import NeedsNewerProgram, RecordBroken
from workflow.storage.codec import decode_case, decode_event, encode_case
from workflow.testing.steps import filing

CASE = evolve(None, filing(datetime(2026, 9, 7, tzinfo=UTC)), case_id="a", actor="ella")


def test_a_case_that_says_it_needs_a_newer_program_is_left_to_it():
    body = encode_case(CASE)
    assert decode_case(body) == CASE

    newer = body.replace('"reader":1', '"reader":2')
    assert newer != body
    with pytest.raises(NeedsNewerProgram, match="schema 2"):
        decode_case(newer, "a")
    for broken in (
        "{}",
        "[]",
        body.replace('"reader":1', '"reader":0'),
        body.replace('"reader":1', '"reader":"2"'),
    ):
        with pytest.raises(RecordBroken):
            decode_case(broken, "a")


def test_an_event_of_a_newer_schema_is_left_to_a_newer_program():
    with pytest.raises(NeedsNewerProgram):
        decode_event("SomethingNew", 2, b"{}")
    with pytest.raises(ValueError, match="not known"):
        decode_event("SomethingNew", 1, b"{}")
    with pytest.raises(ValueError, match="not known"):
        decode_event("CaseArchived", 0, b"{}")
