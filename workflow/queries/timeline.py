"""What has happened on a case (办理经过), event by event, in words: the acts by the names the matter gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workflow.domain import events as e
from workflow.domain.commands import PUBLIC, SYSTEM
from workflow.queries.asked import asked_detail, asked_names
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.domain.envelope import Envelope
    from workflow.domain.events import Event
    from workflow.queries.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event as people read it: what happened, what more there is to say of it, and who did it from which post."""

    seq: int
    type: str
    title: str
    detail: str
    actor: str
    person: str
    post: str
    recorded_at: datetime
    effective_at: datetime
    rule: str
    caused_by: str | None


def timeline(
    history: Iterable[tuple[Envelope, Event]], words: Wording, lang: str | None = None
) -> Iterator[Told]:
    """The events of a case in the reader's language, in their order."""
    for envelope, event in history:
        post = event.post if isinstance(event, e.ActionTaken) else ""
        yield Told(
            seq=envelope.seq,
            type=envelope.type,
            title=title(event, words, lang),
            detail=detail(event, words, lang),
            actor=envelope.actor,
            person=who(envelope.actor, words, lang),
            post="" if post in ("", SYSTEM, PUBLIC) else words.of("posts", post, lang=lang),
            recorded_at=envelope.recorded_at,
            effective_at=envelope.effective_at,
            rule=envelope.rule,
            caused_by=envelope.caused_by,
        )


def who(actor: str, words: Wording, lang: str | None = None) -> str:
    """Who acted, as people say it."""
    if actor == SYSTEM:
        return t("case.system", lang)
    return t("case.the_public", lang) if actor == PUBLIC else words.person(actor)


def title(event: Event, words: Wording, lang: str | None = None) -> str:
    """What happened, in a few words."""
    if isinstance(event, e.ActionTaken):
        return words.of("actions", event.action, lang=lang)
    told = t(f"case.event.{_said(event)}", lang, **_names(event, words, lang))
    return told[:1].upper() + told[1:]


_OTHERWISE: tuple[tuple[type[Event], str, object, str], ...] = (
    (e.FilingAccepted, "deemed", True, "FilingAcceptedDeemed"),
    (e.NoticePublished, "before_effect", False, "NoticePublishedAfter"),
    (e.MaterialsChecked, "missing", (), "MaterialsComplete"),
    (e.ObjectionDecided, "upheld", True, "ObjectionUpheld"),
    (e.ClockEnded, "late", True, "ClockEndedLate"),
    (e.FindingRaised, "basis", "procedure", "FindingRaisedProcedure"),
    (e.RecusalDecided, "granted", True, "RecusalGranted"),
    (e.AppealDecided, "upheld", True, "AppealUpheld"),
    (e.InterestedPartiesHeard, "silent", True, "InterestedPartiesSilent"),
    (e.HearingCalled, "own_initiative", True, "HearingCalledOwn"),
    (e.RefusalAcknowledged, "objected", True, "RefusalObjected"),
)
"""Events that say something else when they carry that value."""


def _said(event: Event) -> str:
    """The key of an event's sentence."""
    for kind, attribute, value, key in _OTHERWISE:
        if isinstance(event, kind) and getattr(event, attribute) == value:
            return key
    return type(event).__name__


_HOWS: dict[type[Event], str] = {e.WorkAssigned: "desk.how", e.DeliveryRecorded: "window.how"}
"""Events that say how, and where the words for it stand."""


def _names(event: Event, words: Wording, lang: str | None) -> dict[str, Any]:
    """What a sentence may name: the words of the definition for whatever the event speaks of."""

    def word(kind: str, attribute: str) -> str:
        value = getattr(event, attribute, None)
        return words.of(kind, value, lang=lang) if isinstance(value, str) else ""

    colour, how = getattr(event, "colour", None), getattr(event, "how", None)
    person = getattr(event, "person", getattr(event, "delegate", getattr(event, "clerk", None)))
    numbers = ("objection", "finding", "order", "request", "receipt")
    return {
        "clock": word("clocks", "clock"),
        "document": word("documents", "document"),
        "notice": word("notices", "notice"),
        "material": word("materials", "material"),
        "outcome": word("outcomes", "outcome"),
        "post": word("posts", "post"),
        "colour": t(f"findings.colour.{colour}", lang) if colour else "",
        "number": next((getattr(event, name) for name in numbers if hasattr(event, name)), ""),
        "duty": _duty(event, lang),
        "action": word("actions", "action"),
        "person": words.person(person) if isinstance(person, str) else "",
        "how": t(f"{_HOWS[type(event)]}.{how}", lang) if type(event) in _HOWS else "",
        "due_on": event.due_on.isoformat() if isinstance(event, e.OrderGiven) else "",
        "year": getattr(event, "year", ""),
        "places": getattr(event, "places", ""),
        "place": getattr(event, "place", ""),
        "total": getattr(event, "total", ""),
        **asked_names(event, words, lang),
    }


