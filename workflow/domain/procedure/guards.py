"""The conditions of the law on acts of the procedure, by name; each is listed in `workflow.domain.guards` and there named
with what would be needed. Articles are those of the Administrative Licensing Law (行政许可法).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from workflow.domain import timekeeping
from workflow.domain.authority import organ_of
from workflow.domain.directory import Directory
from workflow.domain.reckoning import last_day
from workflow.domain.scene import Intent, Scene

Guard = Callable[[Scene, Intent], bool]

HEARING_NOTICE: Final = "cn.licensing.hearing_notice"
"""The rule on how long before a hearing its day and place are told (art. 48 §1 (1))."""

EXAMINERS: Final = frozenset({"handler", "checker", "approver"})
"""Kinds of post that examine and decide a case: whoever acted from one of them may not chair its hearing."""

OUTSIDE: Final = frozenset({"unit", "agency"})
"""Kinds of organ that belong to an organ without being part of it: their people are not its staff."""

DISAGREES: Final = "disagreed"
"""The outcome with which a joint organ's opinion says no."""


def _text(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name)
    return isinstance(value, str) and bool(value.strip())


def _names(fields: Mapping[str, Any], name: str) -> set[str]:
    value = fields.get(name)
    return {str(one) for one in value} if isinstance(value, (list, tuple)) else set()


# --- on-site check (现场核查, art. 34 §3) ----------------------------------------------------------------------------


def inspectors_on_staff(scene: Scene, act: Intent) -> bool:
    """Whether every inspector is a person of the directory who holds a post of the examining organ that day."""
    directory, on = scene.facts.directory, scene.civil(act.at)
    tops = {
        _top(directory, organ)
        for post in scene.definition.actions[act.action].by
        if post in scene.definition.posts
        and (organ := organ_of(scene.definition, scene.here.parties, post)) is not None
    }
    return all(
        person in directory.persons
        and any(_top(directory, held.organ) in tops for held in directory.posts_of(person, on))
        for person in _names(act.fields, "inspectors")
    )


def _top(directory: Directory, organ: str) -> str:
    """The organ that a division or a window is part of; a unit or an agency stands for itself."""
    code = organ
    while (known := directory.organs.get(code)) is not None and known.kind not in OUTSIDE:
        if known.parent is None or known.parent not in directory.organs:
            return code
        code = known.parent
    return code if known is None else organ


def credentials_shown(scene: Scene, act: Intent) -> bool:
    """Whether the inspectors showed who they are (出示执法证件) and what they found is in writing."""
    return act.fields.get("credentials_shown") is True and _text(act.fields, "findings")


# --- interested parties (art. 36) ------------------------------------------------------------------------------------


def parties_heard(scene: Scene, act: Intent) -> bool:
    """Whether everybody named as interested was told and heard, or let the time run out."""
    return not scene.here.procedure.unheard()


def every_party_spoke(scene: Scene, act: Intent) -> bool:
    """Whether none of those told is still to be heard after this act; for the silent the period runs out by itself."""
    return set(scene.here.procedure.unheard()) <= _names(act.fields, "heard")


# --- hearings (arts 46 to 48) ----------------------------------------------------------------------------------------


def hearing_right_told(scene: Scene, act: Intent) -> bool:
    """Whether every interested party knew of the right to a hearing before the decision (art. 47)."""
    return all(party.hearing_told for party in scene.here.procedure.parties)


def parties_waived(scene: Scene, act: Intent) -> bool:
    """Whether every interested party has waived the hearing too, in writing (art. 47)."""
    return {party.name for party in scene.here.procedure.parties} <= _names(act.fields, "waivers")


def hearing_was_asked_for(scene: Scene, act: Intent) -> bool:
    """Whether the hearing is on request: what the organ ordered in the public interest (art. 46) is not called off."""
    hearing = scene.here.procedure.hearing
    return hearing is not None and not hearing.own_initiative


def hearing_notice_in_time(scene: Scene, act: Intent) -> bool:
    """Whether day and place are told so long before the hearing as the law asks (art. 48 §1 (1): seven days)."""
    day = _date(act.fields, "hearing_on")
    if day is None:
        return False
    rule = scene.facts.law.rule(HEARING_NOTICE, scene.civil(act.at))
    latest = last_day(day, (rule.period,), scene.facts.calendar, backward=True)
    return scene.civil(act.at) <= latest


def public_or_reason(scene: Scene, act: Intent) -> bool:
    """Whether the hearing is public, or says why not (art. 48 §1 (2))."""
    return act.fields.get("openness") == "public" or _text(act.fields, "closed_reason")


def chair_is_not_examiner(scene: Scene, act: Intent) -> bool:
    """Whether the chair has neither examined the case, from whatever post, nor inspected for it (art. 48 §1 (3))."""
    chair, posts = act.fields.get("chair"), scene.definition.posts
    examiners = {
        done.person
        for done in scene.here.acts
        if done.post in EXAMINERS or (done.post in posts and posts[done.post].kind in EXAMINERS)
    } | _names(scene.here.record, "inspectors")
    return isinstance(chair, str) and bool(chair) and chair not in examiners


