"""Tracks beside the cards, in which lines run up and down: lines to the same step share one, no two others overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_CLEAR: Final = 6
"""Units between the ends of two lines in one track."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """The lines that lead to one step on one side: where each leaves (`ys`), and where they arrive together."""

    target: str
    ys: tuple[int, ...]
    arrives: int

    @property
    def top(self) -> int:
        return min(*self.ys, self.arrives)

    @property
    def bottom(self) -> int:
        return max(*self.ys, self.arrives)


def slots(nets: Iterable[Net]) -> dict[str, int]:
    """The track of each net by its target, counted from the cards outwards; short lines run inside, so that what leaves
    for the outer tracks crosses as little as can be.
    """
    placed: list[tuple[Net, int]] = []
    for net in sorted(nets, key=lambda each: (each.bottom - each.top, each.top, each.target)):
        taken = {slot for other, slot in placed if _meet(net, other)}
        placed.append((net, next(slot for slot in range(len(placed) + 1) if slot not in taken)))
    return {net.target: slot for net, slot in placed}


def _meet(one: Net, other: Net) -> bool:
    return one.top - _CLEAR < other.bottom and other.top - _CLEAR < one.bottom
