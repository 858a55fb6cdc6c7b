"""What a compiled condition comes to on a case, and which automatic step follows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.domain.walk import FACTS, FILED
from workflow.domain.case import Case, Objection
from workflow.domain.commands import SYSTEM, RunJob, SubmitFiling, TakeAction
from workflow.domain.conditions import FACTS as ASKED
from workflow.domain.conditions import first_automatic, holds, may_be_open, told
from workflow.domain.decide import decide
from workflow.domain.definition import Action, Field, State
from workflow.domain.evolve import evolve
from workflow.errors import ConditionRefused, NoAutomaticStep
from workflow.testing import sample
from workflow.testing.sample import at

CASE = Case(
    id="c",
    no="A-1",
    matter="sample-licence",
    definition="sample",
    state="review",
    entered_at=FILED,
    received_at=FILED,
    materials_at=FILED,
    parties={},
    form={"reason": "talent", "staff": 7, "exempt": True, "empty": "", "groups": ["doctor"]},
    record={"opinion": "agree"},
    materials=("charter",),
    supplements=1,
    objections=(Objection(number=1, upheld=True), Objection(number=2)),
)
REASON, STAFF = ["form", "reason"], ["form", "staff"]

TABLE = [
    (["==", REASON, "talent"], True),
    (["!=", REASON, "talent"], False),
    (["in", REASON, ["talent", "spouse"]], True),
    (["has", ["form", "groups"], "doctor"], True),
    (["has", ["form", "nothing"], "doctor"], False),
    (["has", ["case", "materials"], "funds"], False),
    ([">=", STAFF, 7], True),
    (["<", 7, STAFF], False),
    (["==", ["record", "opinion"], "agree"], True),
    (["form", "exempt"], True),
    (["not", ["case", "deemed"]], True),
    (["==", ["case", "objections"], 2], True),
    (["==", ["case", "objections_open"], 1], True),
    (["==", ["case", "objections_upheld"], 1], True),
    (["and", ["form", "exempt"], ["case", "deemed"]], False),
    (["or", ["form", "exempt"], ["case", "deemed"]], True),
    # What is not known equals only none, and is neither smaller nor greater than anything.
    (["==", ["form", "nothing"], None], True),
    (["==", ["form", "empty"], None], True),
    (["!=", ["form", "nothing"], "talent"], True),
    (["<", ["form", "nothing"], 5], False),
    ([">=", ["form", "nothing"], 5], False),
    (["form", "nothing"], False),
    (["==", ["case", "outcome"], None], True),
]


@pytest.mark.parametrize(("expression", "answer"), TABLE)
def test_a_condition_comes_to_one_answer(expression, answer):
    assert holds(tuple(expression), CASE) is answer
    assert told(expression)


def test_the_fields_of_the_act_go_before_what_was_recorded():
    expression = ("==", ["record", "opinion"], "agree")

    assert not holds(expression, CASE, {"opinion": "disagree"})


@pytest.mark.parametrize(
    ("when", "offered"),
    [
        (None, True),
        (("==", ["form", "reason"], "talent"), True),
        (("==", ["form", "reason"], "spouse"), False),
        # What was recorded says no, but the act will say it anew.
        (("==", ["record", "opinion"], "disagree"), True),
        (("==", ["record", "other"], "disagree"), False),
    ],
)
def test_an_act_is_offered_when_its_condition_holds_or_it_will_say_so_itself(when, offered):
    action = Action(sources=("review",), by=("handler",), fields={"opinion": Field()}, when=when)

    assert may_be_open(action, CASE) is offered


def test_every_fact_has_an_answer():
    for name in ASKED:
        assert holds(("!=", ["case", name], "nothing of the kind"), CASE)


@pytest.mark.parametrize("broken", [(), ("call", "x", "y"), ("and", ["x"]), ("==", ["elsewhere", "x"], 1)])
def test_what_is_no_condition_is_a_broken_definition(broken):
    with pytest.raises((ValueError, KeyError)):
        holds(broken, CASE)


# --- on the sample licence ---------------------------------------------------------------------------------------

QUICK = ("==", ["case", "channel"], "window")


def forked(*, otherwise: bool = True):
    """Filings at the window are accepted at once; others are pre-checked, if there is another way at all."""
    definition = sample.definition()
    at_once = Action(sources=("filed",), to="review", by=("system",), when=QUICK)
    automatic = ("at_once", "precheck") if otherwise else ("at_once",)
    filed = State(stage="submit", automatic=automatic)
    return replace(
        definition,
        hash=f"forked-{otherwise}",
        states={**definition.states, "filed": filed},
        actions={**definition.actions, "at_once": at_once},
    )


def filed(definition, channel):
    command = SubmitFiling(
        case_id="c", key="k", actor="ella", matter="sample-licence", form={}, channel=channel
    )
    return told_case(None, decide(definition, None, command, FACTS, FILED))


def told_case(case, decided):
    for item in decided:
        case = evolve(case, item.event, case_id="c", actor=item.actor)
    return case


def run(definition, case):
    command = RunJob(case_id="c", key="j", actor=SYSTEM, job=1, action="at_once", visit=case.visit)
    return told_case(case, decide(definition, case, command, FACTS, FILED))


@pytest.mark.parametrize(("channel", "state"), [("window", "review"), ("online", "received")])
def test_the_system_takes_the_first_way_whose_condition_holds(channel, state):
    definition = forked()

    assert run(definition, filed(definition, channel)).state == state


def test_where_no_condition_holds_the_error_names_them():
    definition = forked(otherwise=False)
    case = filed(definition, "online")

    assert first_automatic(definition, case) is None
    with pytest.raises(NoAutomaticStep) as refused:
        run(definition, case)
    assert refused.value.fields == {"state": "filed", "conditions": 'at_once: channel == "window"'}


def test_an_act_whose_condition_does_not_hold_is_refused_with_the_condition():
    definition = sample.definition()
    accept = replace(definition.actions["accept"], when=("not", QUICK))
    definition = replace(definition, hash="guarded", actions={**definition.actions, "accept": accept})
    case = filed(definition, "window")
    case = told_case(
        case,
        decide(
            definition,
            case,
            RunJob(case_id="c", key="j", actor=SYSTEM, job=1, action="precheck", visit=case.visit),
            FACTS,
            FILED,
        ),
    )

    command = TakeAction(case_id="c", key="k", actor="clerk", action="accept")
    with pytest.raises(ConditionRefused) as refused:
        decide(definition, case, command, FACTS, at("2026-09-22"))
    assert refused.value.fields["condition"] == 'not channel == "window"'