def chair_holds_post(scene: Scene, act: Intent) -> bool:
    """Whether the chair named holds, that day, a post from which hearings of this matter are held, and is not recused."""
    chair, on = str(act.fields.get("chair")), scene.civil(act.at)
    hearing = scene.here.procedure.hearing
    if hearing is not None and chair in hearing.removed:
        return False
    definition = scene.definition
    posts = {
        post
        for action in definition.actions.values()
        if any(effect.do == "hold_hearing" for effect in action.effects)
        for post in action.by
        if post in definition.posts
    }
    return any(
        chair in scene.facts.directory.holders(organ, definition.posts[post].kind, on)
        for post in posts
        if (organ := organ_of(definition, scene.here.parties, post)) is not None
    )


def chair_presides(scene: Scene, act: Intent) -> bool:
    """Whether it is the chair named in the notice who holds the hearing."""
    hearing = scene.here.procedure.hearing
    return hearing is not None and hearing.chair == scene.actor


def hearing_day_come(scene: Scene, act: Intent) -> bool:
    """Whether the day that was told has come."""
    hearing = scene.here.procedure.hearing
    return hearing is not None and hearing.on is not None and scene.civil(act.at) >= hearing.on


def record_signed(scene: Scene, act: Intent) -> bool:
    """Whether every participant signed the record or is noted as refusing to (art. 48 §1 (5))."""
    attended = _names(act.fields, "attendees")
    signed = _names(act.fields, "signed_by") | _names(act.fields, "refused_to_sign")
    return bool(attended) and attended <= signed


def rests_on_hearing_record(scene: Scene, act: Intent) -> bool:
    """Whether, once a hearing was held, the act says how it rests on the record (art. 48 §2)."""
    return scene.here.procedure.hearings_held == 0 or _text(act.fields, "on_record")


# --- time left out, refusals, joint organs ---------------------------------------------------------------------------


def all_counting(scene: Scene, act: Intent) -> bool:
    """Whether no time is out on any ground: the result that was waited for is there (art. 45)."""
    return not any(
        timekeeping.open_stop(clock, entry.ground) is not None
        for clock in scene.here.open_clocks()
        for entry in clock.entries
        if entry.kind == "stop" and entry.ground is not None
    )


def report_given(scene: Scene, act: Intent) -> bool:
    """Whether the report upward (否定报备) says why the refusal is right."""
    return _text(act.fields, "report")


def not_who_refused(scene: Scene, act: Intent) -> bool:
    """Whether somebody else than who refused takes note of the refusal."""
    reported = scene.here.procedure.reported
    return reported is not None and reported.person != scene.actor


def joint_disagreement_answered(scene: Scene, act: Intent) -> bool:
    """Whether, when a joint organ disagreed, the handler says what becomes of its view."""
    joins = {child.join for child in scene.here.children}
    disagreed = any(child.outcome == DISAGREES for join in joins for child in scene.here.children_of(join))
    return not disagreed or _text(act.fields, "joint_reply")


def _date(fields: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(str(fields.get(name)))
    except ValueError:
        return None


GUARDS: dict[str, tuple[Guard, str]] = {
    "inspectors_on_staff": (
        inspectors_on_staff,
        "inspectors who are in the directory and hold a post of the examining organ that day",
    ),
    "credentials_shown": (
        credentials_shown,
        "credentials shown (`credentials_shown`) and a written record (`findings`)",
    ),
    "parties_heard": (
        parties_heard,
        "every interested party told, and heard or silent to the end of the time",
    ),
    "every_party_spoke": (every_party_spoke, "a statement of every party told, or the end of their time"),
    "hearing_right_told": (hearing_right_told, "every interested party told of the right to a hearing"),
    "parties_waived": (parties_waived, "the written waiver of every interested party, in `waivers`"),
    "hearing_was_asked_for": (
        hearing_was_asked_for,
        "a hearing on request, not on the organ's own initiative",
    ),
    "hearing_notice_in_time": (
        hearing_notice_in_time,
        "a day at least seven working days ahead, in `hearing_on`",
    ),
    "public_or_reason": (public_or_reason, "a public hearing, or the reason in `closed_reason`"),
    "chair_is_not_examiner": (
        chair_is_not_examiner,
        "a chair who has not examined the case, in the field `chair`",
    ),
    "chair_holds_post": (chair_holds_post, "a chair who holds the post for it and has not had to withdraw"),
    "chair_presides": (chair_presides, "the chair named in the notice"),
    "hearing_day_come": (hearing_day_come, "the day told in the notice"),
    "record_signed": (record_signed, "each of `attendees` in `signed_by` or in `refused_to_sign`"),
    "rests_on_hearing_record": (
        rests_on_hearing_record,
        "how this rests on the record of the hearing, in the field `on_record`",
    ),
    "all_counting": (all_counting, "counting resumed on every ground"),
    "report_given": (report_given, "the report upward, in the field `report`"),
    "not_who_refused": (not_who_refused, "somebody else than who refused"),
    "joint_disagreement_answered": (
        joint_disagreement_answered,
        "what becomes of the view of the organ that disagreed, in the field `joint_reply`",
    ),
}
