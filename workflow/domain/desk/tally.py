"""What a round of signatures comes to. Whole numbers only: a share is two of them, compared by multiplying across.

An outcome is certain when it is the same whether all who have not signed agree or all of them disagree: no vote that
agrees ever helps to reject, so every other way to sign lies between these two. Hence a round that ends early ends as it
would have ended with every vote, and apart from whose turn it is the order of votes does not matter.
"""

from __future__ import annotations

from workflow.domain.desk.signing_state import (
    AGREE,
    AGREED,
    ALL,
    ANY,
    DISAGREE,
    REJECTED,
    SEQUENTIAL,
    Round,
)
from workflow.domain.values import replace


def reached(part: int, whole: int, numerator: int, denominator: int, *, over: bool) -> bool:
    """Whether `part` of `whole` is at least, or with `over` more than, `numerator`/`denominator` of it."""
    mine, needed = part * denominator, numerator * whole
    return mine > needed if over else mine >= needed


def outcome(asked: Round) -> str:
    """The outcome when whoever has not signed counts as not agreeing.

    All and sequential: somebody agrees and nobody disagrees. Any: somebody agrees. Ratio and weighted: those who agree are
    the share asked for, of all signers; an abstention is a voice that does not agree. With `veto` one disagreement rejects.
    """
    agree, disagree = asked.weight(AGREE), asked.weight(DISAGREE)
    if asked.veto and disagree:
        return REJECTED
    if asked.mode in (ALL, SEQUENTIAL):
        return AGREED if agree and not disagree else REJECTED
    if asked.mode == ANY:
        return AGREED if agree else REJECTED
    whole = sum(one.weight for one in asked.signers)
    good = reached(agree, whole, asked.numerator, asked.denominator, over=asked.over)
    return AGREED if good and agree else REJECTED


def certain(asked: Round) -> str | None:
    """The outcome that no further signature can change, once as many have signed as must; None while it is open."""
    if not asked.signers or len(asked.signers) - len(asked.unsigned()) < asked.quorum:
        return None
    best, worst = outcome(_all_vote(asked, AGREE)), outcome(_all_vote(asked, DISAGREE))
    return best if best == worst else None


def _all_vote(asked: Round, vote: str) -> Round:
    signers = (one if one.vote is not None else replace(one, vote=vote) for one in asked.signers)
    return replace(asked, signers=tuple(signers))
