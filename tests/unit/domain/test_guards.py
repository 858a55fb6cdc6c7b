"""The conditions of the law that look at an act's own words: what has to be written is written, not only there."""

from __future__ import annotations

import pytest

from workflow.domain.guards import GUARDS
from workflow.domain.scene import Intent
from workflow.testing.sample import at

WRITTEN = [("reasons_given", "reasons"), ("remedies_known", "remedies"), ("hearing_record_given", "record")]


def satisfied(guard, **fields):
    """Whether a guard that asks nothing of the case is satisfied with these fields."""
    holds, _ = GUARDS[guard]
    return holds(None, Intent(action="refuse", fields=fields, at=at("2026-09-07")))


@pytest.mark.parametrize(("guard", "field"), WRITTEN)
def test_what_the_law_wants_in_writing_is_not_left_blank(guard, field):
    assert satisfied(guard, **{field: "申请人不具备规定条件"})
    assert not satisfied(guard)
    for blank in ("", "  \n", "　", None, True, ["申请人不具备规定条件"]):
        assert not satisfied(guard, **{field: blank}), repr(blank)


@pytest.mark.parametrize(
    ("inspectors", "enough"),
    [
        (("anna", "bo"), True),
        (("anna", "bo", "chen"), True),
        (("anna",), False),
        (("anna", "anna"), False),
        ((), False),
    ],
)
def test_two_different_persons_verify_on_site(inspectors, enough):
    assert satisfied("two_inspectors", inspectors=inspectors) is enough
    assert not satisfied("two_inspectors", inspectors="anna, bo"), "a sentence is no list of persons"
