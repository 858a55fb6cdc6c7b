"""A round of countersigning (会签) as a value, and whose turn it is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workflow.domain.values import replace

ALL, ANY, RATIO, SEQUENTIAL, WEIGHTED = "all", "any", "ratio", "sequential", "weighted"
MODES: Final = (ALL, ANY, RATIO, SEQUENTIAL, WEIGHTED)
"""会签（全部同意）, 或签, 比例会签, 顺序会签, 票签."""

AGREE, DISAGREE, ABSTAIN = "agree", "disagree", "abstain"
VOTES: Final = (AGREE, DISAGREE, ABSTAIN)

AGREED, REJECTED, VOID = "agreed", "rejected", "void"

BEFORE, AFTER, PARALLEL = "before", "after", "parallel"
POSITIONS: Final = (BEFORE, AFTER, PARALLEL)
"""前加签, 后加签, 并加签."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who is asked: a person, or a post as `organ:kind`; `by` is the person who signed, who may be a deputy."""

    name: str
    since: datetime
    weight: int = 1
    waits_for: tuple[str, ...] = ()
    added_by: str | None = None
    vote: str | None = None
    by: str | None = None

    @property
    def place(self) -> tuple[str, str] | None:
        """Organ and kind of the post that is asked, None for a person."""
        organ, colon, kind = self.name.partition(":")
        return (organ, kind) if colon else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round; `outcome` is None while it is open. `lapsed`: the case came back to where it was asked, so that what was
    signed then counts no longer.
    """

    number: int
    state: str
    question: str
    mode: str
    signers: tuple[Signer, ...]
    numerator: int
    denominator: int
    over: bool = False
    quorum: int = 0
    veto: bool = False
    outcome: str | None = None
    lapsed: bool = False

    @property
    def open(self) -> bool:
        """Whether signatures are still awaited."""
        return self.outcome is None

    def signer(self, name: str) -> Signer | None:
        """The signer of that name."""
        return next((one for one in self.signers if one.name == name), None)

    def unsigned(self) -> tuple[Signer, ...]:
        """Those who have not signed."""
        return tuple(one for one in self.signers if one.vote is None)

    def ahead_of(self, signer: Signer) -> tuple[str, ...]:
        """Who must sign before this signer may."""
        return tuple(one.name for one in self.unsigned() if one.name in signer.waits_for)

    def signed_by(self, person: str) -> bool:
        """Whether `person` has signed in this round, for himself or another."""
        return any(one.by == person for one in self.signers if one.vote is not None)

    def weight(self, vote: str | None) -> int:
        """The weight of all who voted so; None: of those who have not signed."""
        return sum(one.weight for one in self.signers if one.vote == vote)


def with_added(asked: Round, added: Signer, position: str, beside: str | None) -> Round:
    """The round with one signer more. Before: `beside` waits for him; after: he waits for `beside`; parallel: he waits for
    whom `beside` waits for. In a sequence those who waited for `beside` wait for him too. Without `beside` he comes last.
    """
    signers = asked.signers
    neighbour = asked.signer(beside) if beside is not None else None
    if neighbour is None:
        waits = tuple(one.name for one in signers) if asked.mode == SEQUENTIAL else ()
        return replace(asked, signers=(*signers, replace(added, waits_for=waits)))
    if position == BEFORE:
        added = replace(added, waits_for=neighbour.waits_for)
        changed = {neighbour.name: replace(neighbour, waits_for=(added.name,))}
    else:
        waits = (neighbour.name,) if position == AFTER else neighbour.waits_for
        added, changed = replace(added, waits_for=waits), {}
        if asked.mode == SEQUENTIAL:
            changed = {
                one.name: replace(one, waits_for=(*one.waits_for, added.name))
                for one in signers
                if neighbour.name in one.waits_for
            }
    at = signers.index(neighbour) + (0 if position == BEFORE else 1)
    moved = [changed.get(one.name, one) for one in signers]
    return replace(asked, signers=(*moved[:at], added, *moved[at:]))


def without(asked: Round, name: str) -> Round:
    """The round without a signer; whoever waited for him waits for whom he waited for."""
    gone = asked.signer(name)
    if gone is None:
        return asked
    kept = []
    for one in asked.signers:
        if one.name == name:
            continue
        if name in one.waits_for:
            waits = (w for w in (*one.waits_for, *gone.waits_for) if w != name)
            kept.append(replace(one, waits_for=tuple(dict.fromkeys(waits))))
        else:
            kept.append(one)
    return replace(asked, signers=tuple(kept))


def struck(asked: Round, name: str) -> Round:
    """The round with that signer's vote struck out: he, or another for him, may sign again."""
    signers = tuple(replace(one, vote=None, by=None) if one.name == name else one for one in asked.signers)
    return replace(asked, signers=signers)
