"""What a round comes to, for every way to sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.desk.signing_state import (
    MODES,
    VOTES,
    Round,
    Signer,
    struck,
    with_added,
    without,
)
from workflow.domain.desk.tally import certain, outcome, reached

SINCE = datetime(2026, 9, 23, tzinfo=UTC)


def asked(mode, votes, *, weights=None, numerator=1, denominator=1, over=False, quorum=0, veto=False):
    signers = tuple(
        Signer(name=f"s{n}", since=SINCE, vote=vote, weight=weights[n] if weights else 1)
        for n, vote in enumerate(votes)
    )
    return Round(
        number=1,
        state="review",
        question="?",
        mode=mode,
        signers=signers,
        numerator=numerator,
        denominator=denominator,
        over=over,
        quorum=quorum,
        veto=veto,
    )


@st.composite
def rounds(draw, modes=MODES):
    """A round in which everybody has voted."""
    votes = draw(st.lists(st.sampled_from(VOTES), min_size=1, max_size=8))
    mode = draw(st.sampled_from(modes))
    weights = draw(st.lists(st.integers(1, 9), min_size=len(votes), max_size=len(votes)))
    denominator = draw(st.integers(1, 9))
    return asked(
        mode,
        votes,
        weights=weights if mode == "weighted" else None,
        numerator=draw(st.integers(1, denominator)),
        denominator=denominator,
        over=draw(st.booleans()),
        quorum=draw(st.integers(0, len(votes))),
        veto=draw(st.booleans()),
    )


def played(full, order):
    """The outcome when the votes come in that order and the round ends as soon as it is certain; and after how many."""
    now = replace(full, signers=tuple(replace(one, vote=None) for one in full.signers))
    for count, place in enumerate(order):
        signers = list(now.signers)
        signers[place] = full.signers[place]
        now = replace(now, signers=tuple(signers))
        if (found := certain(now)) is not None:
            return found, count + 1
    raise AssertionError("a round that everybody has signed has an outcome")


@given(rounds(), st.randoms(use_true_random=False))
def test_the_early_end_is_the_end_with_all_votes_in_whatever_order(full, chance):
    order = list(range(len(full.signers)))
    chance.shuffle(order)
    assert played(full, order)[0] == outcome(full)


@given(rounds(), st.data())
def test_a_vote_that_turns_to_agree_never_turns_agreed_into_rejected(full, data):
    place = data.draw(st.integers(0, len(full.signers) - 1))
    better = list(full.signers)
    better[place] = replace(better[place], vote="agree")
    if outcome(full) == "agreed":
        assert outcome(replace(full, signers=tuple(better))) == "agreed"


@given(rounds(), st.integers(1, 9))
def test_one_more_who_agrees_never_turns_agreed_into_rejected(full, weight):
    more = Signer(name="more", since=SINCE, vote="agree", weight=weight if full.mode == "weighted" else 1)
    if outcome(full) == "agreed":
        assert outcome(replace(full, signers=(*full.signers, more))) == "agreed"


@given(rounds(), st.integers(2, 5))
def test_weights_and_shares_are_proportions(full, times):
    heavier = tuple(replace(one, weight=one.weight * times) for one in full.signers)
    scaled = replace(
        full, signers=heavier, numerator=full.numerator * times, denominator=full.denominator * times
    )
    assert outcome(scaled) == outcome(full)


@given(rounds())
def test_once_certain_always_certain(full):
    order = list(range(len(full.signers)))
    found, count = played(full, order)
    for later in range(count, len(order) + 1):
        shown = order[:later]
        now = replace(
            full,
            signers=tuple(
                one if n in shown else replace(one, vote=None) for n, one in enumerate(full.signers)
            ),
        )
        assert certain(now) == found


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 100), st.integers(1, 100))
def test_a_share_is_compared_exactly(part, whole, numerator, denominator):
    least, more = (reached(part, whole, numerator, denominator, over=over) for over in (False, True))
    assert least or not more
    assert least != more or part * denominator != whole * numerator


@pytest.mark.parametrize(
    ("mode", "votes", "more", "expected"),
    [
        ("all", ["agree", "agree", None], {}, None),
        ("all", ["agree", "agree", "abstain"], {}, "agreed"),
        ("all", ["abstain", "abstain"], {}, "rejected"),
        ("all", ["disagree", None, None], {}, "rejected"),
        ("all", ["disagree", None, None], {"quorum": 2}, None),
        ("any", ["agree", None, None], {}, "agreed"),
        ("any", ["agree", None, None], {"quorum": 2}, None),
        ("any", ["disagree", "disagree", None], {}, None),
        ("any", ["disagree", "abstain"], {}, "rejected"),
        ("any", ["agree", None], {"veto": True}, None),
        ("ratio", ["agree", "agree", None], {"numerator": 2, "denominator": 3}, "agreed"),
        ("ratio", ["agree", "agree", None], {"numerator": 2, "denominator": 3, "over": True}, None),
        ("ratio", ["disagree", "disagree", None], {"numerator": 2, "denominator": 3}, "rejected"),
        (
            "ratio",
            ["agree", "agree", "disagree"],
            {"numerator": 1, "denominator": 3, "veto": True},
            "rejected",
        ),
        ("weighted", ["agree", None, None], {"weights": [5, 2, 2], "denominator": 2, "over": True}, "agreed"),
        ("weighted", [None, "agree", "agree"], {"weights": [5, 2, 2], "denominator": 2, "over": True}, None),
        ("sequential", ["agree", "agree"], {}, "agreed"),
    ],
)
def test_each_way_to_sign(mode, votes, more, expected):
    assert certain(asked(mode, votes, **more)) == expected


def chain(*names):
    signers = tuple(
        Signer(name=name, since=SINCE, waits_for=names[:place]) for place, name in enumerate(names)
    )
    return replace(asked("sequential", []), signers=signers)


def order_of(round_):
    """The order in which the signers of a sequence get their turn."""
    turns = []
    while waiting := [one for one in round_.unsigned() if not round_.ahead_of(one)]:
        turns.append(sorted(one.name for one in waiting))
        names = {one.name for one in waiting}
        signed = (replace(one, vote="agree") if one.name in names else one for one in round_.signers)
        round_ = replace(round_, signers=tuple(signed))
    return turns


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        ("before", [["a"], ["x"], ["b"], ["c"]]),
        ("after", [["a"], ["b"], ["x"], ["c"]]),
        ("parallel", [["a"], ["b", "x"], ["c"]]),
    ],
)
def test_where_a_signer_comes_in_a_sequence(position, expected):
    added = with_added(chain("a", "b", "c"), Signer(name="x", since=SINCE), position, "b")
    assert order_of(added) == expected
    assert order_of(without(added, "x")) == [["a"], ["b"], ["c"]]


def test_a_signer_who_was_removed_is_waited_for_no_more():
    assert order_of(without(chain("a", "b", "c"), "b")) == [["a"], ["c"]]
    assert order_of(with_added(chain("a", "b"), Signer(name="x", since=SINCE), "parallel", None)) == [
        ["a"],
        ["b"],
        ["x"],
    ]


def test_a_vote_struck_out_may_be_given_again():
    again = struck(asked("all", ["agree", None]), "s0")
    assert [one.vote for one in again.signers] == [None, None]
