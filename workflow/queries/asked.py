"""How countersigns and expert panels are told: each event of theirs in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow.domain import events as e
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.domain.events import Event
    from workflow.queries.wording import Wording


def asked_names(event: Event, words: Wording, lang: str | None) -> dict[str, Any]:
    """What a sentence about a countersign or a panel may name."""
    match event:
        case e.CountersignOpened():
            return {"number": event.round, "mode": t(f"desk.mode.{event.mode}", lang)}
        case e.CountersignSigned():
            return {"vote": t(f"desk.vote.{event.vote}", lang)}
        case e.SignerAdded() | e.SignerRemoved():
            return {"signer": signer_name(event.signer, words, lang)}
        case e.CountersignEnded():
            return {"number": event.round, "result": t(f"desk.result.{event.outcome}", lang)}
        case e.BallotsCounted():
            return {"result": t(f"desk.result.{event.outcome}", lang)}
        case e.PanelConvened() | e.PanelDissolved():
            return {"number": event.panel}
    return {}


def asked_detail(event: Event, words: Wording, lang: str | None) -> str:
    """What more there is to say of it; of a ballot nothing but that it was cast."""
    comma = t("case.comma", lang)
    match event:
        case e.CountersignOpened():
            signers = (signer_name(one.name, words, lang) for one in event.signers)
            return comma.join((event.question, *signers))
        case e.CountersignSigned():
            whose = signer_name(event.signer, words, lang) if event.signer != event.person else ""
            return comma.join(part for part in (whose, event.words or "") if part)
        case e.CountersignEnded() | e.BallotsCounted():
            counts = (
                f"{t(f'desk.vote.{vote}', lang)} {getattr(event, vote)}"
                for vote in ("agree", "disagree", "abstain")
            )
            reason = getattr(event, "reason", None)
            return comma.join((*counts, reason) if reason else counts)
        case e.PanelConvened():
            return words.organ(event.pool, lang)
        case e.PanelDrawn():
            return comma.join(words.person(person) for person in event.seats)
        case e.PanelSeatChanged():
            following = words.person(event.replacement) if event.replacement else ""
            ground = t(f"desk.seat.{event.ground}", lang)
            return comma.join(part for part in (ground, event.reason or "", following) if part)
    return ""


def signer_name(name: str, words: Wording, lang: str | None = None) -> str:
    """A signer as people read him: the person's name, or the organ's and the kind of post."""
    organ, colon, kind = name.partition(":")
    return f"{words.organ(organ, lang)} {kind}" if colon else words.person(name)
