"""What people read of a dossier: the case, its course, periods and findings on one page in each language, and its papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from workflow.documents.paper_pdf import paper_pdf
from workflow.documents.papers import paper, paper_facts
from workflow.documents.receipt import receipt_page, receipt_pdf
from workflow.documents.sheet import Block, Pairs, Section, Sheet, Table, Text, page
from workflow.domain import events as e
from workflow.domain.materials.state import RECEIPT
from workflow.domain.reckoning import civil_date
from workflow.evidence.dossier_parts import material_files, paper_names
from workflow.queries.clocks import clocks
from workflow.queries.timeline import timeline
from workflow.texts import t

if TYPE_CHECKING:
    from datetime import datetime

    from workflow.exchange.dossier.subject import Subject


def reading(of: Subject, lang: str, *, personal: bool) -> bytes:
    """The page of the dossier in a language; it stands by itself and opens offline."""
    return page(_sheet(of, lang, personal=personal), lang).encode()


def papers(
    of: Subject, languages: tuple[str, ...], values: Mapping[str, str | None]
) -> Iterator[tuple[str, bytes]]:
    """Every paper of the case, in each language as page and as PDF, under the name of its part. A personal value of None is
    not in the dossier, and the paper says so in its place.
    """
    for envelope, event in of.history:
        if not isinstance(event, e.DocumentIssued):
            continue
        names = iter(paper_names(envelope.seq, event.document, languages))
        for lang in languages:
            shown = {
                name: t("dossier.withheld", lang) if said is None else said for name, said in values.items()
            }
            for content in _printed(of, envelope.seq, event.document, lang, shown):
                yield next(names), content


def _printed(
    of: Subject, seq: int, document: str, lang: str, values: Mapping[str, str]
) -> tuple[bytes, bytes]:
    if document == RECEIPT:
        told = (of.history, seq, of.matter, of.catalog, lang)
        return receipt_page(*told).encode(), receipt_pdf(*told)
    facts = paper_facts(of.history, seq, of.matter, of.catalog, personal=values, lang=lang)
    return paper(facts, lang).encode(), paper_pdf(facts, lang)


def _sheet(of: Subject, lang: str, *, personal: bool) -> Sheet:
    tags = (of.case.no, *((t("dossier.marked", lang),) if personal else ()))
    made = t("dossier.as_of", lang, at=_local(of, of.last.recorded_at), seq=of.last.seq)
    return Sheet(
        title=t("dossier.title", lang),
        subtitle=of.matter.title(lang),
        tags=tags,
        sections=(
            _about(of, lang),
            _timeline(of, lang),
            *_clocks(of, lang),
            *_findings(of, lang),
            *_papers(of, lang),
            *_materials(of, lang),
            _proof(of, lang),
        ),
        foot=(),
        on=civil_date(of.last.recorded_at, of.matter.definition.zone),
        made=made,
    )


def _about(of: Subject, lang: str) -> Section:
    case, words = of.case, of.words
    pairs = [
        (t("case.label.no", lang), case.no),
        (t("case.label.state", lang), words.of("states", case.state, lang=lang)),
        (t("case.label.received", lang), _local(of, case.received_at)),
        (
            t("case.label.outcome", lang),
            words.of("outcomes", case.outcome, lang=lang) if case.outcome else "",
        ),
        *((words.organ(code, lang), name) for name, code in case.parties.items()),
    ]
    told = tuple((name, value) for name, value in pairs if value and name)
    return Section(heading=t("dossier.about", lang), blocks=(Pairs(pairs=told),))


def _timeline(of: Subject, lang: str) -> Section:
    heads = [t(f"dossier.{name}", lang) for name in ("event_no", "when", "what", "who", "detail")]
    rows = tuple(
        (
            str(told.seq),
            _local(of, told.recorded_at),
            told.title,
            " ".join(part for part in (told.person, told.post) if part),
            told.detail,
        )
        for told in timeline(of.history, of.words, lang)
    )
    table = Table(heads=tuple(heads), rows=rows, shares=(1, 3, 5, 3, 6))
    return Section(heading=t("dossier.timeline", lang), blocks=(table,))


def _clocks(of: Subject, lang: str) -> Iterator[Section]:
    blocks: list[Block] = []
    for view in clocks(of.matter.definition, of.case, of.facts, of.last.recorded_at):
        said = view.explanation
        title = of.words.of("clocks", view.clock, lang=lang)
        cited = " ".join(
            part for part in (said.rule_title.get(lang, ""), said.citation.get(lang, "")) if part
        )
        blocks += [
            Text(text=f"{title} ({view.generation})"),
            Text(text=cited, soft=True),
            Text(text=said.short(lang)),
        ]
        heads = tuple(t(f"case.label.{name}", lang) for name in ("date", "number", "reason"))
        rows = tuple(
            (one.date.isoformat(), str(one.number) if one.counted and one.number else "", one.text(lang))
            for one in said.days
        )
        if rows:
            blocks.append(Table(heads=heads, rows=rows, shares=(2, 1, 6)))
    if blocks:
        yield Section(heading=t("dossier.clocks", lang), blocks=tuple(blocks))


def _findings(of: Subject, lang: str) -> Iterator[Section]:
    if not of.case.findings:
        return
    heads = ("number", "colour", "clock", "organ", "post", "person", "standing")
    rows = tuple(
        (
            str(one.number),
            t(f"findings.colour.{one.colour}", lang),
            of.words.of("clocks", one.clock, lang=lang) if one.clock else t(f"findings.{one.rule}", lang),
            of.words.organ(one.organ, lang),
            of.words.of("posts", one.post, lang=lang),
            of.words.person(one.person),
            t(f"findings.life.{one.standing.value}", lang),
        )
        for one in of.case.findings
    )
    table = Table(
        heads=tuple(t(f"findings.label.{name}", lang) for name in heads),
        rows=rows,
        shares=(1, 2, 4, 4, 3, 2, 2),
    )
    yield Section(heading=t("dossier.findings", lang), blocks=(table,))


def _papers(of: Subject, lang: str) -> Iterator[Section]:
    rows = tuple(
        (str(envelope.seq), of.words.of("documents", event.document, lang=lang), _local(of, event.at))
        for envelope, event in of.history
        if isinstance(event, e.DocumentIssued)
    )
    if rows:
        heads = tuple(t(f"dossier.{name}", lang) for name in ("event_no", "what", "when"))
        yield Section(
            heading=t("dossier.papers", lang), blocks=(Table(heads=heads, rows=rows, shares=(1, 5, 3)),)
        )


def _materials(of: Subject, lang: str) -> Iterator[Section]:
    rows = tuple(
        (of.words.of("materials", one.material, lang=lang), str(one.version), one.part)
        for one in material_files(of.history)
    )
    if rows:
        heads = (t("dossier.materials", lang), t("case.label.number", lang), t("dossier.detail", lang))
        yield Section(
            heading=t("dossier.materials", lang), blocks=(Table(heads=heads, rows=rows, shares=(4, 1, 4)),)
        )


def _proof(of: Subject, lang: str) -> Section:
    head = t("dossier.head_is", lang, head=of.last.hash.hex())
    return Section(
        heading=t("dossier.proof", lang),
        blocks=(Text(text=head), Text(text=t("dossier.verify_with", lang), soft=True)),
    )


def _local(of: Subject, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(of.matter.definition.zone)):%Y-%m-%d %H:%M}"
