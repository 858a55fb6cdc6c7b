"""A case of the sample licence on the desks of its office, whose people come, go and are away, for tests of the verbs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.domain.walk import DEFINITION, FACTS, Walk
from workflow.domain.decide import decide
from workflow.domain.definition import ClockSpec, Colour, Rung, Trigger
from workflow.domain.directory import Absence, Holding
from workflow.domain.evolve import evolve, fold
from workflow.errors import BanjieError
from workflow.testing.sample import LONG_AGO, at

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (f"2026-09-{day}" for day in (22, 23, 24, 25))

STEP = ClockSpec(
    rule="accept",
    scope="step",
    start=Trigger(enter=("review",)),
    end=Trigger(leave=("review",)),
    rungs=(
        Rung(name="reminder", offset=-1, colour=Colour.REMINDER),
        Rung(name="overdue", offset=0, colour=Colour.RED),
    ),
)
"""A limit of five working days for the step `review`, with a reminder and a red card."""


class Office(Walk):
    """One case and the people around it; `refused` gives the error of an act that is not allowed."""

    def __init__(self, definition=DEFINITION):
        super().__init__()
        self.definition, self.facts, self.actors = definition, FACTS, []

    def do(self, command, now):
        decided = decide(self.definition, self.case, command, self.facts, now)
        for item in decided:
            self.case = evolve(self.case, item.event, case_id="c1", actor=item.actor)
            self.events.append(item.event)
            self.actors.append(item.actor)
        return [type(item.event).__name__ for item in decided]

    def refused(self, actor, action, now=None, **fields):
        """The error that refuses the act; the case must not have changed."""
        before = self.case
        with pytest.raises(BanjieError) as caught:
            self.act(actor, action, now or at(WEDNESDAY), **fields)
        assert self.case is before
        return caught.value

    def rule(self, actor, action, now=None, **fields):
        """The rule that refuses the act, as its message names it; its class where it names none."""
        error = self.refused(actor, action, now, **fields)
        assert error.message
        return error.fields.get("rule") or error.code

    def has_it(self):
        held = self.case.desk.assignment
        return held.person if held is not None else None

    def folded(self):
        return fold(zip(self.events, self.actors, strict=True), case_id="c1")

    # --- people -----------------------------------------------------------------------------------------------------

    def away(self, person, since=TUESDAY, until="2026-10-30"):
        absence = Absence(person=person, since=date.fromisoformat(since), until=date.fromisoformat(until))
        self._directory(absences=(*self.facts.directory.absences, absence))

    def leaves(self, person, until="2026-09-22"):
        holdings = tuple(
            replace(held, until=date.fromisoformat(until)) if held.person == person else held
            for held in self.facts.directory.holdings
        )
        self._directory(holdings=holdings)

    def joins(self, person, kind, *, organ="office", deputy=False, since=LONG_AGO):
        held = Holding(person=person, kind=kind, organ=organ, since=since, deputy=deputy)
        self._directory(holdings=(*self.facts.directory.holdings, held))

    def _directory(self, **changes):
        self.facts = replace(self.facts, directory=replace(self.facts.directory, **changes))


def in_review(definition=DEFINITION):
    """Filed on Monday, accepted on Tuesday: it waits for a handler (anna, bo, chen; dora is their deputy)."""
    office = Office(definition)
    office.file()
    office.act("clerk", "accept", at(TUESDAY))
    return office


def in_check(definition=DEFINITION):
    """Reviewed by anna on Wednesday: it waits for the checker, chen."""
    office = in_review(definition)
    office.act("anna", "review", at(WEDNESDAY), inspectors=["anna", "bo"])
    return office


def with_step():
    """The sample with a limit for its step `review`."""
    return replace(DEFINITION, clocks={**DEFINITION.clocks, "step": STEP})
