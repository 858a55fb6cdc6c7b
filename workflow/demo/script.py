"""What a script is made of: turns that people take at states, and fates that change some of them for some cases.

A *turn* is one act and how long it lies before it, in office slots (four in a working day). A case that has no turn
of its own in a state follows the plain one. All of it is data; who acts and what is written stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, TypeAlias

from workflow.demo.hours import PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One act: `action` after at least `wait[0]` and at most `wait[1]` slots since the case came or the turn before.

    `by` names the post when it is not the state's own; `together` makes all cases of one letter wait alike; `morning`
    leaves the act to the first slot of a day, as people do who are not in the office for it.
    """

    action: str
    wait: tuple[int, int]
    by: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    together: bool = False
    morning: bool = False


Visit: TypeAlias = tuple[Turn, ...]
"""The turns of one stay in a state, one after another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of a case: of `out_of` cases of its matter `count` have it. `turns` gives, for a state, the first
    stays in it in order; a stay beyond them is a plain one. `lacks` materials are not handed in at first.
    """

    count: int
    turns: Mapping[str, tuple[Visit, ...]] = field(default_factory=dict)
    lacks: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The plain course of a matter, the fates of `cases` cases, and how many cases a letter of it holds, at least and
    at most. `prefix` begins the keys of its filings.
    """

    matter: str
    prefix: str
    cases: int
    plain: Mapping[str, Visit]
    fates: Mapping[str, Fate]
    letter: tuple[int, int]

    def visit(self, fate: str, state: str, stay: int) -> Visit:
        """The turns of the `stay`th stay (from 0) in a state; none when nobody has to act there."""
        own = self.fates[fate].turns.get(state, ()) if fate != PLAIN else ()
        return own[stay] if stay < len(own) else self.plain.get(state, ())

    def lacks(self, fate: str) -> tuple[int, int]:
        """How many required materials a case of that fate comes without, at least and at most."""
        return self.fates[fate].lacks if fate != PLAIN else (0, 0)


PLAIN: Final = "plain"
"""The fate of every case that has no other."""


def days(first: int, last: int) -> tuple[int, int]:
    """A wait of working days, from the first slot of the first day to the last of the last."""
    return first * PER_DAY, last * PER_DAY + PER_DAY - 1


def allot(script: Script, total: int, seed: str) -> list[str]:
    """The fates of `total` cases in filing order; the same seed allots alike.

    Each fate gets its share, a frequent one a fifth more or less, and what is left of a case is decided by lot, so that
    fifty cases too have a hearing now and then.
    """
    fates: list[str] = []
    for name, fate in script.fates.items():
        rng = Random(f"{seed}/{script.matter}/{name}")
        share = fate.count * total / script.cases
        if share >= _FREQUENT:
            share *= rng.uniform(0.8, 1.2)
        whole = int(share)
        fates += [name] * (whole + (rng.random() < share - whole))
    Random(f"{seed}/{script.matter}/kept").shuffle(fates)
    fates = fates[:total] + [PLAIN] * (total - len(fates))
    Random(f"{seed}/{script.matter}/dealt").shuffle(fates)
    return fates


_FREQUENT: Final = 2.5
"""Cases from which on a fate's number varies with the seed; rarer ones are what a demonstration is there to show."""
