"""Every name in a definition must mean something: states, posts, papers, organs, rules of law, words of the vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflow.catalog.faults import Fault, Mark
from workflow.catalog.resolve import Resolved, place_of_clock
from workflow.catalog.strict_yaml import Place
from workflow.domain.calendar import Calendar
from workflow.domain.definition import Action, ClockSpec, Definition, Effect
from workflow.domain.directory import Directory
from workflow.domain.law import LawParameters
from workflow.domain.publication import FACTS, NAME

NOBODY: Final = frozenset({"system", "public"})
"""Words that stand in `by` beside the posts: the machine, and anybody."""

NEVER_PUBLIC: Final = frozenset(
    {"id_number", "birth_date", "phone", "address", "household", "spouse", "children", "marriage", "health"}
    | {"political_review", "appraisal", "personnel_file", "salary"}
)
"""What no notice may show, whatever a form calls for (reference: law-and-domain §8.12)."""

OPERAND: Final = {
    "issue": "document",
    "publish": "notice",
    "take_down": "notice",
    "extend": "clock",
    "remove_extension": "clock",
    "stop_counting": "clock",
    "resume_counting": "clock",
    "open_children": "join",
}
"""What an effect cannot do without."""

NEEDS_FIELD: Final = {
    "reasons_given": "reasons",
    "remedies_known": "remedies",
    "two_inspectors": "inspectors",
    "inspectors_on_staff": "inspectors",
    "credentials_shown": "credentials_shown",
    "chair_is_not_examiner": "chair",
    "chair_holds_post": "chair",
    "hearing_notice_in_time": "hearing_on",
    "public_or_reason": "openness",
    "record_signed": "attendees",
    "rests_on_hearing_record": "on_record",
    "every_party_spoke": "heard",
    "report_given": "report",
    "joint_disagreement_answered": "joint_reply",
    "name_parties": "parties",
    "hear_parties": "heard",
    "schedule_hearing": "hearing_on",
    "replace_chair": "chair",
    "hold_hearing": "attendees",
    "hearing_record_given": "record",
    "receive_supplement": "materials",
    "report_arrival": "arrived_on",
    "raise_objection": "grounds",
    "decide_objection": "finding",
    "extend": "reason",
    "remove_extension": "reason",
}
"""The field that a guard or an effect reads from the action it stands in."""

TIME_OUT: Final = frozenset({"stop_counting", "resume_counting", "stop_periods", "resume_periods"})
"""Effects that leave time out on a ground, or count again."""

FINDINGS: Final = ("upheld", "dismissed")
"""What `decide_objection` may find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a definition is judged against."""

    law: LawParameters
    calendars: Mapping[str, Calendar]
    directory: Directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A resolved matter with its facts and the places where it was written."""

    resolved: Resolved
    where: Callable[[Place], Mark]
    facts: Facts

    @property
    def definition(self) -> Definition:
        return self.resolved.definition

    def fault(self, rule: str, /, *place: str | int, **fields: Any) -> Fault:
        """A fault at a place of the matter."""
        return Fault(rule=rule, mark=self.where(place), fields=fields)

    def known(
        self, kind: str, names: Sequence[str], among: Collection[str], *place: str | int
    ) -> Iterator[Fault]:
        """A fault for each of `names`, listed at `place`, that is not among those there are."""
        for number, name in enumerate(names):
            if name not in among:
                known = ", ".join(sorted(among))
                yield self.fault(f"reference.{kind}", *place, number, name=name, known=known)


def check_references(judged: Judged) -> Iterator[Fault]:
    """The faults of a definition's names."""
    definition = judged.definition
    yield from _head(judged)
    yield from _posts(judged)
    for name, state in definition.states.items():
        if state.post is not None:
            yield from judged.known("post", [state.post], definition.posts, "states", name, "post")
        yield from judged.known(
            "action", state.automatic_actions, definition.actions, "states", name, "automatic"
        )
    for name, action in definition.actions.items():
        yield from _action(judged, name, action)
    for name, clock in definition.clocks.items():
        yield from _clock(judged, name, clock)
    yield from _notices(judged)
    yield from _conditions(judged)


