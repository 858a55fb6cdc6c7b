"""A small model of one case of the sample licence on its desks, written from the law and the issue and not from the engine.
Dates are civil days; what people do happens at nine in the morning, what time does at midnight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
OFF = {date(2026, 10, day) for day in range(1, 9)}
WORKED = {date(2026, 10, 10)}

POSTS = {
    "window": ("clerk",),
    "handler": ("anna", "bo", "chen"),
    "checker": ("chen", "carl"),
    "approver": ("dong", "dan"),
    "applicant": ("ella",),
}
DEPUTIES = {"handler": ("dora",), "checker": ("cleo",)}
HEAD, OUTSIDERS = "hana", ("sven", "fay")
EXAMINERS = ("clerk", "anna", "bo", "chen", "carl", "cleo", "dong", "dan", "dora", "hana", "fay")
PEOPLE = (*EXAMINERS, "ella", "sven")
ROLES = ("handler", "checker", "approver")
WAITS = {
    "received": "window", "review": "handler", "hearing": "handler", "check": "checker", "notice": "handler",
    "signing": "approver",
}  # fmt: skip
OVER = ("withdrawn", "archived")

# action: whose post, from where, to where; what it brings besides
ACTIONS = {
    "accept": ("window", ("received",), "review"),
    "review": ("handler", ("review",), "check"),
    "order_hearing": ("handler", ("review",), "hearing"),
    "hold_hearing": ("handler", ("hearing",), "review"),
    "send_back": ("checker", ("check",), "review"),
    "start_over": ("checker", ("check",), "review"),
    "agree": ("checker", ("check",), "notice"),
    "extend": ("approver", ("review", "check"), None),
    "sign": ("approver", ("signing",), "archived"),
    "withdraw": ("applicant", ("received", "review", "check"), "withdrawn"),
}
CAN_BE_TAKEN_BACK = ("review", "order_hearing", "hold_hearing", "send_back")


def works(day: date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def after(day: date, days: int) -> date:
    """The working day that is `days` after `day`, which is not counted; before it, if negative."""
    step = DAY if days > 0 else -DAY
    while days:
        day += step
        days -= works(day) * (1 if step > timedelta() else -1)
    return day


@dataclass
class Clock:
    """A period with a reminder the working day before its last, and a red card when it is over; or with an outcome."""

    name: str
    due: date | None
    cards: bool
    fired: set[str] = field(default_factory=set)
    extended: bool = False
    out_since: date | None = None
    due_then: date | None = None
    start: date = date.min

    def rungs(self) -> dict[str, date]:
        """When each card falls: at the midnight with which that day begins."""
        if self.due is None or not self.cards:
            return {}
        return {"reminder": after(self.due, -1), "red": self.due + DAY}

    def moved(self, due: date | None, today: date) -> None:
        self.due = due
        self.fired -= {name for name, day in self.rungs().items() if day > today}


@dataclass
class Model:
    """The case as it must be."""

    today: date
    state: str = "received"
    owner: str | None = None
    how: str = ""
    previous: str | None = None  # who had it before he who has it came to it by an absence
    touched: bool = False
    lent: str | None = None
    recused: set[str] = field(default_factory=set)
    acts: list[tuple[str, str]] = field(default_factory=list)
    move: tuple[str, str, str] | None = None  # who, by which action, out of which state
    acted_since: bool = False
    clocks: dict[str, Clock] = field(default_factory=dict)
    last_step: Clock | None = None
    findings: int = 0
    away: Callable[[str], bool] = lambda _: False

    def __post_init__(self) -> None:
        self.clocks["acceptance"] = Clock("acceptance", after(self.today, 5), cards=False)
        self.filed = self.today

    # --- who may ------------------------------------------------------------------------------------------------------

    @property
    def post(self) -> str | None:
        return WAITS.get(self.state)

    def other_role(self, person: str, post: str) -> bool:
        return post in ROLES and any(who == person and p in ROLES and p != post for p, who in self.acts)

    def principal(self, person: str, post: str) -> bool:
        """Holds it as his own, or stands in for somebody who is away."""
        if person in POSTS[post]:
            return True
        return person in DEPUTIES.get(post, ()) and any(self.away(one) for one in POSTS[post])

    def holder(self, person: str, post: str) -> bool:
        return person in POSTS[post] or person in DEPUTIES.get(post, ())

    def fit(self, person: str) -> bool:
        """Can be given the present item."""
        post = self.post
        fit = post is not None and self.holder(person, post) and person not in self.recused
        return bool(fit and not self.other_role(person, str(post)))

    def may(self, person: str, post: str) -> bool:
        """May act from a post he holds."""
        if not self.holder(person, post) or person in self.recused or self.other_role(person, post):
            return False
        if post == self.post and self.owner is not None:
            return self.owner == person and self.lent is None
        return self.principal(person, post)

    def has_it(self, person: str) -> bool:
        """Has a right to give it back or on."""
        if self.post is None:
            return False
        if self.owner is None:
            return self.may(person, self.post)
        as_head = self.how == "head" and person == HEAD
        return (
            self.owner == person
            and person not in self.recused
            and (as_head or self.holder(person, self.post))
        )

    def able(self, person: str) -> bool:
        """Could claim the item."""
        return self.fit(person) and self.principal(person, str(self.post))

    def line(self) -> Iterator[tuple[str, str]]:
        """Who is next for the item, the best first."""
        if self.post is None:
            return
        there = [
            person
            for person in (*POSTS[self.post], *DEPUTIES.get(self.post, ()))
            if self.fit(person) and not self.away(person)
        ]
        acted = [who for post, who in reversed(self.acts) if post == self.post and who in there]
        for person in dict.fromkeys((*acted, *there)):
            yield person, "post"
        if not self.away(HEAD) and HEAD not in self.recused:
            yield HEAD, "head"

    # --- declared actions ---------------------------------------------------------------------------------------------

    def act(self, person: str, action: str) -> bool:
        """Whether the action is allowed; then it has been done."""
        post, sources, to = ACTIONS[action]
        if self.state not in sources or not self.may(person, post):
            return False
        decision = self.clocks.get("decision")
        if action == "extend":
            if decision is None or decision.due is None or decision.extended or self.today > decision.due:
                return False
            decision.extended = True
            decision.moved(after(decision.due, 10), self.today)
        self._acted(post, person)
        if to is not None:
            source = self.state
            self._to(to)
            self.move = (person, action, source)
            self.acted_since = False
            if action == "start_over":
                self.clocks["decision"] = Clock(
                    "decision", after(self.today, 20), cards=True, start=self.today
                )
            if action == "accept":
                self._accepted(self.today)
        return True

    def _acted(self, post: str, person: str) -> None:
        self.acts = [one for one in self.acts if one != (post, person)] + [(post, person)]
        self.acted_since = True
        if person == self.owner:
            self.touched = True

    def _accepted(self, on: date) -> None:
        del self.clocks["acceptance"]
        self.clocks["decision"] = Clock("decision", after(on, 20), cards=True, start=on)

    def _to(self, state: str, *, back: bool = False) -> None:
        source, self.state = self.state, state
        self.owner, self.lent, self.move, self.how = None, None, None, ""
        if source == "review":
            self.last_step = self.clocks.pop("step")
        self.clocks.pop("publicity", None)
        if state == "review":
            again = back and self.last_step is not None
            self.clocks["step"] = self.last_step if again else Clock("step", after(self.today, 5), cards=True)  # type: ignore[assignment]
        decision = self.clocks.get("decision")
        # A period that has run out already is not stopped any more.
        if state == "hearing" and decision is not None and decision.due and self.today <= decision.due:
            decision.due_then, decision.out_since, decision.due = decision.due, self.today, None
        if source == "hearing" and decision is not None and decision.due_then and decision.out_since:
            days = (decision.out_since + n * DAY for n in range((self.today - decision.out_since).days))
            # The day on which the period began is not counted, so it cannot be left out.
            out = sum(works(day) for day in days if day > decision.start)
            decision.moved(after(decision.due_then, out), self.today)
            decision.due_then, decision.out_since = None, None
        if state == "notice":
            self.clocks["publicity"] = Clock("publicity", after(self.today, 5), cards=False)
        if state in OVER:
            self.clocks.clear()
        self.due_now()

    # --- verbs --------------------------------------------------------------------------------------------------------

    def claim(self, person: str) -> bool:
        if not self.able(person) or self.owner is not None:
            return False
        self.owner, self.how = person, "claimed"
        return True

    def release(self, person: str) -> bool:
        if not self.has_it(person) or self.owner is None:
            return False
        self.owner, self.lent, self.how = None, None, ""
        return True

    def give(self, person: str, to: str, *, assigned: bool) -> bool:
        right = self.post is not None and person == HEAD and HEAD not in self.recused
        if not (right if assigned else self.has_it(person)) or self.owner == to:
            return False
        if (self.owner is None and to == person and not assigned) or not self.fit(to) or self.away(to):
            return False
        self.owner, self.lent, self.how = to, None, "given"
        return True

    def delegate(self, person: str, to: str) -> bool:
        if not self.has_it(person) or self.lent is not None or to == person or to not in EXAMINERS:
            return False
        if to in self.recused or self.away(to) or self.other_role(to, str(self.post)):
            return False
        if self.owner is None:
            self.owner, self.how = person, "claimed"
        self.lent = to
        return True

    def hand_back(self, person: str) -> bool:
        if self.lent is None:
            return False
        if person == self.lent:
            if person in self.recused or self.other_role(person, str(self.post)):
                return False
            self._acted(str(self.post), person)
        elif not self.has_it(person):
            return False
        self.lent = None
        return True

    def recuse(self, person: str) -> bool:
        offices = {who for post in WAITS.values() for who in (*POSTS[post], *DEPUTIES.get(post, ()))}
        known = person in offices or any(who == person and post != "applicant" for post, who in self.acts)
        if self.state in OVER or not known or person in self.recused:
            return False
        self._aside(person)
        return True

    def order_recusal(self, person: str, who: str) -> bool:
        right = person == HEAD and HEAD not in self.recused and self.state not in OVER
        if not right or who in self.recused or who == "ella":
            return False
        self._aside(who)
        return True

    def _aside(self, person: str) -> None:
        self.recused.add(person)
        if self.lent == person:
            self.lent = None
        if self.owner is None:
            self._placed("recusal")
        elif self.owner == person:
            self._passed_on("recusal")

    def _placed(self, how: str) -> None:
        line = list(self.line())
        if line and not any(self.able(person) for person, _ in line):
            self._to_next(line[0], how)

    def _passed_on(self, how: str) -> None:
        found = next((one for one in self.line() if one[0] != self.owner), None)
        self.lent = None
        if found is None:
            self.owner, self.how = None, ""
        else:
            self._to_next(found, how)

    def _to_next(self, found: tuple[str, str], how: str) -> None:
        previous, self.previous = self.owner, self.owner
        self.owner, self.how, self.touched = found[0], "head" if found[1] == "head" else how, False
        assert previous != self.owner

    def hand_over(self) -> bool:
        if self.state in OVER:
            return False
        if self.owner is None:
            self._placed("deputy")
            return True
        heads = self.how == "head" and self.owner == HEAD and HEAD not in self.recused
        if self.away(self.owner) or not (heads or self.fit(self.owner)):
            self._passed_on("deputy")
        return True

    def follow(self) -> None:
        """Somebody has left or come back: what an absent person has goes on, what nobody has touched comes back."""
        if self.post is None:
            return
        holders = (*POSTS[self.post], *DEPUTIES.get(self.post, ()))
        if self.owner is None:
            if all(self.away(person) for person in holders):
                self.hand_over()
            return
        as_head = self.how == "head" and self.owner == HEAD
        if self.away(self.owner) or not (self.owner in holders or as_head):
            self.hand_over()
        elif self.how in ("deputy", "head") and self.lent is None and not self.touched:
            before = self.previous
            if before is not None and before in holders and self.fit(before) and not self.away(before):
                self.owner, self.how = before, "returned"

    def take_back(self, person: str) -> bool:
        if self.move is None or self.state in OVER:
            return False
        mover, action, source = self.move
        if mover != person or person in self.recused or self.acted_since or action not in CAN_BE_TAKEN_BACK:
            return False
        self._to(source, back=True)
        return True

    # --- time ---------------------------------------------------------------------------------------------------------

    def midnight(self, day: date) -> None:
        """The day `day` begins."""
        self.today = day
        self.due_now()
        for name, to in (("acceptance", "review"), ("publicity", "signing")):
            clock = self.clocks.get(name)
            if clock is not None and clock.due is not None and day > clock.due:
                self._to(to)
                if name == "acceptance":
                    self._accepted(self.filed)

    def due_now(self) -> None:
        """Every card whose time has come falls, once."""
        for clock in self.clocks.values():
            for name, day in clock.rungs().items():
                if day <= self.today and name not in clock.fired:
                    clock.fired.add(name)
                    self.findings += 1
