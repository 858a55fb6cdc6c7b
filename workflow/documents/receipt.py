"""The receipt of materials (收件凭证): what was received, how many copies, when, and who took it in.

Like every paper it is a function of the events up to the one that issued it, so it can be printed again and says the same.
Names of files are not on it: a receipt gets lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from workflow.documents.dates import in_words
from workflow.documents.sheet import Pairs, Section, Sheet, Table, Text, page, pdf
from workflow.domain import events as e
from workflow.domain.authority import organ_of
from workflow.domain.case import Case
from workflow.domain.commands import PUBLIC, SYSTEM
from workflow.domain.envelope import Envelope
from workflow.domain.evolve import fold
from workflow.domain.materials.standing import standing
from workflow.domain.materials.state import COUNTING, RECEIPT
from workflow.domain.reckoning import civil_date
from workflow.errors import NotFound
from workflow.texts import language, t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.catalog.pinned import Pinned

History = Sequence[tuple[Envelope, e.Event]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """How the latest version of a material came in."""

    at: datetime
    by: str
    form: str
    copies: int
    pages: int | None = None


def receipt_page(history: History, seq: int, of: Pinned, catalog: Catalog, lang: str | None = None) -> str:
    """The receipt that event `seq` issued, as HTML that stands by itself. Raises NotFound when it issued none."""
    spoken = lang or language()
    return page(receipt_sheet(history, seq, of, catalog, spoken), spoken)


def receipt_pdf(history: History, seq: int, of: Pinned, catalog: Catalog, lang: str | None = None) -> bytes:
    """The receipt that event `seq` issued, as PDF/A-2b. Raises NotFound when it issued none."""
    spoken = lang or language()
    return pdf(receipt_sheet(history, seq, of, catalog, spoken), spoken)


def receipt_sheet(history: History, seq: int, of: Pinned, catalog: Catalog, lang: str) -> Sheet:
    """What the receipt says. Raises NotFound when event `seq` issued none."""
    until = [pair for pair in history if pair[0].seq <= seq]
    envelope, event = until[-1] if until else (None, None)
    if envelope is None or envelope.seq != seq or not isinstance(event, e.DocumentIssued):
        raise NotFound(what="paper", name=str(seq))
    if event.document != RECEIPT:
        raise NotFound(what="paper", name=str(seq))
    case = fold(((one, told.actor) for told, one in until), case_id=envelope.case_id)
    organ = _organ(case, of, catalog, envelope.actor)
    sections = (
        Section(
            heading=t("materials.receipt.about", lang),
            blocks=(Pairs(pairs=_about(case, of, catalog, envelope.actor, organ, lang)),),
        ),
        Section(
            heading=t("materials.receipt.received", lang),
            blocks=(_table(until, case, of, catalog, lang),),
        ),
        Section(
            heading=t("materials.receipt.next", lang),
            blocks=(Text(text=_next(case, of, lang)),),
        ),
    )
    on = civil_date(event.at, of.definition.zone)
    sample = (t("documents.sample", lang),) if organ in catalog.samples else ()
    return Sheet(
        title=t("materials.receipt.title", lang),
        subtitle=of.title(lang),
        tags=(),
        sections=sections,
        foot=sample,
        on=on,
        made=t("materials.receipt.issued", lang, on=in_words(on, lang)),
    )


def _about(
    case: Case, of: Pinned, catalog: Catalog, actor: str, organ: str | None, lang: str
) -> tuple[tuple[str, str], ...]:
    filer = case.parties.get("unit") or case.parties.get("filer")
    pairs = (
        ("case_no", case.no),
        ("organ", catalog.organ_name(organ, lang) if organ else ""),
        ("filer", catalog.organ_name(filer, lang) if filer else ""),
        ("received_at", _moment(case.received_at, of, lang)),
        ("taken_by", _person(actor, catalog, lang)),
    )
    return tuple((t(f"materials.receipt.{name}", lang), value) for name, value in pairs if value)


def _table(until: History, case: Case, of: Pinned, catalog: Catalog, lang: str) -> Table:
    came = _came(until)
    rows: list[tuple[str, ...]] = []
    for name in of.definition.materials:
        if standing(of.definition, case, name) not in COUNTING:
            continue
        how = came[name]
        title = of.text(f"materials.{name}", lang, default=name)
        form = t(f"materials.form.{how.form}", lang)
        pages = str(how.pages) if how.pages is not None else ""
        taken = _moment(how.at, of, lang)
        rows.append(
            (str(len(rows) + 1), title, form, str(how.copies), pages, taken, _person(how.by, catalog, lang))
        )
    heads = ("number", "material", "form", "copies", "pages", "at", "by")
    return Table(
        heads=tuple(t(f"materials.head.{head}", lang) for head in heads),
        rows=tuple(rows),
        shares=(2, 9, 5, 2, 2, 7, 5),
    )


def _came(until: History) -> dict[str, _Came]:
    """The latest version of each material, one of which only the name was given among them."""
    came: dict[str, _Came] = {}
    for envelope, event in until:
        by = envelope.actor
        match event:
            case e.FilingSubmitted() | e.MaterialsSupplemented():
                for name in event.materials:
                    came.setdefault(name, _Came(at=event.at, by=by, form="named", copies=1))
            case e.MaterialReceived() | e.MaterialReplaced():
                form = "original" if event.original else "file" if event.channel == "online" else "paper"
                came[event.material] = _Came(
                    at=event.at, by=by, form=form, copies=event.copies, pages=event.pages
                )
            case e.MaterialTakenOver():
                came[event.material] = _Came(at=event.at, by=by, form="held", copies=1)
            case e.MaterialWaived():
                came[event.material] = _Came(at=event.at, by=by, form="waived", copies=1)
    return came


def _next(case: Case, of: Pinned, lang: str) -> str:
    """What the receipt starts: the period within which the organ must say whether it accepts."""
    for clock in case.open_clocks():
        spec = of.definition.clocks.get(clock.clock)
        if spec is not None and "FilingAccepted" in spec.end.events and clock.due is not None:
            words = "answer_or_accepted" if spec.expiry.value == "deemed_accepted" else "answer"
            return t(f"materials.receipt.{words}", lang, on=in_words(clock.due.on, lang))
    return t("materials.receipt.recorded", lang)


def _organ(case: Case, of: Pinned, catalog: Catalog, actor: str) -> str | None:
    """The organ at whose desk the materials were taken in."""
    posts = (state.post for state in of.definition.states.values() if state.post)
    organs = [organ_of(of.definition, case.parties, post) for post in posts if post in of.definition.posts]
    held = {holding.organ for holding in catalog.directory.holdings if holding.person == actor}
    return next((organ for organ in organs if organ in held), None)


def _person(code: str, catalog: Catalog, lang: str) -> str:
    if code == SYSTEM:
        return t("case.system", lang)
    if code.startswith(PUBLIC):
        return t("materials.receipt.applicant", lang)
    known = catalog.directory.persons.get(code)
    return known.name if known is not None else code


def _moment(at: datetime, of: Pinned, lang: str) -> str:
    local = at.astimezone(ZoneInfo(of.definition.zone))
    return f"{in_words(local.date(), lang)} {local:%H:%M}"
