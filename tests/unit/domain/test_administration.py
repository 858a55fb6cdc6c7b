"""What the three administrators may do, and who may record an absence; whom nothing allows is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.people import ON, away, directory, held
from workflow.domain.administration import (
    UNAPPOINTED,
    appointed,
    may_administer,
    may_record_absence,
    missing_duties,
)
from workflow.domain.authority import Allowed
from workflow.domain.directory import DUTIES
from workflow.domain.directory_rules import ADMINISTRATORS

THREE = tuple(held(person, kind) for person, kind in zip("abc", ADMINISTRATORS, strict=True))
DESK = (held("d"), held("e", "head"))


@pytest.mark.parametrize("duty", DUTIES)
@pytest.mark.parametrize("actor", [*"abcdef", "nobody"])
def test_each_duty_is_for_its_own_administrator_alone(duty, actor):
    answer = may_administer(actor, duty, directory(*THREE, *DESK), ON)

    if actor == dict(zip(DUTIES, "abc", strict=True))[duty]:
        assert answer == Allowed(post=f"{duty}_administrator", rule=f"administration.{duty}")
    else:
        expected = "unknown_person" if actor == "nobody" else f"not_{duty}_administrator"
        assert answer.error.code == expected


def test_where_none_is_named_anybody_of_the_directory_may_and_the_rule_says_so():
    bare = directory(*DESK)

    assert not appointed(bare, ON)
    assert may_administer("d", "system", bare, ON).rule == UNAPPOINTED
    assert may_administer("nobody", "system", bare, ON).error.code == "unknown_person"


def test_one_administrator_named_leaves_the_other_duties_to_nobody():
    lone = directory(THREE[0], *DESK)

    assert missing_duties(lone, ON) == ("security", "audit")
    assert may_administer("d", "security", lone, ON).error.code == "not_security_administrator"


def test_a_duty_ends_with_its_holding():
    past = directory(held("a", ADMINISTRATORS[0], until=date(2020, 3, 1)), *THREE[1:])

    assert isinstance(may_administer("a", "system", past, date(2020, 3, 1)), Allowed)
    assert may_administer("a", "system", past, ON).error.code == "not_system_administrator"


@pytest.mark.parametrize(
    ("actor", "rule"), [("d", "absence.own"), ("e", "absence.head"), ("a", "absence.system")]
)
def test_absences_are_recorded_by_oneself_the_head_or_the_system_administrator(actor, rule):
    assert may_record_absence(actor, "d", directory(*THREE, *DESK), ON).rule == rule


@pytest.mark.parametrize("actor", ["b", "c", "f"])
def test_by_nobody_else(actor):
    assert may_record_absence(actor, "d", directory(*THREE, *DESK), ON).error.code == "may_not_record_absence"


def test_who_stands_in_for_the_head_may_while_the_head_is_away():
    heads = (held("d"), held("e", "head"), held("f", "head", deputy=True))

    assert may_record_absence("f", "d", directory(*heads), ON).error.code == "may_not_record_absence"
    assert may_record_absence("f", "d", directory(*heads, absences=(away("e"),)), ON).rule == "absence.head"


@given(st.sets(st.sampled_from([*THREE, *DESK])), st.sampled_from([*THREE, *DESK]), st.sampled_from("abcdef"))
def test_a_post_that_is_taken_away_never_allows_more(holdings, gone, actor):
    """As long as an administrator is left: a directory that names none is open, and says so."""
    before, after = directory(*holdings), directory(*(holdings - {gone}))

    for duty in DUTIES:
        if appointed(after, ON) and isinstance(may_administer(actor, duty, after, ON), Allowed):
            assert isinstance(may_administer(actor, duty, before, ON), Allowed)
