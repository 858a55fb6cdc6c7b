"""`banjie matters draw`, `guide` and `catalogue`: what the public gets of the matters, as files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from workflow.cli.rendering import emit, note
from workflow.texts import LANGUAGES, fault_text, language, t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog, Matter


class Drawing(StrEnum):
    """The formats of a drawing."""

    SVG = "svg"
    BPMN = "bpmn"
    MERMAID = "mermaid"


class Paper(StrEnum):
    """The forms of a guide."""

    HTML = "html"
    PDF = "pdf"
    CARD = "card"


class Listing(StrEnum):
    """The formats of the catalogue."""

    HTML = "html"
    JSON = "json"
    CSV = "csv"


def _day(given: str | None) -> str | None:
    try:
        return given and date.fromisoformat(given).isoformat()
    except ValueError as error:
        raise typer.BadParameter(t("matter_papers.day")) from error


def _language(given: str | None) -> str | None:
    if given is not None and given not in LANGUAGES:
        raise typer.BadParameter(t("cli.usage.language", known=", ".join(LANGUAGES)))
    return given


Code = Annotated[str, typer.Argument(metavar="CODE", help=t("matters.help.code"))]
Lang = Annotated[
    str | None,
    typer.Option("--lang", metavar="zh-CN|en", help=t("matter_papers.help.lang"), callback=_language),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", dir_okay=False, help=t("matter_papers.help.out"))
]
On = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help=t("matter_papers.help.day"), callback=_day)
]
AsJson = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]


def draw(
    code: Code,
    form: Annotated[
        Drawing, typer.Option("--format", metavar="svg|bpmn|mermaid", help=t("matter_papers.help.drawing"))
    ] = Drawing.SVG,
    state: Annotated[
        str | None, typer.Option("--state", metavar="STEP", help=t("matter_papers.help.state"))
    ] = None,
    narrow: Annotated[bool, typer.Option("--narrow", help=t("matter_papers.help.narrow"))] = False,
    lang: Lang = None,
    on: On = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    from workflow.domain.reckoning import civil_date

    catalog = _catalog()
    matter = catalog.matter(code)
    _require_step(matter, state)
    spoken = lang or language()
    day = civil_date(_moment(on, matter.definition.zone), matter.definition.zone)
    content = _drawn(catalog, matter, form, spoken, day, state, narrow=narrow)
    _deliver(content, out, {"code": code, "format": form, "lang": spoken, "on": day}, as_json=as_json)


def guide(
    code: Code,
    form: Annotated[
        Paper, typer.Option("--format", metavar="html|pdf|card", help=t("matter_papers.help.paper"))
    ] = Paper.HTML,
    lang: Lang = None,
    on: On = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    from workflow.catalog.guide import guide as read
    from workflow.documents.handout import card_page, card_pdf, guide_page, guide_pdf

    catalog = _catalog()
    spoken = lang or language()
    now = _moment(on, catalog.matter(code).definition.zone)
    if as_json:
        emit(read(catalog, code, spoken, now))
        return
    printed = form is Paper.PDF or (form is Paper.CARD and out is not None and out.suffix.lower() == ".pdf")
    if printed and out is None and sys.stdout.isatty():
        raise typer.BadParameter(t("matter_papers.terminal"), param_hint="--format")
    makers: dict[tuple[Paper, bool], Callable[..., str | bytes]] = {
        (Paper.HTML, False): guide_page,
        (Paper.PDF, True): guide_pdf,
        (Paper.CARD, False): card_page,
        (Paper.CARD, True): card_pdf,
    }
    _deliver(makers[form, printed](catalog, code, spoken, now), out, {}, as_json=False)


def catalogue(
    form: Annotated[
        Listing, typer.Option("--format", metavar="html|json|csv", help=t("matter_papers.help.list"))
    ] = Listing.HTML,
    lang: Lang = None,
    on: On = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    from workflow.catalog.categories import load_categories
    from workflow.catalog.disclosure import disclosure
    from workflow.cli.rendering import json_text
    from workflow.config import Settings
    from workflow.documents.catalogue import catalogue_csv, catalogue_json, catalogue_page, missing

    spoken = lang or language()
    folders = Settings.from_environment().definition_folders()
    found = disclosure(_catalog(), load_categories(folders), spoken, _moment(on, "Asia/Shanghai"))
    if as_json or form is Listing.JSON:
        content: str | bytes = json_text(catalogue_json(found)) + "\n"
    else:
        content = catalogue_csv(found, spoken) if form is Listing.CSV else catalogue_page(found, spoken)
    _deliver(content, out, {}, as_json=False)
    for line in missing(found, spoken):
        note(line)


def _catalog() -> Catalog:
    from workflow.catalog.loader import load
    from workflow.config import Settings

    return load(Settings.from_environment().definition_folders())


def _moment(on: str | None, zone: str) -> datetime:
    """Noon of the day asked for, or now: these papers are made without a database, so its clock is not there."""
    if on is None:
        return datetime.now(UTC)
    return datetime.combine(date.fromisoformat(on), time(12), ZoneInfo(zone)).astimezone(UTC)


def _require_step(matter: Matter, state: str | None) -> None:
    if state is not None and state not in matter.definition.states:
        known = ", ".join(matter.order("states"))
        raise typer.BadParameter(t("matter_papers.no_state", state=state, known=known), param_hint="--state")


def _drawn(
    catalog: Catalog, matter: Matter, form: Drawing, lang: str, on: date, state: str | None, *, narrow: bool
) -> str | bytes:
    match form:
        case Drawing.SVG:
            from workflow.catalog.drawing.chart import chart
            from workflow.catalog.drawing.svg import svg

            return svg(chart(catalog, matter, lang, on, state=state, narrow=narrow))
        case Drawing.BPMN:
            from workflow.catalog.drawing.bpmn import bpmn

            return bpmn(catalog, matter, lang, on)
        case Drawing.MERMAID:
            from workflow.catalog.drawing.mermaid import mermaid

            return mermaid(matter, lang, state=state)


def _deliver(content: str | bytes, out: Path | None, about: dict[str, object], *, as_json: bool) -> None:
    """The file, or stdout, and nothing else there; with `--json` what it is about as well."""
    encoded = content.encode() if isinstance(content, str) else content
    if as_json:
        emit({**about, "content": encoded.decode()})
        return
    if out is not None:
        from workflow.errors import BadInput

        try:
            out.write_bytes(encoded)
        except OSError as error:
            raise BadInput(reason=f"{out}: {fault_text(error)}") from error
        note(t("matter_papers.written", file=out, size=len(encoded)))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(encoded)
    sys.stdout.buffer.flush()
