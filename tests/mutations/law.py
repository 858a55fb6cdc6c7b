"""Mistakes in the conditions of the law: guards, extensions, grounds, objections, hearings."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

_DOMAIN = "tests/unit/domain"
_PROCEDURE = "tests/unit/domain/procedure/test_guards.py"
_WRITTEN = "tests/unit/domain/test_guards.py::test_what_the_law_wants_in_writing_is_not_left_blank"
_LAW = "tests/integration/engine/test_procedure_of_the_law.py"

MUTATIONS = (
    Mutation(
        id="one-inspector-suffices",
        file="workflow/domain/guards.py",
        old='_people(a.fields, "inspectors") >= 2',
        new='_people(a.fields, "inspectors") >= 1',
        breaks="Licensing Law art. 34: two or more of the staff verify on site",
        caught_by=(f"{_DOMAIN}/test_decide.py::test_one_inspector_is_not_enough",),
    ),
    Mutation(
        id="one-inspector-named-twice",
        file="workflow/domain/guards.py",
        old="return len(set(value)) if",
        new="return len(value) if",
        breaks="Licensing Law art. 34: two different persons",
        caught_by=("tests/unit/domain/test_guards.py::test_two_different_persons_verify_on_site",),
    ),
    Mutation(
        id="inspectors-from-anywhere",
        file="workflow/domain/procedure/guards.py",
        old="any(_top(directory, held.organ) in tops for held",
        new="any(_top(directory, held.organ) for held",
        breaks="Licensing Law art. 34: staff of the organ that examines",
        caught_by=(f"{_PROCEDURE}::test_inspectors_are_of_the_examining_organ_that_day",),
    ),
    Mutation(
        id="hearing-without-record",
        file="workflow/domain/guards.py",
        old='lambda s, a: _text(a.fields, "record")',
        new="lambda s, a: True",
        breaks="Licensing Law art. 48: a hearing leaves a record",
        caught_by=(_WRITTEN,),
    ),
    Mutation(
        id="decision-ignores-the-record",
        file="workflow/domain/procedure/guards.py",
        old="return scene.here.procedure.hearings_held == 0 or _text",
        new="return scene.here.procedure.hearings_held >= 0 or _text",
        breaks="Licensing Law art. 48: the decision rests on the record of the hearing",
        caught_by=(f"{_LAW}::test_a_hearing_that_was_asked_for_and_the_decision_that_rests_on_its_record",),
    ),
    Mutation(
        id="refusal-with-blank-reasons",
        file="workflow/domain/guards.py",
        old='lambda s, a: _text(a.fields, "reasons")',
        new='lambda s, a: "reasons" in a.fields',
        breaks="Licensing Law art. 38: a refusal gives its reasons",
        caught_by=(_WRITTEN,),
    ),
    Mutation(
        id="objection-does-not-stop-signing",
        file="workflow/domain/guards.py",
        old="lambda s, a: not s.here.open_objections()",
        new="lambda s, a: True",
        breaks="design 6: an open objection (异议) stops the signing until a written finding",
        caught_by=(
            f"{_DOMAIN}/test_decide.py::test_notice_ends_by_itself_and_an_open_objection_stops_only_the_signing",
        ),
    ),
    Mutation(
        id="supplement-asked-for-twice",
        file="workflow/domain/guards.py",
        old="s.here.supplements == 0",
        new="s.here.supplements <= 1",
        breaks="Licensing Law art. 32: everything to be supplemented is told once",
        caught_by=(f"{_DOMAIN}/test_decide.py::test_supplement_is_told_once_and_completely",),
    ),
    Mutation(
        id="accepted-incomplete",
        file="workflow/domain/guards.py",
        old='"materials_complete": (lambda s, a: not s.here.missing',
        new='"materials_complete": (lambda s, a: True',
        breaks="Licensing Law art. 32: what is incomplete is supplemented first",
        caught_by=(f"{_DOMAIN}/test_decide.py::test_an_incomplete_filing_cannot_be_accepted",),
    ),
    Mutation(
        id="extended-twice-by-the-guard",
        file="workflow/domain/guards.py",
        old="return clock is not None and clock.extensions == 0",
        new="return clock is not None and clock.extensions <= 1",
        breaks="Licensing Law art. 42: a period is extended once",
        caught_by=(f"{_DOMAIN}/test_decide.py::test_extension_once_before_expiry_with_the_reason",),
    ),
    Mutation(
        id="extended-as-often-as-asked",
        file="workflow/domain/clock.py",
        old="len(granted) >= terms.times",
        new="len(granted) > terms.times",
        breaks="Licensing Law art. 42: the rule itself knows how often",
        caught_by=(
            f"{_DOMAIN}/test_clock.py::test_an_extension_is_not_granted_twice_nor_to_a_clock_that_does_not_run",
        ),
    ),
    Mutation(
        id="extended-after-expiry",
        file="workflow/domain/clock.py",
        old="now.due is not None and on > now.due.on",
        new="now.due is not None and on > now.due.on + DAY",
        breaks="Licensing Law art. 42: an extension is granted before the period has expired",
        caught_by=(
            f"{_DOMAIN}/test_clock.py::test_an_extension_is_granted_once_within_its_cap_before_expiry",
        ),
    ),
    Mutation(
        id="unlisted-ground",
        file="workflow/domain/clock_acts.py",
        old='if rule.basis == "statute" and ground_refusal(rule, ground) is not None:',
        new="if ground_refusal(rule, ground) is not None and not ground:",
        breaks="Licensing Law art. 45: time is left out only on a ground that the law lists",
        caught_by=(f"{_DOMAIN}/test_clock_acts.py::test_a_ground_that_its_rule_does_not_list_stops_nothing",),
    ),
    Mutation(
        id="parties-not-heard",
        file="workflow/domain/procedure/guards.py",
        old="return not scene.here.procedure.unheard()",
        new="return True",
        breaks="Licensing Law art. 36: whoever is interested is heard before the decision",
        caught_by=(
            f"{_LAW}::test_no_decision_before_every_interested_party_was_heard_or_let_the_time_run_out",
        ),
    ),
    Mutation(
        id="told-on-the-day-of-the-hearing",
        file="workflow/domain/procedure/guards.py",
        old="return scene.civil(act.at) <= latest",
        new="return scene.civil(act.at) <= day",
        breaks="Licensing Law art. 48: day and place are told seven days before",
        caught_by=(f"{_LAW}::test_a_hearing_that_was_asked_for_and_the_decision_that_rests_on_its_record",),
    ),
    Mutation(
        id="inspector-chairs",
        file="workflow/domain/procedure/guards.py",
        old='    } | _names(scene.here.record, "inspectors")',
        new="    }",
        breaks="Licensing Law art. 48: the chair has not examined the case",
        caught_by=(f"{_PROCEDURE}::test_an_inspector_does_not_chair",),
    ),
    Mutation(
        id="refuser-takes-note-himself",
        file="workflow/domain/procedure/guards.py",
        old="return reported is not None and reported.person != scene.actor",
        new="return reported is not None",
        breaks="否定报备: somebody else than who refused takes note of the refusal",
        caught_by=(f"{_PROCEDURE}::test_whoever_refused_does_not_take_note_of_it",),
    ),
)
