"""A breach of a duty of the Licensing Law that the record shows is found, though the definition has no guard against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.domain import walk as walking
from workflow.domain import events as e
from workflow.domain.accountability.procedural import DUTIES, breaches
from workflow.domain.case import CaseClock, LedgerEntry
from workflow.domain.definition import Effect, NoticeSpec, Regime
from workflow.domain.procedure.values import SCHEDULED, Hearing, InterestedParty, Procedure
from workflow.domain.scene import Scene
from workflow.testing import sample
from workflow.testing.sample import at

NOW = at("2026-10-12")
DEFINITION = replace(sample.definition(), regime=Regime.LICENSING)


@pytest.fixture
def case():
    walk = walking.Walk()
    walk.file()
    walk.act("clerk", "accept", at("2026-09-22"))
    walk.act("anna", "review", at("2026-09-23"), inspectors=["anna", "bo"])
    return walk.case


def found(case, event, *, definition=DEFINITION, actor="anna"):
    scene = Scene(definition=definition, case_id="c1", case=case, facts=sample.facts(), now=NOW, actor=actor)
    return [breach.rule.removeprefix("procedure.") for breach in breaches(scene, event)]


def taken(action="sign", **fields):
    return e.ActionTaken(at=NOW, action=action, source="a", target="b", post="approver", fields=fields)


def decided(outcome="granted"):
    return e.DecisionMade(at=NOW, outcome=outcome)


def refusing():
    actions = dict(DEFINITION.actions)
    effects = (Effect(do="decide", outcome="refused"),)
    actions["sign"] = replace(actions["sign"], effects=effects)
    return replace(DEFINITION, actions=actions)


def test_a_second_supplement_notice(case):
    event = e.SupplementRequested(at=NOW, defects=("charter",))

    assert found(replace(case, supplements=2), event) == ["second_supplement"]
    assert found(replace(case, supplements=1), event) == []


def test_one_inspector_on_site(case):
    assert found(case, taken("review", inspectors=["anna"])) == ["one_inspector"]
    assert found(case, taken("review", inspectors=["anna", "anna"])) == ["one_inspector"]
    assert found(case, taken("review", inspectors=["anna", "bo"])) == []


def test_a_party_who_was_not_heard(case):
    named = replace(case, procedure=Procedure(parties=(InterestedParty(name="邻居"),)))
    heard = replace(case, procedure=Procedure(parties=(InterestedParty(name="邻居", heard="heard"),)))

    assert "unheard_party" in found(named, decided())
    assert "unheard_party" not in found(heard, decided())


def test_a_refusal_without_reasons_or_remedies(case):
    definition = refusing()

    assert found(case, taken(), definition=definition) == ["no_reasons", "no_remedies"]
    assert found(case, taken(reasons="不符合条件"), definition=definition) == ["no_remedies"]
    assert found(case, taken(reasons=" ", remedies="可以复议"), definition=definition) == ["no_reasons"]
    assert found(case, taken(), definition=DEFINITION) == []


def test_an_extension_after_the_end(case):
    event = e.ExtensionGranted(
        at=NOW, clock="decision", generation=1, period="5wd", reason="…", on=NOW.date(), ref="x", due=None
    )
    late = case.clock("decision").due.at

    assert found(case, replace(event, at=late)) == ["late_extension"], "whatever its ladder says"
    assert found(case, replace(event, at=late - timedelta(seconds=1))) == []
    assert found(case, event) == []


def test_time_left_out_without_a_written_notice(case):
    event = e.CountingStopped(
        at=NOW, clock="decision", generation=1, ground="hearing", on=NOW.date(), ref="h", notice=None
    )

    assert found(case, event) == ["excluded_time_without_notice"]
    assert found(case, replace(event, notice="required_time_notice")) == []


def test_a_chair_who_examined_the_case(case):
    assert found(case, e.HearingHeld(at=NOW, chair="anna", attended=3, unsigned=0)) == ["chair_examined"]
    assert found(case, e.HearingHeld(at=NOW, chair="dong", attended=3, unsigned=0)) == []


def test_a_decision_while_a_hearing_is_awaited(case):
    awaited = replace(case, procedure=Procedure(hearing=Hearing(stage=SCHEDULED)))

    assert "no_hearing" in found(awaited, decided())
    assert "no_hearing" not in found(case, decided())


def test_a_notice_that_was_skipped(case):
    noticed = replace(DEFINITION, notices={"intended": NoticeSpec(before_effect=True, fields=())})

    assert found(case, decided(), definition=noticed) == ["skipped_notice"]
    assert found(replace(case, noticed=("intended",)), decided(), definition=noticed) == []
    assert found(case, decided("refused"), definition=noticed) == []


def test_no_duty_is_without_a_case_above():
    assert set(DUTIES) == {
        "second_supplement",
        "one_inspector",
        "unheard_party",
        "no_reasons",
        "no_remedies",
        "late_extension",
        "excluded_time_without_notice",
        "chair_examined",
        "no_hearing",
        "skipped_notice",
    }
    assert all(duty.article[0].isdigit() for duty in DUTIES.values())


def test_only_licences_are_under_the_licensing_law(case):
    definition = replace(DEFINITION, regime=Regime.SERVICE)

    assert found(case, taken("review", inspectors=["anna"]), definition=definition) == []


def test_nor_are_licences_of_another_country(case):
    elsewhere = replace(refusing(), calendar="nl")

    assert found(case, taken(), definition=refusing()) != []
    assert found(case, taken(), definition=elsewhere) == []


def test_it_falls_on_whoever_acted(case):
    scene = Scene(definition=DEFINITION, case_id="c1", case=case, facts=sample.facts(), now=NOW, actor="anna")
    (breach,) = breaches(scene, taken("review", inspectors=["anna"]))

    assert (breach.person, breach.post, breach.organ) == ("anna", "handler", "office")
    assert (breach.colour, breach.basis, breach.article) == ("red", "procedure", "34")


def test_a_breach_is_found_by_the_way(case):
    """Through the whole decision: an action without its guard leaves the finding, and the case goes on."""
    actions = dict(sample.definition().actions)
    field = replace(actions["review"].fields["inspectors"], min_items=0)
    actions["review"] = replace(actions["review"], guards=(), fields={"inspectors": field})
    lax = replace(sample.definition(), actions=actions, regime=Regime.LICENSING)
    walk = walking.Walk(lax)
    walk.file()
    walk.act("clerk", "accept", at("2026-09-22"))

    names = walk.act("anna", "review", at("2026-09-23"), inspectors=["anna"])

    assert "FindingRaised" in names
    assert walk.case.findings[-1].rule == "procedure.one_inspector"
    assert isinstance(walk.case.clock("explanation#1"), CaseClock)
    assert isinstance(walk.case.clocks[-1].entries[0], LedgerEntry)