def _head(judged: Judged) -> Iterator[Fault]:
    definition, calendars = judged.definition, judged.facts.calendars
    yield from judged.known("state", [definition.initial], definition.states, "initial")
    yield from judged.known("post", definition.filed_by, {*definition.posts, "public"}, "filed_by")
    yield from judged.known("calendar", [definition.calendar], calendars, "calendar")
    for number, group in enumerate(definition.distinct):
        yield from judged.known("post", group, definition.posts, "distinct", number)
    try:
        ZoneInfo(definition.zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield judged.fault("reference.zone", "zone", name=definition.zone)


def _posts(judged: Judged) -> Iterator[Fault]:
    directory = judged.facts.directory
    held = {(holding.organ, holding.kind) for holding in directory.holdings}
    for name, post in judged.definition.posts.items():
        # A directory that could not be read has no organs at all; its own faults have been told.
        if post.organ.startswith("@") or not directory.organs:
            continue
        if post.organ not in directory.organs:
            yield judged.fault("reference.organ", "posts", name, "organ", name=post.organ)
        elif (post.organ, post.kind) not in held:
            yield judged.fault(
                "reference.post_unheld", "posts", name, "organ", organ=post.organ, kind=post.kind
            )


def _action(judged: Judged, name: str, action: Action) -> Iterator[Fault]:
    definition, place = judged.definition, ("actions", name)
    yield from judged.known("state", action.sources, definition.states, *place, "from")
    if action.to is not None:
        yield from judged.known("state", [action.to], definition.states, *place, "to")
    yield from judged.known("post", action.by, {*definition.posts, *NOBODY}, *place, "by")
    for number, guard in enumerate(action.guards):
        yield from _needs(judged, action, guard, *place, "guards", number)
    for number, effect in enumerate(action.effects):
        yield from _effect(judged, action, effect, *place, "effects", number)


def _needs(judged: Judged, action: Action, word: str, *place: str | int) -> Iterator[Fault]:
    field = NEEDS_FIELD.get(word)
    if field is not None and field not in action.fields:
        yield judged.fault("machine.needs_field", *place, word=word, field=field)


def _effect(judged: Judged, action: Action, effect: Effect, *place: str | int) -> Iterator[Fault]:
    definition = judged.definition
    yield from _needs(judged, action, effect.do, *place)
    operand = OPERAND.get(effect.do)
    if operand is not None and getattr(effect, operand) is None:
        yield judged.fault("machine.operand", *place, effect=effect.do, operand=operand)
    if effect.document is not None:
        yield from judged.known("document", [effect.document], definition.documents, *place, "document")
    if effect.notice is not None:
        yield from judged.known("notice", [effect.notice], definition.notices, *place, "notice")
    if effect.clock is not None:
        yield from judged.known("clock", [effect.clock], definition.clocks, *place, "clock")
    if effect.join is not None:
        yield from judged.known("join", [effect.join], definition.joins, *place, "join")
    if effect.outcome is not None:
        among = FINDINGS if effect.do == "decide_objection" else definition.outcomes
        yield from judged.known("outcome", [effect.outcome], among, *place, "outcome")
    elif effect.do in {"decide", "conclude"} and "outcome" not in action.fields:
        yield judged.fault("machine.operand", *place, effect=effect.do, operand="outcome")
    if effect.do in TIME_OUT and not (effect.ground or "ground" in action.fields):
        yield judged.fault("machine.operand", *place, effect=effect.do, operand="ground")


def _clock(judged: Judged, name: str, clock: ClockSpec) -> Iterator[Fault]:
    definition, place = judged.definition, place_of_clock(name)
    yield from judged.known("rule", [clock.rule], judged.facts.law.rules, *place, "rule")
    for side, trigger in (("start", clock.start), ("end", clock.end)):
        yield from judged.known("state", trigger.enter, definition.states, *place, side, "enter")
        yield from judged.known("state", trigger.leave, definition.states, *place, side, "leave")
        yield from judged.known("action", trigger.actions, definition.actions, *place, side, "actions")
    for number, pause in enumerate(clock.pauses):
        yield from judged.known("state", pause.states, definition.states, *place, "pauses", number, "states")
        if pause.notice is not None:
            notice = (*place, "pauses", number, "notice")
            yield from judged.known("document", [pause.notice], definition.documents, *notice)
    if clock.expiry_action is not None:
        yield from judged.known("action", [clock.expiry_action], definition.actions, *place, "expiry_action")
    if clock.answerable is not None:
        yield from judged.known("post", [clock.answerable], definition.posts, *place, "answerable")


def _notices(judged: Judged) -> Iterator[Fault]:
    form = judged.resolved.tree["form"]
    for name, notice in judged.definition.notices.items():
        for number, shown in enumerate(notice.fields):
            place = ("notices", name, "fields", number)
            if shown in NEVER_PUBLIC or form.get(shown, {}).get("type") in {"id_number", "phone"}:
                yield judged.fault("publication.secret", *place, notice=name, name=shown)
            elif shown != NAME and form.get(shown, {}).get("personal", False):
                # Of the personal fields only the name is ever shown, and that with a mask.
                yield judged.fault("publication.secret", *place, notice=name, name=shown)
            elif shown not in form and shown not in FACTS:
                known = ", ".join(sorted(FACTS))
                yield judged.fault("publication.field", *place, notice=name, name=shown, known=known)


def _conditions(judged: Judged) -> Iterator[Fault]:
    form = judged.resolved.tree["form"]
    for name, field in form.items():
        for other, values in field.get("required_when", {}).items():
            place = ("form", name, "required_when", other)
            if other not in form:
                yield judged.fault("reference.field", *place, name=other, known=", ".join(form))
                continue
            choices = form[other].get("choices", {})
            for number, value in enumerate(values):
                if value not in choices:
                    known = ", ".join(choices)
                    yield judged.fault(
                        "reference.choice", *place, number, field=other, name=value, known=known
                    )