def _duty(event: Event, lang: str | None) -> str:
    if isinstance(event, e.FindingRaised) and event.basis == "procedure":
        return t(f"findings.{event.rule}", lang)
    return ""


def detail(event: Event, words: Wording, lang: str | None = None) -> str:
    """What is said beside it: whose, which, why."""
    match event:
        case e.FilingSubmitted():
            return words.organ(event.parties.get("unit") or event.parties.get("filer"), lang)
        case e.ActionTaken():
            return _act(event, words, lang)
        case e.MaterialsChecked(missing=named) | e.SupplementRequested(defects=named):
            return _listed((words.of("materials", name, lang=lang) for name in named), lang)
        case e.MaterialsSupplemented():
            return _listed((words.of("materials", name, lang=lang) for name in event.materials), lang)
        case e.DocumentsDelivered():
            return _listed((words.of("documents", name, lang=lang) for name in event.documents), lang)
        case e.DocumentIssued():
            return document_number(event.series, event.year, event.number, lang)
        case e.DecisionMade():
            return event.reasons or ""
        case e.FindingRaised():
            return _listed((words.organ(event.organ, lang), words.person(event.person)), lang)
        case e.ArrivalReported():
            return event.arrived_on.isoformat()
        case _:
            told = _procedural(event, words, lang) or asked_detail(event, words, lang)
            return told or _clocked(event, lang)


def _procedural(event: Event, words: Wording, lang: str | None) -> str:
    match event:
        case e.InterestedPartiesNamed() | e.InterestedPartiesTold() | e.InterestedPartiesHeard():
            return _listed(iter(event.parties), lang)
        case e.HearingScheduled():
            told = (event.on.isoformat(), event.place, words.person(event.chair), event.closed_reason or "")
            return _listed((part for part in told if part), lang)
        case e.HearingChairReplaced():
            return words.person(event.chair)
        case e.HearingHeld():
            return words.person(event.chair)
        case e.MaterialTakenOver():
            return event.source.no
        case e.DeliveryRecorded():
            papers = (words.of("documents", name, lang=lang) for name in event.documents)
            return _listed((event.on.isoformat(), *papers, event.tracking or ""), lang)
        case e.ReceivedAtWindow():
            return t("case.counts_on", lang, on=event.counts_on.isoformat())
        case e.LetterReplied():
            return document_number(event.series, event.year, event.number, lang)
        case e.QuotaReserved() | e.QuotaConsumed() | e.QuotaReleased() | e.QuotaExempted():
            return words.organ(event.organ, lang)
        case _:
            return ""


def _clocked(event: Event, lang: str | None) -> str:
    due = getattr(event, "due", None)
    if isinstance(due, e.DueDate):
        return t("case.due_provisional" if due.provisional else "case.due", lang, on=due.on.isoformat())
    said = ("reason", "grounds", "text", "reply", "opinion", "instructions")
    return next((told for name in said if isinstance(told := getattr(event, name, None), str)), "")


def _act(event: e.ActionTaken, words: Wording, lang: str | None) -> str:
    told = [
        t("case.field", lang, name=words.of("actions", event.action, "fields", name, lang=lang), value=shown)
        for name, value in event.fields.items()
        if (shown := _shown(event.action, name, value, words, lang))
    ]
    if event.target != event.source:
        told.append(t("case.moved", lang, state=words.of("states", event.target, lang=lang)))
    return _listed(told, lang)


def _shown(action: str, name: str, value: Any, words: Wording, lang: str | None) -> str:
    match value:
        case bool():
            return t("case.yes" if value else "case.no_", lang)
        case str():
            choice = words.of("actions", action, "fields", name, "choices", value, lang=lang)
            # Whom a field names by his code, people know by his name.
            return choice if choice != value else words.person(value)
        case int():
            return str(value)
        case list() | tuple():
            return _listed(
                (words.person(words.of("materials", str(item), lang=lang)) for item in value), lang
            )
        case _:
            # A sealed personal value: the record proves it, whoever may see it finds it elsewhere.
            return ""


def document_number(series: str | None, year: int | None, number: int | None, lang: str | None = None) -> str:
    """A document number (文号) as it is printed; empty for a paper without one."""
    if series is None or year is None or number is None:
        return ""
    return t("case.document_number", lang, series=series, year=year, number=number)


def _listed(names: Iterable[str], lang: str | None) -> str:
    return t("case.comma", lang).join(name for name in names if name)
