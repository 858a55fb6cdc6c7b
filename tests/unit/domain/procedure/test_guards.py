"""Who may inspect, and what a hearing, a refusal and a joint opinion ask for: each guard by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from workflow.domain.case import Case, Child
from workflow.domain.definition import Action
from workflow.domain.directory import Directory, Holding, Organ, Person
from workflow.domain.procedure import guards
from workflow.domain.procedure.values import Hearing, InterestedParty, Procedure, Refusal
from workflow.domain.scene import Intent, Scene
from workflow.testing import sample

SINCE = date(2003, 4, 1)
AT = datetime(2026, 9, 7, 1, tzinfo=UTC)
NOTHING = Procedure()


def organ(code, kind, parent=None):
    return Organ(code=code, kind=kind, names={"zh-CN": code, "en": code}, parent=parent)


def directory():
    """The office, a division and a window of it, a unit that only belongs to it, and another office."""
    organs = (
        organ("office", "ministry"),
        organ("division", "division", "office"),
        organ("window", "window", "office"),
        organ("institute", "unit", "office"),
        organ("other", "ministry"),
    )
    held = {"anna": "division", "bo": "window", "ivo": "institute", "otto": "other", "gone": "division"}
    holdings = tuple(
        Holding(
            person=person,
            kind="handler",
            organ=where,
            since=SINCE,
            until=date(2026, 9, 6) if person == "gone" else None,
        )
        for person, where in held.items()
    )
    return Directory(
        version="d",
        organs={one.code: one for one in organs},
        persons={code: Person(code=code, name=code) for code in held},
        holdings=holdings,
    )


def scene(procedure=NOTHING, actor="anna", **changed):
    definition = sample.definition()
    posts = {**definition.posts, "handler": replace(definition.posts["handler"], organ="division")}
    definition = replace(
        definition, posts=posts, actions={"do": Action(sources=("review",), by=("handler",))}
    )
    case = Case(
        id="c",
        no="SL-1",
        matter="sample-licence",
        definition="sample",
        state="review",
        entered_at=AT,
        parties={},
        form={},
        received_at=AT,
        materials_at=AT,
        procedure=procedure,
        **changed,
    )
    facts = replace(sample.facts(), directory=directory())
    return Scene(definition=definition, case_id="c", case=case, facts=facts, now=AT, actor=actor)


def holds(name, there, **fields):
    return guards.GUARDS[name][0](there, Intent(action="do", fields=fields, at=AT))


@pytest.mark.parametrize(
    ("inspectors", "allowed"),
    [
        (["anna", "bo"], True),
        (["anna", "nobody"], False),
        (["anna", "ivo"], False),
        (["anna", "otto"], False),
        (["anna", "gone"], False),
    ],
)
def test_inspectors_are_of_the_examining_organ_that_day(inspectors, allowed):
    assert holds("inspectors_on_staff", scene(), inspectors=inspectors) is allowed


def test_credentials_and_a_written_record_go_together():
    assert holds("credentials_shown", scene(), credentials_shown=True, findings="属实")
    assert not holds("credentials_shown", scene(), credentials_shown=False, findings="属实")
    assert not holds("credentials_shown", scene(), credentials_shown=True, findings=" ")


def test_a_party_that_was_only_told_is_still_to_be_heard():
    parties = tuple(
        InterestedParty(name=name, heard=heard)
        for name, heard in (("a", "heard"), ("b", "silent"), ("c", "told"), ("d", "named"))
    )
    there = scene(Procedure(parties=parties))

    assert there.here.procedure.unheard() == ("c", "d")
    assert not holds("parties_heard", there)
    assert holds("every_party_spoke", there, heard=["c", "d"])
    assert not holds("every_party_spoke", there, heard=["c"])
    assert not holds("hearing_right_told", there)
    assert holds("parties_heard", scene())


def test_a_hearing_is_public_or_says_why_not():
    assert holds("public_or_reason", scene(), openness="public")
    assert holds("public_or_reason", scene(), openness="privacy", closed_reason="涉及个人隐私")
    assert not holds("public_or_reason", scene(), openness="privacy")


def test_only_the_chair_named_presides_and_not_before_the_day():
    there = Procedure(hearing=Hearing(stage="scheduled", chair="anna", on=date(2026, 9, 7)))

    assert holds("chair_presides", scene(there))
    assert not holds("chair_presides", scene(there, actor="bo"))
    assert holds("hearing_day_come", scene(there))
    assert not holds(
        "hearing_day_come", scene(Procedure(hearing=replace(there.hearing, on=date(2026, 9, 8))))
    )


def test_what_was_ordered_in_the_public_interest_is_not_called_off():
    asked = Hearing(stage="called")

    assert holds("hearing_was_asked_for", scene(Procedure(hearing=asked)))
    assert not holds("hearing_was_asked_for", scene(Procedure(hearing=replace(asked, own_initiative=True))))


def test_an_inspector_does_not_chair():
    there = scene(record={"inspectors": ["anna", "bo"]})

    assert not holds("chair_is_not_examiner", there, chair="bo")
    assert holds("chair_is_not_examiner", there, chair="otto")


def test_whoever_refused_does_not_take_note_of_it():
    reported = Procedure(refusals=(Refusal(number=1, outcome="refused", person="anna"),))

    assert not holds("not_who_refused", scene(reported))
    assert holds("not_who_refused", scene(reported, actor="bo"))
    # One that was overtaken (即为受理) waits for nobody once another has been reported and acknowledged.
    later = Refusal(number=2, outcome="refused", person="anna", objected=False)
    assert Procedure(refusals=(*reported.refusals, later)).reported is None


def test_a_disagreement_of_the_latest_round_is_answered():
    def asked(round_, outcome):
        return Child(join="opinions", round=round_, child="commerce", outcome=outcome)

    assert not holds("joint_disagreement_answered", scene(children=(asked(1, "disagreed"),)))
    assert holds(
        "joint_disagreement_answered", scene(children=(asked(1, "disagreed"),)), joint_reply="已调整"
    )
    assert holds("joint_disagreement_answered", scene(children=(asked(1, "disagreed"), asked(2, "agreed"))))
