"""What of a case and of its events goes into an export: an allow-list, so that nothing personal ever does.

Free text, forms and the fields of acts are not on it; persons are under pseudonyms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from workflow.domain import events as e
from workflow.domain.authority import is_public, organ_of
from workflow.domain.definition import Colour
from workflow.domain.letters.membership import letter_of

if TYPE_CHECKING:
    from workflow.domain.accountability.state import Finding
    from workflow.domain.case import CaseClock
    from workflow.exchange.export.pseudonyms import Pseudonyms
    from workflow.exchange.export.source import Told

Value: TypeAlias = str | int | bool | datetime

NUMBERS: Final = (
    "generation", "finding", "year", "number", "version", "extensions", "level", "late", "deemed", "upheld",
)  # fmt: skip
"""Attributes that are shown of any event as far as they are numbers or truths."""

_MATERIAL: Final = (
    e.MaterialReceived, e.MaterialReplaced, e.MaterialTakenOver, e.MaterialFoundDefective, e.MaterialWaived,
    e.MaterialWithdrawn, e.OriginalReturned,
)  # fmt: skip
_CLOCK: Final = (
    e.ClockStarted, e.CountingStopped, e.CountingResumed, e.ExtensionGranted, e.ExtensionRemoved, e.DueDateReprojected,
    e.ClockEnded, e.RungFired, e.OutcomeWithheld, e.ClockMigrated, e.FindingRaised,
)  # fmt: skip
NAMES: Final[dict[str, tuple[type[e.Event], ...]]] = {
    "clock": _CLOCK,
    "rung": (e.RungFired, e.OutcomeWithheld),
    "ground": (e.CountingStopped, e.CountingResumed),
    "colour": (e.FindingRaised,),
    "basis": (e.FindingRaised,),
    "article": (e.FindingRaised,),
    "document": (e.DocumentIssued,),
    "series": (e.DocumentIssued, e.LetterReplied),
    "notice": (e.NoticePublished, e.NoticeTakenDown),
    "material": _MATERIAL,
    "outcome": (
        e.DecisionMade,
        e.CaseConcluded,
        e.RefusalReported,
        e.ChildEnded,
        e.CountersignEnded,
        e.BallotsCounted,
    ),
}
"""Attributes that are texts, and of which events each is a name that a definition gives. Of others the same word may stand
for what somebody wrote: the `finding` of an objection is its reasons.
"""

_NAME: Final = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event as it is exported: `activity` is the act's name, or the event's type; `said` are its attributes."""

    case_no: str
    matter: str
    seq: int
    type: str
    activity: str
    at: datetime
    recorded_at: datetime
    actor: str
    post: str
    organ: str
    source: str
    target: str
    rule: str
    said: dict[str, Value]


def happened(told: Told, names: Pseudonyms) -> Iterator[Happened]:
    """The events of a case for an export."""
    case, definition = told.case, told.definition
    for envelope, event in told.history:
        post = getattr(event, "post", None)
        post = post if isinstance(post, str) else ""
        organ = getattr(event, "organ", None)
        if not isinstance(organ, str):
            organ = organ_of(definition, case.parties, post) if post in definition.posts else ""
        moved = isinstance(event, (*e.MOVES, e.CaseMigrated))
        yield Happened(
            case_no=case.no,
            matter=case.matter,
            seq=envelope.seq,
            type=envelope.type,
            activity=event.action if isinstance(event, e.ActionTaken) else envelope.type,
            at=event.at,
            recorded_at=envelope.recorded_at,
            actor=names.person(envelope.actor),
            post=post,
            organ=organ if organ and not is_public(organ) else "",
            source=str(getattr(event, "source", "")) if moved else "",
            target=str(getattr(event, "target", "")) if moved else "",
            rule=envelope.rule,
            said=_said(event),
        )


def _said(event: e.Event) -> dict[str, Value]:
    said: dict[str, Value] = {
        name: value for name in NUMBERS if isinstance(value := getattr(event, name, None), int)
    }
    for name, kinds in NAMES.items():
        if isinstance(event, kinds) and isinstance(value := getattr(event, name), str):
            said[name] = value
    due = getattr(event, "due", None)
    if isinstance(due, e.DueDate):
        said |= {"due_on": due.on.isoformat(), "due_at": due.at, "provisional": due.provisional}
    due_on = getattr(event, "due_on", None)
    if isinstance(due_on, date):
        said["due_on"] = due_on.isoformat()
    return said


def about(told: Told) -> dict[str, Value]:
    """The attributes of a case: what it is, how it stands, its periods, its findings and its lamp."""
    case = told.case
    letter = letter_of(case)
    said: dict[str, Value | None] = {
        "matter": case.matter,
        "definition": case.definition,
        "state": case.state,
        "channel": case.channel,
        "letter": letter.number if letter is not None else None,
        "received_at": case.received_at,
        "accepted_at": case.accepted_at,
        "decided_at": case.decided_at,
        "concluded_at": case.concluded_at,
        "outcome": case.outcome,
        "lamp": lamp(told),
        "findings": len(case.findings),
    }
    for clock in case.clocks:
        said |= {f"clock:{clock_name(clock)}:{name}": value for name, value in clock_facts(clock).items()}
    for one in case.findings:
        said |= {f"finding:{one.number}:{name}": value for name, value in finding_facts(one).items()}
    return {name: value for name, value in said.items() if value is not None}


def lamp(told: Told) -> str:
    """The lamp of a case in a log (亮灯): red or yellow by the findings that stand, reminders among the yellow, else green.
    On a desk a lamp is of today's dates; a log knows no today.
    """
    standing = {one.colour for one in told.case.findings if not one.cancelled}
    if Colour.RED.value in standing:
        return "red"
    return "yellow" if standing else "green"


def clock_name(clock: CaseClock) -> str:
    """A period's name as a part of an attribute's name."""
    return _NAME.sub("-", f"{clock.clock}.{clock.generation}")


def clock_facts(clock: CaseClock) -> dict[str, Value]:
    """What is told of a period."""
    standing = "ended" if not clock.open else "stopped" if clock.stopped else "running"
    said: dict[str, Value] = {
        "rule": f"{clock.rule}@{clock.rule_version}",
        "period": clock.period,
        "started_on": clock.entries[0].on.isoformat(),
        "standing": standing,
        "late": clock.late,
        "extensions": clock.extensions,
    }
    if clock.due is not None:
        said |= {"due_on": clock.due.on.isoformat(), "due_at": clock.due.at}
        said["provisional"] = clock.due.provisional
    if clock.ended_on is not None:
        said["ended_on"] = clock.ended_on.isoformat()
    return said


def finding_facts(one: Finding) -> dict[str, Value]:
    """What is told of a finding: never against whom, only at which post."""
    said: dict[str, Value] = {
        "colour": one.colour,
        "rule": one.rule,
        "basis": one.basis,
        "organ": one.organ,
        "post": one.post,
        "standing": "cancelled" if one.cancelled else one.standing.value,
    }
    return said | ({"clock": one.clock} if one.clock else {})
