"""Running cases under a new version of their matter: by a plan, with every due date that moves, and back again."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.walk import DEFINITION, FACTS, FILED
from workflow.domain import events as e
from workflow.domain.case import Case
from workflow.domain.commands import (
    SYSTEM,
    FireRung,
    MigrateCase,
    RunJob,
    SubmitFiling,
    TakeAction,
    UndoMigration,
)
from workflow.domain.decide import decide
from workflow.domain.definition import Definition, Pause, State
from workflow.domain.evolve import evolve, fold
from workflow.errors import MigrationRefused
from workflow.testing.sample import at

NUMBERS = count(1)


def version(**changes) -> Definition:
    """A changed definition under a hash of its own, as every definition has."""
    return replace(DEFINITION, hash=f"newer-{next(NUMBERS)}", **changes)


def renamed() -> Definition:
    """The step `review` is called `examine`, its post `examiner`, the period `decision` is called `deciding`."""

    def name(word):
        return {"review": "examine"}.get(word, word)

    actions = {
        key: replace(
            action,
            sources=tuple(name(source) for source in action.sources),
            to=name(action.to),
            by=tuple("examiner" if post == "handler" else post for post in action.by),
            effects=tuple(
                replace(effect, clock="deciding" if effect.clock == "decision" else effect.clock)
                for effect in action.effects
            ),
        )
        for key, action in DEFINITION.actions.items()
    }
    states = {
        name(key): replace(state, post="examiner" if state.post == "handler" else state.post)
        for key, state in DEFINITION.states.items()
    }
    posts = {("examiner" if key == "handler" else key): post for key, post in DEFINITION.posts.items()}
    clocks = {("deciding" if key == "decision" else key): spec for key, spec in DEFINITION.clocks.items()}
    distinct = (("examiner", "checker", "approver"),)
    return version(actions=actions, states=states, posts=posts, clocks=clocks, distinct=distinct)


RENAMED = {
    "states": {"review": "examine"},
    "clocks": {"decision": "deciding"},
    "posts": {"handler": "examiner"},
}


def shorter() -> Definition:
    clocks = {**DEFINITION.clocks, "decision": replace(DEFINITION.clocks["decision"], promise="15wd")}
    return version(clocks=clocks)


class Desk:
    """One case under whatever definition it has just then."""

    def __init__(self, *versions: Definition) -> None:
        self.newer = versions[0].hash if versions else "-"
        self.known = {found.hash: found for found in (DEFINITION, *versions)}
        self.case: Case | None = None
        self.history: list[tuple[e.Event, str]] = []

    def do(self, command, now, target: str | None = None):
        definition = self.known[self.case.definition if self.case else DEFINITION.hash]
        facts = replace(FACTS, target=self.known.get(target)) if target else FACTS
        told = []
        for item in decide(definition, self.case, command, facts, now):
            self.case = evolve(self.case, item.event, case_id="c", actor=item.actor)
            self.history.append((item.event, item.actor))
            told.append(item.event)
        assert fold(self.history, case_id="c") == self.case
        return told

    def file(self):
        given = {"case_id": "c", "key": "k", "actor": "ella", "form": {}, "matter": "sample-licence"}
        self.do(SubmitFiling(**given, materials=("charter", "funds")), FILED)
        job = RunJob(case_id="c", key="j", actor=SYSTEM, job=1, action="precheck", visit=self.case.visit)
        self.do(job, FILED)
        return self

    def act(self, actor, action, day, **fields):
        command = TakeAction(case_id="c", key="k", actor=actor, action=action, fields=fields)
        return self.do(command, at(day))

    def migrate(self, day="2026-09-24", to=None, **plan):
        to = to or self.newer
        command = MigrateCase(
            case_id="c", key="m", actor="dong", to=to, plan="p" * 64, reason="新版本施行", **plan
        )
        return self.do(command, at(day), to)

    def undo(self, day="2026-09-25"):
        back = self.case.migration.definition if self.case.migration else None
        return self.do(UndoMigration(case_id="c", key="u", actor="dong", reason="计划有误"), at(day), back)

    def standing(self):
        """What people see of the case: everything but names of generations and revisions."""
        clocks = {
            clock.clock: (clock.rule, clock.period, clock.due, clock.stopped)
            for clock in self.case.open_clocks()
        }
        return self.case.definition, self.case.state, self.case.acts, clocks


def in_review(*versions) -> Desk:
    desk = Desk(*versions).file()
    desk.act("clerk", "accept", "2026-09-22")
    return desk


def kinds(events):
    return [type(event).__name__ for event in events]


def test_where_nothing_differs_for_the_case_only_its_version_moves():
    desk = in_review(version(outcomes=("granted", "withdrawn", "expired")))

    assert kinds(desk.migrate()) == ["CaseMigrated"]
    assert (desk.case.definition, desk.case.state) == (desk.newer, "review")
    assert not desk.history[-1][0].reopened
    assert desk.history[-1][1] == "dong"


def test_a_shorter_promise_moves_the_due_date_and_says_from_where():
    desk = in_review(shorter())
    before = desk.case.clock("decision").due

    (_, moved) = desk.migrate()

    assert (moved.old, moved.period) == (before, "15wd")
    assert moved.due.on < before.on
    assert desk.case.clock("decision").due == moved.due
    # The ladder moved with it, at a new revision.
    assert {rung.revision for rung in desk.case.clock("decision").rungs} == {1}


def test_new_names_take_over_states_periods_and_who_has_acted():
    desk = in_review(renamed())
    desk.act("anna", "review", "2026-09-23", inspectors=["anna", "bo"])
    before = desk.case.clock("decision")

    desk.migrate(**RENAMED)

    assert desk.case.state == "check"
    assert {act.post for act in desk.case.acts if act.person == "anna"} == {"examiner"}
    assert desk.case.clock("deciding").due == before.due
    assert desk.case.clock("deciding").entries == before.entries
    assert not desk.case.clock("decision").open
    assert not desk.case.clock("decision").late
    # The rule of different persons still knows who examined: Chen may check, Anna may not.
    assert desk.act("chen", "agree", "2026-09-28")


def test_a_step_with_another_name_opens_its_work_anew():
    desk = in_review(renamed())
    visit = desk.case.visit

    migrated = desk.migrate(**RENAMED)[0]

    assert (desk.case.state, desk.case.visit, migrated.reopened) == ("examine", visit + 1, True)


def test_a_period_that_the_new_version_does_not_have_is_ended_by_the_plan():
    without = {name: spec for name, spec in DEFINITION.clocks.items() if name != "decision"}
    actions = {
        name: replace(action, effects=tuple(f for f in action.effects if f.clock != "decision"), guards=())
        for name, action in DEFINITION.actions.items()
    }
    desk = in_review(version(clocks=without, actions=actions))

    with pytest.raises(MigrationRefused, match="decision has no place"):
        desk.migrate()
    assert kinds(desk.migrate(clocks={"decision": None})) == ["CaseMigrated", "ClockEnded"]
    assert desk.case.open_clocks() == ()


def test_a_period_may_begin_with_the_migration():
    limit = replace(DEFINITION.clocks["publicity"], rule="publicity")
    desk = in_review(version(clocks={**DEFINITION.clocks, "step_review": limit, "extra": limit}))

    desk.migrate(starts=("extra",))

    assert {clock.clock for clock in desk.case.open_clocks()} == {"decision", "extra", "step_review"}
    assert str(desk.case.clock("extra").due.on) == "2026-10-09"


def test_what_stops_counting_only_in_one_of_the_versions_stops_or_goes_on_with_it():
    spec = DEFINITION.clocks["decision"]
    stops = version(
        clocks={
            **DEFINITION.clocks,
            "decision": replace(spec, pauses=(Pause(states=("review",), ground="testing", notice="notice"),)),
        }
    )
    desk = in_review(stops)

    assert "CountingStopped" in kinds(desk.migrate())
    assert desk.case.clock("decision").stopped
    assert "CountingResumed" in kinds(desk.undo("2026-09-24"))
    assert not desk.case.clock("decision").stopped


@pytest.mark.parametrize(
    ("changes", "plan", "reason"),
    [
        ({}, {"states": {"review": "nowhere"}}, "nowhere is not there"),
        ({}, {"states": {"review": "withdrawn"}}, "withdrawn is an end"),
        ({}, {"clocks": {"decision": "nothing"}}, "decision has no place"),
        ({}, {"starts": ("nothing",)}, "nothing is not there"),
        ({}, {"posts": {"window": "desk"}}, "post window"),
        ({"materials": {}}, {}, "charter is not there; materials: funds"),
        ({"documents": {}}, {}, "documents: notice"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_with_every_reason(changes, plan, reason):
    desk = in_review(version(**changes))
    before = desk.case

    with pytest.raises(MigrationRefused, match=reason):
        desk.migrate(**plan)
    assert desk.case == before


def test_time_that_is_out_on_a_ground_the_new_rule_does_not_list_is_refused():
    other = replace(DEFINITION.clocks["decision"], rule="publicity", promise="20wd")
    desk = in_review(version(clocks={**DEFINITION.clocks, "decision": other}))
    desk.act("anna", "consult", "2026-09-23", ground="testing")

    with pytest.raises(MigrationRefused, match="does not list"):
        desk.migrate()


def test_a_case_that_is_over_and_one_that_is_there_already_are_left_alone():
    desk = in_review(version())
    desk.migrate()
    assert desk.migrate() == []

    desk.act("ella", "withdraw", "2026-09-25")
    with pytest.raises(MigrationRefused, match="it is over"):
        desk.migrate(to="sample")


def test_rungs_that_fell_due_before_are_fired_under_the_old_version():
    desk = in_review(shorter())

    told = kinds(desk.migrate("2026-10-26"))

    assert told.index("RungFired") < told.index("CaseMigrated")


# --- and back -----------------------------------------------------------------------------------------------------


def test_a_migration_can_be_undone_until_somebody_acts():
    desk = in_review(shorter())
    before = desk.standing()
    desk.migrate()
    desk.undo()
    assert desk.standing() == before
    assert desk.case.migration is None

    desk.migrate("2026-09-28")
    desk.act("anna", "review", "2026-09-28", inspectors=["anna", "bo"])
    with pytest.raises(MigrationRefused, match="somebody has acted"):
        desk.undo("2026-09-28")


def test_what_was_never_migrated_cannot_be_undone():
    with pytest.raises(MigrationRefused):
        in_review().undo()


def test_a_rung_that_fires_in_between_does_not_forbid_it():
    desk = in_review(shorter())
    before = desk.standing()
    desk.migrate()
    clock = desk.case.clock("decision")
    rung = clock.rungs[0]
    given = {"clock": "decision", "generation": 1, "rung": rung.rung, "revision": rung.revision}
    desk.do(FireRung(case_id="c", key="r", actor=SYSTEM, **given), at("2026-10-20"))
    assert desk.case.findings

    desk.undo("2026-10-20")

    assert desk.standing() == before
    assert desk.case.findings


def test_a_period_that_was_ended_by_the_plan_runs_again():
    without = {name: spec for name, spec in DEFINITION.clocks.items() if name != "decision"}
    extra = replace(DEFINITION.clocks["publicity"], rule="publicity")
    desk = in_review(version(clocks={**without, "extra": extra}))
    before = desk.standing()
    desk.migrate(clocks={"decision": None}, starts=("extra",))

    desk.undo()

    assert desk.standing() == before
    assert not desk.case.clock("extra").open


@given(
    stage=st.integers(0, 3),
    plan=st.sampled_from(["renamed", "shorter", "same"]),
    again=st.booleans(),
    day=st.sampled_from(["2026-09-24", "2026-09-30", "2026-10-09"]),
)
def test_there_and_back_is_where_it_was(stage, plan, again, day):
    target = {"renamed": renamed(), "shorter": shorter(), "same": version(closing_time="16:30")}[plan]
    terms = RENAMED if plan == "renamed" else {}
    desk = Desk(target).file()
    for actor, action, fields in (
        ("clerk", "accept", {}),
        ("anna", "review", {"inspectors": ["anna", "bo"]}),
        ("chen", "agree", {}),
    )[:stage]:
        desk.act(actor, action, "2026-09-22", **fields)
    # What time alone brings about by that day is no part of it.
    desk.do(
        MigrateCase(case_id="c", key="m", actor="dong", to="sample", plan="p", reason="r"), at(day), "sample"
    )
    before = desk.standing()

    for _ in range(2 if again else 1):
        desk.migrate(day, **terms)
        desk.undo(day)

    assert desk.standing() == before


def test_a_state_that_becomes_automatic_opens_its_work_anew():
    onward = replace(DEFINITION.actions["precheck"], sources=("review",), to="check")
    states = {**DEFINITION.states, "review": State(stage="review", automatic="onward")}
    desk = in_review(version(states=states, actions={**DEFINITION.actions, "onward": onward}))

    assert desk.migrate()[0].reopened
