"""What a notification says, in the recipient's language: case number, matter, days and lamp, nothing about the applicant.

Whatever stands in a form, an order or an explanation stays where it is: mails and chat rooms are not the place for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from workflow.catalog.pinned import Pinned, pinned
from workflow.domain.notification.values import CARDS
from workflow.engine.notifier import Message
from workflow.errors import NotFound
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.domain.case import Case
    from workflow.engine.banjie import Banjie
    from workflow.engine.notifier import Notifier
    from workflow.storage.notification_register import Claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one notification, apart from any language."""

    claim: Claimed
    case: Case
    matter: Pinned
    due_on: date | None
    lamp: str | None


def facts_of(banjie: Banjie, claim: Claimed) -> Facts:
    """Read what a notification is about, as it is now. Raises NotFound when the case is gone."""
    store = banjie.store
    case = store.case(claim.case_id)
    stored = store.definition(case.definition) if case is not None else None
    if case is None or stored is None:
        raise NotFound(what="case", name=claim.case_id)
    event = store.notifications.event(claim.case_id, claim.seq)
    due_on = getattr(event, "due_on", None)
    found = next((one for one in case.findings if one.number == claim.finding), None)
    lamp = found.colour if found is not None and claim.kind in CARDS else None
    return Facts(claim=claim, case=case, matter=pinned(*stored), due_on=due_on, lamp=lamp)


def message(banjie: Banjie, notifier: Notifier, facts: Facts, language: str) -> Message:
    """The message about one notification."""
    claim = facts.claim
    said = f"notify.message.{claim.kind}"
    about = about_of(banjie, notifier, facts, language)
    subject = t(f"{said}.subject", language, no=facts.case.no)
    lines = [t(f"{said}.body", language), "", *_lines(about, language)]
    return Message(
        id=claim.id,
        kind=claim.kind,
        language=language,
        recipient=claim.recipient,
        subject=subject,
        text="\n".join(lines),
        at=claim.raised_at,
        case_no=facts.case.no,
        about=about,
    )


def digest(
    banjie: Banjie, notifier: Notifier, delivery: str, each: Sequence[Facts], language: str
) -> Message:
    """One message about many, in the order in which they happened."""
    each = sorted(each, key=lambda one: (one.claim.raised_at, one.case.no, one.claim.seq))
    items = [about_of(banjie, notifier, one, language) for one in each]
    lines = [t("notify.digest.body", language, count=len(items)), ""]
    lines += [t("notify.digest.line", language, **{**item, "due": _due(item, language)}) for item in items]
    if notifier.base_url:
        lines += ["", notifier.base_url]
    return Message(
        id=delivery,
        kind="digest",
        language=language,
        recipient=each[0].claim.recipient,
        subject=t("notify.digest.subject", language, count=len(items)),
        text="\n".join(lines),
        at=each[-1].claim.raised_at,
        about={"items": items},
    )


def trial(delivery: str, person: str, language: str, now: datetime) -> Message:
    """The message by which a person's channels are tried out."""
    return Message(
        id=delivery,
        kind="test",
        language=language,
        recipient=person,
        subject=t("notify.trial.subject", language),
        text=t("notify.trial.body", language),
        at=now,
    )


def about_of(banjie: Banjie, notifier: Notifier, facts: Facts, language: str) -> dict[str, Any]:
    """The facts of one notification by name, as they stand in the message and in a CloudEvent."""
    claim, case, matter = facts.claim, facts.case, facts.matter
    organ = banjie.present_catalog().organ_name(claim.organ, language) if claim.organ else None
    post = matter.text(f"posts.{claim.post}", language, default=claim.post) if claim.post else None
    zone = ZoneInfo(matter.definition.zone)
    return {
        "delivery": claim.id,
        "kind": claim.kind,
        "what": t(f"notify.kind.{claim.kind}", language),
        "no": case.no,
        "matter": case.matter,
        "title": matter.text("title", language, default=case.matter),
        "lamp": facts.lamp,
        "finding": claim.finding,
        "post": post,
        "organ": organ,
        "due_on": facts.due_on.isoformat() if facts.due_on is not None else None,
        "on": claim.raised_at.astimezone(zone).date().isoformat(),
        "link": f"{notifier.base_url}/cases" if notifier.base_url else None,
    }


def _lines(about: dict[str, Any], language: str) -> list[str]:
    shown = {**about, "lamp": t(f"findings.colour.{about['lamp']}", language) if about["lamp"] else None}
    names = ("no", "title", "lamp", "finding", "organ", "post", "due_on", "on", "link")
    return [
        t("notify.line", language, name=t(f"notify.fact.{name}", language), value=shown[name])
        for name in names
        if shown[name] is not None
    ]


def _due(item: dict[str, Any], language: str) -> str:
    return t("notify.digest.due", language, on=item["due_on"]) if item["due_on"] else ""
