"""Whether a definition keeps the procedure of the law: what its acts must be guarded by, refusals that somebody else takes
note of, periods that can be extended where the law says so, and time that is left out and counted again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from workflow.catalog.faults import Fault
from workflow.catalog.references import Judged
from workflow.catalog.resolve import place_of_clock
from workflow.catalog.sound_practice import DECIDERS
from workflow.domain.definition import Action, Definition

GUARDED: Final[Mapping[str, tuple[str, ...]]] = {
    # guards that are worth something only together (Licensing Law 行政许可法 art. 34)
    "two_inspectors": ("inspectors_on_staff",),
    # effects that the law puts conditions on: art. 36, art. 48, 否定报备
    "schedule_hearing": (
        "hearing_notice_in_time",
        "public_or_reason",
        "chair_is_not_examiner",
        "chair_holds_post",
    ),
    "replace_chair": ("chair_is_not_examiner", "chair_holds_post"),
    "hold_hearing": ("chair_presides", "hearing_day_come", "hearing_record_given", "record_signed"),
    # everything is told once (art. 32), and a period is extended once, before its end (art. 42)
    "request_supplement": ("supplement_not_yet_requested",),
    "extend": ("not_extended_before", "before_due"),
    "report_refusal": ("reasons_given", "report_given"),
    "acknowledge_refusal": ("not_who_refused",),
    "object_to_refusal": ("reasons_given", "not_who_refused"),
}
"""What an action that has the word must be guarded by as well."""

BEFORE_DECISION: Final[Mapping[str, tuple[str, ...]]] = {
    "name_parties": ("parties_heard",),
    "tell_hearing_right": ("hearing_right_told",),
    "hold_hearing": ("rests_on_hearing_record",),
}
"""What every decision of a definition that knows the effect must be guarded by (arts 36, 47, 48)."""

AGAIN: Final[Mapping[str, str]] = {"stop_counting": "resume_counting", "stop_periods": "resume_periods"}
"""What ends what an effect begins."""


def check_procedure(judged: Judged) -> Iterator[Fault]:
    """The faults of a definition's procedure."""
    definition = judged.definition
    known = {effect.do for action in definition.actions.values() for effect in action.effects}
    before = [guard for word, guards in BEFORE_DECISION.items() if word in known for guard in guards]
    for name, action in definition.actions.items():
        words = (*action.guards, *(effect.do for effect in action.effects))
        for word in words:
            for guard in GUARDED.get(word, ()):
                if guard not in action.guards:
                    yield judged.fault(
                        "procedure.unguarded", "actions", name, name=name, word=word, guard=guard
                    )
        if _decides(definition, action):
            for guard in before:
                if guard not in action.guards:
                    yield judged.fault("procedure.decision", "actions", name, name=name, guard=guard)
        if "report_refusal" in words:
            yield from _reported(judged, name, action)
    yield from _resumed(judged)
    yield from _extended(judged)


def _decides(definition: Definition, action: Action) -> bool:
    """Whether an approver decides by it, or reports a refusal; taking note of that is no decision of its own."""
    words = {effect.do for effect in action.effects}
    kinds = {definition.posts[post].kind for post in action.by if post in definition.posts}
    return (
        bool(words & {"decide", "report_refusal"} and kinds & DECIDERS) and "acknowledge_refusal" not in words
    )


def _reported(judged: Judged, name: str, action: Action) -> Iterator[Fault]:
    """A refusal that is reported waits for a post that nobody who refuses may hold on the same case."""
    definition = judged.definition
    answers = [
        answer
        for answer in definition.actions.values()
        if action.to in answer.sources and any(e.do == "acknowledge_refusal" for e in answer.effects)
    ]
    apart = [set(group) for group in definition.distinct]
    for refuser in action.by:
        for answer in answers:
            if any(post == refuser or not any({post, refuser} <= g for g in apart) for post in answer.by):
                yield judged.fault("procedure.own_report", "actions", name, name=name, post=refuser)
                return
    if not answers:
        yield judged.fault("procedure.unread_report", "actions", name, name=name, state=str(action.to))


def _resumed(judged: Judged) -> Iterator[Fault]:
    """Time that is left out can be counted again, in the states where it may be left out."""
    effects = {
        (effect.do, effect.clock)
        for action in judged.definition.actions.values()
        for effect in action.effects
    }
    for name, action in judged.definition.actions.items():
        for number, effect in enumerate(action.effects):
            again = AGAIN.get(effect.do)
            if again is not None and (again, effect.clock) not in effects:
                place = ("actions", name, "effects", number)
                yield judged.fault("limits.never_resumed", *place, name=name, word=again)


def _extended(judged: Judged) -> Iterator[Fault]:
    """Where the law lets a period of the whole case be extended, somebody can."""
    definition, law = judged.definition, judged.facts.law
    extended = {
        effect.clock
        for action in definition.actions.values()
        for effect in action.effects
        if effect.do == "extend"
    }
    for name, clock in definition.clocks.items():
        latest = law.rules[clock.rule][-1]
        if clock.scope != "case" or clock.promise is not None or latest.basis != "statute":
            continue
        if latest.extension is not None and name not in extended:
            yield judged.fault("limits.no_extension", *place_of_clock(name), name=name, rule=latest.id)
