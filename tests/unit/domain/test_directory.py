"""The directory: who holds a post, who stands in, who heads an organ, and who has left."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.people import ON, away, directory, held, organ
from workflow.domain.directory import Absence, Directory, Holding


def test_the_responsible_come_before_the_deputies_and_the_longest_held_first():
    found = directory(
        held("d", deputy=True, since=date(2001, 1, 1)),
        held("b", since=date(2010, 1, 1)),
        held("a", since=date(2005, 1, 1)),
    )

    assert found.holders("division", "handler", ON) == ("a", "b", "d")
    assert found.principals("division", "handler", ON) == ("a", "b")
    assert found.deputies("division", "handler", ON) == ("d",)
    assert [one.person for one in found.held("division", "handler", ON)] == ["a", "b", "d"]


def test_a_holding_for_some_matters_covers_no_other():
    found = directory(held("a", matters=("m1", "m2")), held("b"))

    assert found.holders("division", "handler", ON, "m1") == ("a", "b")
    assert found.holders("division", "handler", ON, "m3") == ("b",)
    assert found.holders("division", "handler", ON) == ("a", "b")


@pytest.mark.parametrize(
    ("on", "present"),
    [
        (date(2020, 3, 1), ("a", "d")),
        (ON, ("d",)),
        (date(2020, 3, 4), ("d",)),
        (date(2020, 3, 5), ("a", "d")),
    ],
)
def test_an_absence_covers_both_its_ends(on, present):
    found = directory(held("a"), held("d", deputy=True), absences=(away("a", ON, date(2020, 3, 4)),))

    assert found.present("division", "handler", on) == present
    assert found.absent("a", on) is ("a" not in present)


def test_an_organ_is_headed_by_its_head_then_the_deputy_then_from_above():
    heads = (
        held("a", "head"),
        held("b", "head", deputy=True),
        held("c", "head", "ministry"),
    )

    assert directory(*heads).head_of("division", ON) == "a"
    assert directory(*heads, absences=(away("a"),)).head_of("division", ON) == "b"
    assert directory(*heads, absences=(away("a"), away("b"))).head_of("division", ON) == "c"
    assert directory(*heads, absences=(away("a"), away("b"), away("c"))).head_of("division", ON) is None
    assert directory(*heads).head_of("department", ON) == "c"
    assert directory(*heads).head_of("nowhere", ON) is None


def test_the_way_up_ends_where_organs_go_in_a_circle():
    circle = Directory(
        version="1",
        organs={
            "x": organ("x", "y"),
            "y": organ("y", "z"),
            "z": organ("z", "y"),
            "self": organ("self", "self"),
        },
        persons={},
        holdings=(),
    )

    assert circle.superiors("x") == ("y", "z")
    assert circle.superiors("self") == ()
    assert circle.organ_above("x", "ministry") is None


def test_the_administrators_are_found_at_whatever_organ_on_the_day():
    found = directory(
        held("a", "system_administrator", "ministry"),
        held("b", "security_administrator", "department"),
        held("c", "audit_administrator", until=date(2020, 1, 1)),
    )

    assert found.administrators("system", ON) == ("a",)
    assert found.administrators("security", ON) == ("b",)
    assert found.administrators("audit", ON) == ()
    assert found.administrators("audit", date(2020, 1, 1)) == ("c",)


def test_a_leaver_held_something_and_holds_nothing_any_more():
    over = date(2020, 3, 1)
    found = directory(
        held("a", until=over), held("b", until=over), held("b", "checker"), held("c", since=date(2021, 1, 1))
    )

    assert found.left("a", ON)
    assert not found.left("a", over)
    assert not found.left("b", ON)
    assert not found.left("c", ON)
    assert not found.left("f", ON)


days = st.dates(min_value=date(2019, 1, 1), max_value=date(2021, 12, 31))
holdings = st.builds(
    Holding,
    person=st.sampled_from("abcdef"),
    kind=st.sampled_from(["handler", "checker", "head"]),
    organ=st.sampled_from(["ministry", "department", "division"]),
    since=days,
    until=st.none() | days,
    deputy=st.booleans(),
    matters=st.lists(st.sampled_from(["m1", "m2"]), unique=True, max_size=2).map(tuple),
)
absences = st.builds(Absence, person=st.sampled_from("abcdef"), since=days, until=days)


@given(st.lists(holdings, max_size=8), st.lists(absences, max_size=4), days)
def test_the_indexes_say_what_reading_every_row_would_say(rows, leaves, on):
    found = directory(*rows, absences=tuple(leaves))

    for person in "abcdef":
        assert found.posts_of(person, on) == tuple(r for r in rows if r.person == person and r.in_force(on))
        assert found.absent(person, on) == any(
            a.person == person and a.since <= on <= a.until for a in leaves
        )
    for code in ("ministry", "department", "division"):
        expected = {r.person for r in rows if (r.organ, r.kind) == (code, "checker") and r.in_force(on)}
        assert set(found.holders(code, "checker", on)) == expected
        assert set(found.present(code, "checker", on)) == {p for p in expected if not found.absent(p, on)}


@given(st.lists(holdings, max_size=8), st.lists(absences, max_size=4), absences, days)
def test_a_further_absence_makes_nobody_present(rows, leaves, further, on):
    before = directory(*rows, absences=tuple(leaves))
    after = directory(*rows, absences=(*leaves, further))

    for code in ("ministry", "department", "division"):
        for kind in ("handler", "checker", "head"):
            assert set(after.present(code, kind, on)) <= set(before.present(code, kind, on))
