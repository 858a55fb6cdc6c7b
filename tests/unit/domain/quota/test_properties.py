"""Random cases on one quota against a small reference model: never oversold, and nothing leaks."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.domain.quota.walk import Walk
from workflow.domain.events import QuotaConsumed, QuotaReleased, QuotaReserved
from workflow.domain.quota.book import Balance, changed, moved
from workflow.errors import BadFields, Conflict, QuotaExhausted
from workflow.testing.quota_matter import key

ACTS = {
    "report": "ella",
    "withdraw": "ella",
    "find_exempt": "anna",
    "find_quota": "anna",
    "send_back": "anna",
    "refuse": "anna",
    "approve": "dong",
    "agree_in_part": "dong",
    "revoke": "dong",
}
FIELDS = {
    "find_exempt": {"track": "exempt"},
    "find_quota": {"track": "quota"},
    "agree_in_part": {"agreed": 1},
}

acts = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 3), st.sampled_from(sorted(ACTS))),
        st.tuples(st.just("adjust"), st.integers(0, 12)),
    ),
    max_size=40,
)
cases = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["", "exempt"])), min_size=4, max_size=4)


class Model:
    """What each case holds, counted as a clerk would on paper."""

    def __init__(self, places, cases):
        self.places = places
        self.needs = [count for count, _ in cases]
        self.exempt = [group == "exempt" for _, group in cases]
        self.reserved = [0] * 4
        self.consumed = [0] * 4
        self.known_exempt = [False] * 4

    @property
    def used(self):
        return sum(self.reserved) + sum(self.consumed)

    def settle(self, case):
        """Make the case hold what it needs; False if there is no place."""
        if self.consumed[case]:
            return True
        if self.exempt[case]:
            self.reserved[case] = 0
        elif not self.reserved[case]:
            if self.needs[case] > self.places - self.used:
                return False
            self.reserved[case] = self.needs[case]
        return True

    def did(self, case, name):
        """What an act that was not refused for another reason does; False if it must be refused for want of places."""
        match name:
            case "report":
                return self.settle(case)
            case "find_exempt" | "find_quota":
                before = self.exempt[case]
                self.exempt[case] = name == "find_exempt"
                if not self.settle(case):
                    self.exempt[case] = before
                    return False
            case "approve" | "agree_in_part":
                if not self.settle(case):
                    return False
                taken = self.reserved[case] if name == "approve" else min(1, self.reserved[case])
                self.reserved[case], self.consumed[case] = 0, self.consumed[case] + taken
            case "withdraw" | "revoke":
                self.reserved[case] = self.consumed[case] = 0
            case "refuse":
                self.reserved[case] = 0
        return True


@settings(max_examples=200)
@given(places=st.integers(0, 10), cases=cases, acts=acts)
def test_whatever_happens_the_book_is_the_models_and_never_oversold(places, cases, acts):
    book = {key(): Balance(places=places, revision=1)}
    walks = [
        Walk(book=book, places=0, count="persons", form={"persons": count, "group": group})
        for count, group in cases
    ]
    model = Model(places, cases)
    for who, what in acts:
        if who == "adjust":
            # An allotment is lowered to what is in use at the least; that rule is the register's.
            model.places = max(what, model.used)
            balance = book[key()]
            book[key()] = Balance(
                places=model.places,
                reserved=balance.reserved,
                consumed=balance.consumed,
                revision=balance.revision + 1,
            )
            continue
        walk, name = walks[who], what.partition("_")[0] if what.startswith("find") else what
        before = walk.case
        try:
            walk.act(ACTS[what], name, **FIELDS.get(what, {}))
        except QuotaExhausted as refused:
            told = refused.fields
            assert not model.did(who, what)
            assert told["left"] == model.places - model.used
            assert told["left"] < told["needed"]
            assert walk.case == before
        except (BadFields, Conflict):
            assert walk.case == before
        else:
            assert model.did(who, what)
        balance = book[key()]
        assert (balance.reserved, balance.consumed) == (sum(model.reserved), sum(model.consumed))
        assert [w.case.quota.held if w.case.quota else 0 for w in walks] == [
            r + c for r, c in zip(model.reserved, model.consumed, strict=True)
        ]
        assert 0 <= balance.used <= balance.places
    for walk in walks:
        if walk.case.concluded_at is not None:
            assert walk.case.quota is None or walk.case.quota.reserved == 0


@given(
    places=st.integers(0, 5),
    events=st.lists(st.tuples(st.sampled_from("rcxy"), st.integers(-1, 3)), max_size=12),
)
def test_a_balance_never_moves_to_where_it_cannot_be(places, events):
    kinds = {"r": QuotaReserved, "c": QuotaConsumed, "x": QuotaReleased, "y": QuotaReleased}
    balance = Balance(places=places)
    for letter, count in events:
        more = {"held": "reserved" if letter == "x" else "consumed", "reason": "r"} if letter in "xy" else {}
        event = kinds[letter](at=Walk().now, kind="k", organ="o", year=2026, places=count, revision=1, **more)
        try:
            after = moved(balance, event)
        except ValueError:
            continue
        assert min(after.reserved, after.consumed, after.left) >= 0
        assert after.revision == balance.revision + 1
        balance = after


def test_only_the_quotas_that_moved_are_written():
    walk = Walk()
    walk.report()
    before = dict(walk.book)

    assert changed(before, walk.events[:1]) == {}
