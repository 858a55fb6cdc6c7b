"""Small counts are held back, and no reckoning with what is left brings them back."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.figures.suppression import TOTAL, held_back, told, with_totals
from workflow.domain.publication import SMALL


def tables():
    counts = st.one_of(st.just(0), st.integers(1, 6), st.integers(5, 60))
    return st.integers(1, 5).flatmap(
        lambda rows: st.integers(1, 4).flatmap(
            lambda columns: st.lists(counts, min_size=rows * columns, max_size=rows * columns).map(
                lambda given: with_totals(
                    {(f"r{n // columns}", f"c{n % columns}"): count for n, count in enumerate(given)},
                    [f"r{n}" for n in range(rows)],
                    [f"c{n}" for n in range(columns)],
                )
            )
        )
    )


def equations(table):
    """What everybody knows: each line of the table is the sum of its parts."""
    rows = {place[0] for place in table}
    columns = {place[1] for place in table}
    for row in rows:
        yield {(row, c): Fraction(-1 if c == TOTAL else 1) for c in columns}
    for column in columns:
        yield {(r, column): Fraction(-1 if r == TOTAL else 1) for r in rows}


def determined(table, hidden):
    """The hidden cells whose value follows from the equations and what is shown: those that elimination isolates."""
    unknown = sorted(hidden)
    lines = [[eq.get(place, Fraction(0)) for place in unknown] for eq in equations(table)]
    pivot = 0
    for column in range(len(unknown)):
        found = next((n for n in range(pivot, len(lines)) if lines[n][column]), None)
        if found is None:
            continue
        lines[pivot], lines[found] = lines[found], lines[pivot]
        head = lines[pivot][column]
        lines[pivot] = [value / head for value in lines[pivot]]
        for n, line in enumerate(lines):
            if n != pivot and line[column]:
                lines[n] = [a - line[column] * b for a, b in zip(line, lines[pivot], strict=True)]
        pivot += 1
    alone = [line for line in lines if sum(1 for value in line if value) == 1]
    return {unknown[next(n for n, value in enumerate(line) if value)] for line in alone}


@given(tables())
def test_no_subtraction_brings_a_held_back_count_back(table):
    hidden = held_back(table)

    assert {place for place, count in table.items() if 0 < count < SMALL} <= hidden
    # Where everything is held back, there is nothing to reckon with.
    assert hidden == set(table) or determined(table, hidden) == set()


@given(tables())
def test_what_can_be_reckoned_of_a_line_together_is_no_small_count(table):
    shown = told(table)
    for axis in (0, 1):
        for name in {place[axis] for place in table}:
            line = {place[1 - axis]: place for place in table if place[axis] == name}
            total = line.pop(TOTAL)
            rest = sum(table[place] for place in line.values() if shown[place] is None)
            assert shown[total] is None or rest == 0 or rest >= SMALL


def test_a_table_without_small_counts_is_told_whole():
    table = with_totals({("a", "x"): 7, ("a", "y"): 0, ("b", "x"): 12, ("b", "y"): 5}, ["a", "b"], ["x", "y"])

    assert told(table) == table


def test_a_small_count_takes_the_smallest_cells_beside_it_with_it():
    table = with_totals(
        {("a", "x"): 3, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40, ("c", "x"): 50, ("c", "y"): 60},
        ["a", "b", "c"],
        ["x", "y"],
    )

    shown = told(table)

    assert {place for place, count in shown.items() if count is None} == {
        ("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"),
    }  # fmt: skip
