"""Samples: repeatable, of the size that was asked for, each stratum with its part, and drawn by those who may."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.accountability.sampling import Member, allotted, drawn, lot, may_sample, root_of
from workflow.domain.authority import Allowed, Refused
from workflow.domain.directory import Directory, Holding, Organ, Person

CASES = tuple(Member(case_id=f"c{n:03}", no=f"A-{n}", stratum="ab"[n % 3 == 0]) for n in range(60))
SIZES = st.dictionaries(st.text(max_size=3), st.integers(min_value=0, max_value=500), max_size=8)


def test_the_same_seed_draws_the_same_cases_in_whatever_order_they_come():
    assert drawn(CASES, 10, "seed") == drawn(CASES[::-1], 10, "seed")
    assert drawn(CASES, 10, "seed") != drawn(CASES, 10, "another")


def test_anybody_can_draw_it_again_by_hand():
    plain = [Member(case_id=one.case_id, no=one.no) for one in CASES]

    wanted = sorted(plain, key=lambda one: lot("2026", one.case_id))[:7]

    assert drawn(plain, 7, "2026") == tuple(wanted)


def test_a_stratum_gets_its_part():
    found = drawn(CASES, 12, "seed")

    assert [one.stratum for one in found].count("b") == 4


def test_no_more_than_there_are():
    assert len(drawn(CASES, 1000, "seed")) == len(CASES)
    assert drawn((), 5, "seed") == ()


@given(SIZES, st.integers(min_value=1, max_value=1000))
def test_the_parts_add_up_and_none_is_more_than_there_is(sizes, size):
    parts = allotted(sizes, size)

    assert sum(parts.values()) == min(size, sum(sizes.values()))
    assert all(0 <= parts[name] <= sizes[name] for name in sizes)


def test_another_population_has_another_root():
    assert root_of(CASES) == root_of(CASES[::-1])
    assert root_of(CASES) != root_of(CASES[1:])
    assert root_of(CASES) != root_of([*CASES[:-1], Member(case_id="c059", no="A-59", stratum="x")])


DIRECTORY = Directory(
    version="1",
    organs={"bureau": Organ(code="bureau", names={}, kind="bureau")},
    persons={code: Person(code=code, name=code) for code in ("tie", "lu")},
    holdings=(
        Holding(person="tie", organ="bureau", kind="auditor", since=date(2026, 1, 1)),
        Holding(person="lu", organ="bureau", kind="clerk", since=date(2026, 1, 1)),
    ),
)


@pytest.mark.parametrize(
    ("person", "rule"), [("tie", "sampling.auditor"), ("lu", "sampling"), ("nobody", "sampling.known_person")]
)
def test_who_may_draw(person, rule):
    answer = may_sample(person, DIRECTORY, date(2026, 9, 1))

    assert answer.rule == rule
    assert isinstance(answer, Allowed if person == "tie" else Refused)
