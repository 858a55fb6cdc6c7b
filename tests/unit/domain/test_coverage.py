"""Posts that nobody can act from: vacant, or all who hold them away."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.people import ON, away, directory, held
from workflow.domain.coverage import Uncovered, left_uncovered, uncovered

OVER = date(2020, 3, 1)


def told(found):
    return [(one.organ, one.kind, one.why) for one in found]


def test_a_post_is_vacant_or_its_holders_are_away():
    found = directory(
        held("a"),
        held("b", "checker"),
        held("c", "approver", until=OVER),
        held("d", "approver", "ministry"),
        held("e", deputy=True),
        absences=(away("a"), away("b")),
    )

    assert told(uncovered(found, ON)) == [
        ("division", "approver", "vacant"),
        ("division", "checker", "away"),
    ]
    assert told(uncovered(found, OVER)) == []


def test_an_organ_that_holds_nothing_any_more_is_not_told_unless_it_is_wanted():
    found = directory(held("a", until=OVER))

    assert uncovered(found, ON) == ()
    assert told(uncovered(found, ON, [("division", "handler")])) == [("division", "handler", "vacant")]


def test_what_is_still_to_come_is_not_vacant():
    assert uncovered(directory(held("b"), held("a", "checker", since=date(2021, 1, 1))), ON) == ()


def test_an_absence_leaves_its_posts_uncovered_from_the_first_day_without_a_deputy():
    found = directory(
        held("a"),
        held("e", deputy=True),
        held("a", "checker"),
        absences=(away("a", ON, date(2020, 3, 9)), away("e", date(2020, 3, 5), date(2020, 3, 6))),
    )

    assert left_uncovered(found, "a", ON, date(2020, 3, 9)) == (
        Uncovered(organ="division", kind="checker", on=ON, why="away"),
        Uncovered(organ="division", kind="handler", on=date(2020, 3, 5), why="away"),
    )


@given(st.sets(st.sampled_from("abcd"), min_size=1), st.sets(st.sampled_from("abcd")))
def test_a_post_is_covered_exactly_when_somebody_is_there(holders, absent):
    found = directory(
        *(held(person) for person in sorted(holders)),
        absences=tuple(away(person) for person in sorted(absent)),
    )

    assert bool(uncovered(found, ON)) == (holders <= absent)
