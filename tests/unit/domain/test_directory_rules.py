"""A sound directory: each breach is told at the entry that makes it, and under its rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.people import away, directory, held, organ
from workflow.domain.directory_rules import ADMINISTRATORS, faults_of

THREE = tuple(held(person, kind) for person, kind in zip("abc", ADMINISTRATORS, strict=True))


def broken(found):
    return [
        (fault.rule.removeprefix("directory."), fault.part, fault.entry, fault.column)
        for fault in faults_of(found)
    ]


def test_three_administrators_a_supervisor_and_a_desk_are_sound():
    assert broken(directory(*THREE, held("d", "supervisor"), held("e"), held("f", deputy=True))) == []


@pytest.mark.parametrize(("one", "other"), list(permutations(ADMINISTRATORS, 2)))
def test_two_of_the_administrators_are_never_one_person(one, other):
    found = directory(held("a", one), held("a", other))

    assert broken(found) == [("administrators_differ", "posts", 1, "kind")]


@pytest.mark.parametrize("kind", ADMINISTRATORS)
@pytest.mark.parametrize("post", ["handler", "approver", "head", "auditor", "supervisor"])
def test_an_administrator_holds_no_post_on_cases(kind, post):
    assert broken(directory(held("a", post), held("a", kind))) == [
        ("administrators_off_cases", "posts", 1, "kind")
    ]


def test_what_was_held_before_is_no_clash():
    found = directory(
        held("a", until=date(2019, 12, 31)), held("a", "system_administrator", since=date(2020, 1, 1))
    )

    assert broken(found) == []


def test_who_supervises_decides_nothing_but_may_audit():
    assert broken(directory(held("a", "supervisor"), held("a", "auditor"))) == []
    assert broken(directory(held("a", "supervisor"), held("a", "approver", "ministry"))) == [
        ("supervisor_decides_nothing", "posts", 1, "kind")
    ]


def test_a_deputy_stands_in_for_somebody():
    assert broken(directory(held("a", deputy=True))) == [("deputy_of_somebody", "posts", 0, "deputy")]
    # A post that fell vacant is what a deputy is for.
    assert broken(directory(held("a", deputy=True), held("b", until=date(2019, 2, 1)))) == []


def test_organs_form_a_tree():
    found = directory()
    circle = {"x": organ("x", "y"), "y": organ("y", "x"), "z": organ("z", "x"), "lost": organ("lost", "gone")}

    assert broken(replace(found, organs=circle)) == [
        ("no_cycle", "organs", "x", "parent"),
        ("no_cycle", "organs", "y", "parent"),
        ("known_organ", "organs", "lost", "parent"),
    ]


def test_every_entry_names_what_there_is_and_days_in_order():
    found = directory(
        held("nobody", organ="nowhere", until=date(2000, 1, 1)),
        absences=(away("nobody"), away("a", date(2020, 1, 2), date(2020, 1, 1))),
    )

    assert broken(found) == [
        ("known_organ", "posts", 0, "organ"),
        ("known_person", "posts", 0, "person"),
        ("dates_in_order", "posts", 0, "until"),
        ("known_person", "absences", 0, "person"),
        ("dates_in_order", "absences", 1, "until"),
    ]


def test_the_same_post_is_held_once_at_a_time():
    assert broken(directory(held("a"), held("a", deputy=True))) == [("held_once", "posts", 1, "kind")]
    assert broken(directory(held("a", matters=("m1",)), held("a", matters=("m2",)))) == []
    assert broken(directory(held("a", matters=("m1",)), held("a"))) == [("held_once", "posts", 1, "kind")]
    assert broken(directory(held("a", until=date(2019, 5, 1)), held("a", since=date(2019, 5, 2)))) == []
    assert broken(directory(absences=(away("a"), away("a")))) == [("absent_once", "absences", 1, "person")]


@given(st.permutations(THREE), st.sampled_from("abc"), st.sampled_from(["handler", "checker", "head"]))
def test_no_order_of_rows_hides_an_administrator_at_a_desk(rows, person, kind):
    found = directory(*rows[:1], held(person, kind), *rows[1:])

    assert [rule for rule, *_ in broken(found)] == ["administrators_off_cases"]


def test_an_individual_is_one_person():
    alone = replace(organ("wen-dao"), kind="persons")
    found = directory(
        held("a", "citizen", "wen-dao"), held("a", "filer", "wen-dao"), held("b", "citizen", "wen-dao")
    )
    found = replace(found, organs={**found.organs, "wen-dao": alone})

    assert broken(found) == [("one_person", "posts", 2, "person")]
