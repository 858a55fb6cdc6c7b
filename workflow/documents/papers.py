"""The papers of a case (文书): notices, decisions and replies, each a function of the events up to the one that issued it.

A paper can be printed again at any time and says the same, because it rests on nothing that came later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.documents.dates import in_words
from workflow.documents.rendering import render
from workflow.domain.authority import organ_of
from workflow.domain.case import Case
from workflow.domain.definition import Definition
from workflow.domain.envelope import Envelope
from workflow.domain.events import ActionTaken, DocumentIssued, Event, ExtensionGranted
from workflow.domain.evolve import fold
from workflow.domain.materials.state import Standing
from workflow.domain.own_clocks import spec_of
from workflow.domain.publication import NAME, document_number, shown_fields
from workflow.domain.reckoning import civil_date
from workflow.errors import NotFound
from workflow.texts import catalogue, language, t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.catalog.pinned import Pinned

History = Sequence[tuple[Envelope, Event]]

_WITHIN = frozenset({"division", "department"})
"""Kinds of organs that issue papers in the name of the organ they belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """All that a paper may say. Nothing of the form is here but what a notice of the matter may show, and the name."""

    title: str
    number: str
    no: str
    organ: str
    addressee: str
    body: tuple[str, ...]
    defects: tuple[str, ...]
    reasons: str
    remedies: str
    on: date
    sample: bool


def paper_facts(
    history: History,
    seq: int,
    of: Pinned,
    catalog: Catalog,
    *,
    personal: Mapping[str, str],
    lang: str | None = None,
) -> PaperFacts:
    """What the paper issued by event `seq` says. `personal` are the case's personal values by field, as far as they
    have not been erased. Raises NotFound when that event issued no paper.
    """
    spoken = lang or language()
    until = [pair for pair in history if pair[0].seq <= seq]
    event = until[-1][1] if until else None
    if not isinstance(event, DocumentIssued) or until[-1][0].seq != seq:
        raise NotFound(what="paper", name=str(seq))
    case = fold(((event, envelope.actor) for envelope, event in until), case_id=until[-1][0].case_id)
    act = _act(until)
    organ = _issuer(case, of, catalog, act)
    on = civil_date(event.at, of.definition.zone)
    text = _text(event.document, case, spoken)
    given = _given(case, of, personal, act, on, spoken, extended=_extended(until)) | _left_out(
        act, catalog, spoken
    )
    return PaperFacts(
        title=of.text(f"documents.{event.document}", spoken, default=event.document),
        number=document_number(case.documents[-1]),
        no=case.no,
        organ=catalog.organ_name(organ, spoken) if organ else "",
        addressee=_addressee(case, of, catalog, organ, spoken),
        body=tuple(line for line in t(text, spoken, **given).splitlines() if line),
        defects=tuple(_defect(case, of, name, spoken) for name in case.defects)
        if event.document == "supplement_notice"
        else (),
        reasons=_field(act, "reasons") or _field(act, "reason") or _refused(case, "reasons"),
        remedies=_field(act, "remedies") or _refused(case, "remedies"),
        on=on,
        sample=bool(organ in catalog.samples),
    )


def paper(facts: PaperFacts, lang: str | None = None) -> str:
    """The paper as HTML that stands by itself."""
    return render("paper.html", facts, lang)


def _defect(case: Case, of: Pinned, name: str, lang: str) -> str:
    """What is to be supplemented, and why it does not do where it was handed in."""
    title = of.text(f"materials.{name}", lang, default=name)
    why = next(
        (one.reason for one in case.handed_in if one.material == name and one.state == Standing.DEFECTIVE),
        None,
    )
    return t("materials.defect", lang, material=title, reason=why) if why else title


def _act(until: History) -> ActionTaken | None:
    """The act that issued the paper: the last one of the same command."""
    command = until[-1][0].command_id
    acts = (event for envelope, event in reversed(until) if envelope.command_id == command)
    return next((event for event in acts if isinstance(event, ActionTaken)), None)


def _field(act: ActionTaken | None, name: str) -> str:
    value = act.fields.get(name) if act else None
    return value if isinstance(value, str) else ""


def _refused(case: Case, name: str) -> str:
    """What a refusal said that was reported upward (否定报备) and takes effect by being acknowledged."""
    value = case.record.get(name) if case.procedure.refused and case.outcome else None
    return value if isinstance(value, str) else ""


