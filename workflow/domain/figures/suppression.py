"""Holding back small counts (小数值隐匿) in a table with totals, so that no subtraction brings them back.

A count from 1 to 4 would point at persons, so it is not told. Its row and its column have totals, so others must go with
it: read each cell that is held back as an edge between its row and its column; a cell can be reckoned from the totals
exactly when its edge is a bridge of that graph. Cells are added, the smallest first, until there is no bridge, and until
what can be reckoned of the hidden cells of one line together is no small count either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from workflow.domain.publication import SMALL

TOTAL: Final = "total"
"""The row and the column of the sums."""

Place: TypeAlias = tuple[str, str]
Node: TypeAlias = tuple[str, str]


def with_totals(cells: Mapping[Place, int], rows: Sequence[str], columns: Sequence[str]) -> dict[Place, int]:
    """The table with the sums of its rows and columns, and of all."""
    table = {(row, column): cells.get((row, column), 0) for row in rows for column in columns}
    for row in rows:
        table[row, TOTAL] = sum(table[row, column] for column in columns)
    for column in (*columns, TOTAL):
        table[TOTAL, column] = sum(table[row, column] for row in rows)
    return table


def held_back(table: Mapping[Place, int]) -> frozenset[Place]:
    """The cells of a table with totals that are not told."""
    hidden = {place for place, count in table.items() if 0 < count < SMALL}
    while exposed := next(_exposed(table, hidden), None):
        others = [place for place in exposed if place not in hidden]
        if not others:
            return frozenset(table)
        hidden.add(min(others, key=lambda place: _cost(table, hidden, place)))
    return frozenset(hidden)


def _cost(
    table: Mapping[Place, int], hidden: set[Place], place: Place
) -> tuple[bool, bool, bool, int, Place]:
    """What it costs to hold back one more: best is a count inside the table, that closes a circle, and a small one."""
    closes = any(place[0] == row for row, _ in hidden) and any(place[1] == column for _, column in hidden)
    return table[place] == 0, TOTAL in place, not closes, table[place], place


def told(table: Mapping[Place, int]) -> dict[Place, int | None]:
    """The table as it may be published: None for what is held back."""
    hidden = held_back(table)
    return {place: None if place in hidden else count for place, count in table.items()}


def _exposed(table: Mapping[Place, int], hidden: set[Place]) -> Iterator[list[Place]]:
    """Cells of which one more is to be held back, for each cell, or line, that could be reckoned."""
    bridges = sorted(_bridges(hidden))
    for axis in (0, 1):
        for place in bridges:
            if sum(other[axis] == place[axis] for other in hidden) == 1:
                yield _line(table, axis, place[axis])
    for row, column in bridges:
        yield _line(table, 0, row) + _line(table, 1, column)
    for axis in (0, 1):
        for name in sorted({place[axis] for place in hidden}):
            line = _line(table, axis, name)
            parts = [place for place in line if place[1 - axis] != TOTAL]
            total = next(place for place in line if place[1 - axis] == TOTAL)
            rest = sum(table[place] for place in parts if place in hidden)
            if total not in hidden and 0 < rest < SMALL:
                yield parts if any(table[place] for place in parts if place not in hidden) else [total]


def _line(table: Mapping[Place, int], axis: int, name: str) -> list[Place]:
    return [place for place in table if place[axis] == name]


def _bridges(hidden: set[Place]) -> set[Place]:
    """The edges without which their graph falls into more pieces: those that lie on no cycle."""
    graph: dict[Node, list[Node]] = {}
    for row, column in hidden:
        graph.setdefault(("row", row), []).append(("column", column))
        graph.setdefault(("column", column), []).append(("row", row))
    found: set[Place] = set()
    entered: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    for root in sorted(graph):
        if root in entered:
            continue
        # Depth first, without recursion: a table may have many rows.
        stack: list[tuple[Node, Node | None, Iterator[Node]]] = [(root, None, iter(graph[root]))]
        entered[root] = lowest[root] = len(entered)
        while stack:
            node, parent, ahead = stack[-1]
            step = next(ahead, None)
            if step is None:
                stack.pop()
                if parent is not None:
                    lowest[parent] = min(lowest[parent], lowest[node])
                    if lowest[node] > entered[parent]:
                        found.add(_edge(parent, node))
            elif step not in entered:
                entered[step] = lowest[step] = len(entered)
                stack.append((step, node, iter(graph[step])))
            elif step != parent:
                lowest[node] = min(lowest[node], entered[step])
    return found


def _edge(one: Node, other: Node) -> Place:
    return (one[1], other[1]) if one[0] == "row" else (other[1], one[1])