def _left_out(act: ActionTaken | None, catalog: Catalog, lang: str) -> dict[str, Any]:
    """Why time is not counted (art. 45), in words; an act that does not say so does it for a hearing."""
    ground = catalog.law.grounds.get(_field(act, "ground") or "hearing")
    days = act.fields.get("days_needed") if act else None
    return {
        "ground": ground.title.get(lang, ground.id) if ground is not None else "",
        "days": t("documents.days_needed", lang, days=days) if days else "",
    }


def _issuer(case: Case, of: Pinned, catalog: Catalog, act: ActionTaken | None) -> str | None:
    """The organ in whose name the paper goes out: of the post that acted, or of the one that was expected to, or of the
    one that receives; never the filer's own. Divisions write in the name of the organ they belong to.
    """
    definition = of.definition
    source = definition.states.get(act.source) if act else None
    posts = [act.post if act else None, source.post if source else None]
    posts += [state.post for state in definition.states.values() if state.stage == "accept"]
    within = source is not None and source.stage == "submit"
    found = (organ for post in posts if (organ := _writes(case, definition, post, within=within)))
    organ = next(found, None)
    known = catalog.directory.organs.get(organ or "")
    if known is not None and known.kind in _WITHIN:
        return catalog.directory.organ_above(known.code, "ministry") or organ
    return organ


def _writes(case: Case, definition: Definition, post: str | None, *, within: bool) -> str | None:
    """The organ of a post, if it can write to the filer. Before a case is reported up (`within`) a ministry writes to its
    own unit; after that only the organ that decides does, and its posts stand at organs of the directory.
    """
    if post not in definition.posts:
        return None
    organ = organ_of(definition, case.parties, post)
    if definition.posts[post].organ.startswith("@"):
        return (
            organ if within and organ not in (case.parties.get("unit"), case.parties.get("filer")) else None
        )
    return organ


def _addressee(case: Case, of: Pinned, catalog: Catalog, issuer: str | None, lang: str) -> str:
    """The ministry where the matter goes through one, unless it is the ministry that writes; else who filed."""
    bound = {post.organ for post in of.definition.posts.values()}
    ministry = case.parties.get("ministry") if "@ministry" in bound else None
    code = (
        ministry if ministry and ministry != issuer else case.parties.get("unit") or case.parties.get("filer")
    )
    return catalog.organ_name(code, lang) if code else ""


def _text(document: str, case: Case, lang: str) -> str:
    key = f"documents.body.{document}"
    if document == "acceptance_notice" and case.deemed:
        return "documents.body.acceptance_deemed"
    return key if key in catalogue(lang) else "documents.body.other"


def _given(
    case: Case,
    of: Pinned,
    personal: Mapping[str, str],
    act: ActionTaken | None,
    on: date,
    lang: str,
    *,
    extended: date | None,
) -> dict[str, Any]:
    """What the sentences may name."""
    shown = _shown(case, of, lang)
    erased = t("documents.deleted", lang)
    named = personal.get(f"form.{NAME}", erased) if NAME in of.definition.personal else ""
    zone = of.definition.zone
    return {
        "matter": of.title(lang),
        "subject": named or next(iter(shown.values()), case.no),
        "receiving_unit": shown.get("receiving_unit", ""),
        "sponsor": shown.get("sponsor", ""),
        "business_scope": shown.get("business_scope", ""),
        "received_on": in_words(civil_date(case.received_at, zone), lang),
        "accepted_on": in_words(civil_date(case.accepted_at, zone), lang) if case.accepted_at else "",
        "due_on": in_words(extended or _due_on(case, of), lang),
        "hearing_on": in_words(_field(act, "hearing_on"), lang),
        "place": _field(act, "place"),
        "on": in_words(on, lang),
    }


def _shown(case: Case, of: Pinned, lang: str) -> dict[str, str]:
    """The fields of the form that a notice of the matter may show, in words."""
    fields = (field for notice in of.definition.notices for field in shown_fields(of.definition, notice))
    values = {field: case.form[field] for field in fields if isinstance(case.form.get(field), str)}
    return {
        name: of.text(f"form.{name}.choices.{value}", lang, default=value) for name, value in values.items()
    }


def _extended(until: History) -> date | None:
    """The new last day, if the command that issued the paper extended a period."""
    command = until[-1][0].command_id
    granted = (
        event.due.on
        for envelope, event in reversed(until)
        if envelope.command_id == command and isinstance(event, ExtensionGranted) and event.due
    )
    return next(granted, None)


def _due_on(case: Case, of: Pinned) -> date | None:
    """The last day for the decision: of the periods that it ends, the one that is over first."""
    ends = (
        clock.due.on
        for clock in case.open_clocks()
        if clock.due and "DecisionMade" in spec_of(of.definition, clock.clock).end.events
    )
    return min(ends, default=None)
