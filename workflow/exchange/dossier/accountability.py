"""The accountability file (责任追究案卷): one finding from its raising to its result, with the record that proves it."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from workflow.documents.sheet import Block, Pairs, Section, Sheet, Table, Text, page, pdf
from workflow.domain import events as e
from workflow.domain.reckoning import civil_date
from workflow.exchange.dossier.archive import Archive
from workflow.exchange.dossier.subject import subject
from workflow.exchange.dossier.writing import about, record_parts
from workflow.queries.findings import finding_file
from workflow.queries.timeline import detail, title
from workflow.texts import LANGUAGES, t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow.domain.envelope import Envelope
    from workflow.domain.events import Event
    from workflow.engine.banjie import Banjie
    from workflow.exchange.dossier.subject import Subject
    from workflow.queries.findings import FindingFile

KIND = "accountability"

_PASSED_ON = (
    e.WorkClaimed, e.WorkAssigned, e.WorkReleased, e.WorkDelegated, e.DelegationReturned, e.CaseMigrated,
)  # fmt: skip


def write_accountability(banjie: Banjie, no: str, number: int, file: IO[bytes]) -> str:
    """Write the file as a dossier of its own; gives the SHA-256 of its manifest (hex). Raises UnknownCase, NotFound."""
    of, found = subject(banjie, no), finding_file(banjie.store, banjie.present_catalog(), no, number)
    archive = Archive(file)
    for name, made in record_parts(of):
        archive.add(name, made)
    told = {"finding": number, "attribution": msgspec.to_builtins(found.attribution)}
    archive.add("attribution.json", msgspec.json.encode(told, order="deterministic"))
    for lang in LANGUAGES:
        archive.add(f"index.{lang}.html", page(_sheet(of, found, lang), lang).encode())
        archive.add(f"file.{lang}.pdf", pdf(_sheet(of, found, lang), lang))
    return archive.close({**about(of, KIND, personal=False), "finding": number})


def accountability_pdf(banjie: Banjie, no: str, number: int, lang: str) -> bytes:
    """The file as PDF/A-2b in one language. Raises UnknownCase, NotFound."""
    of, found = subject(banjie, no), finding_file(banjie.store, banjie.present_catalog(), no, number)
    return pdf(_sheet(of, found, lang), lang)


def _sheet(of: Subject, found: FindingFile, lang: str) -> Sheet:
    zone = of.matter.definition.zone
    return Sheet(
        title=t("dossier.accountability", lang),
        subtitle=f"{of.matter.title(lang)} {of.case.no}",
        tags=(t(f"findings.colour.{found.finding.colour}", lang),),
        sections=(
            _finding(of, found, lang),
            _events(of, _of_the_finding(of, found.finding.finding), t("dossier.life", lang), lang),
            _attribution(of, found, lang),
            _events(of, _handed_over(of), t("dossier.hand_overs", lang), lang),
            Section(
                heading=t("dossier.proof", lang),
                blocks=(Text(text=t("dossier.head_is", lang, head=of.last.hash.hex())),),
            ),
        ),
        foot=(),
        on=civil_date(of.last.recorded_at, zone),
        made=t("dossier.as_of", lang, at=_local(of, of.last), seq=of.last.seq),
    )


def _finding(of: Subject, found: FindingFile, lang: str) -> Section:
    one, words = found.finding, of.words
    subject_ = words.of("clocks", one.clock, lang=lang) if one.clock else t(f"findings.{one.rule}", lang)
    pairs = (
        (t("findings.label.no", lang), one.no),
        (t("findings.label.number", lang), str(one.finding)),
        (t("findings.label.colour", lang), t(f"findings.colour.{one.colour}", lang)),
        (t("findings.label.clock", lang), subject_),
        (t("dossier.article", lang), one.article or ""),
        (t("findings.label.due", lang), one.due_on.isoformat() if one.due_on else ""),
        (t("findings.label.organ", lang), words.organ(one.organ, lang)),
        (t("findings.label.post", lang), words.of("posts", one.post, lang=lang)),
        (t("findings.label.person", lang), words.person(one.person)),
        (t("findings.label.standing", lang), t(f"findings.life.{one.standing}", lang)),
    )
    told = tuple(pair for pair in pairs if pair[1])
    return Section(heading=t("dossier.findings", lang), blocks=(Pairs(pairs=told),))


def _attribution(of: Subject, found: FindingFile, lang: str) -> Section:
    words, told = of.words, found.attribution
    rows = []
    for share in told.shares:
        whose = share.whose
        names = (
            words.organ(whose.organ, lang),
            words.of("posts", whose.post, lang=lang) if whose.post else "",
            words.person(whose.person),
        )
        who = " ".join(name for name in names if name) or t(f"findings.holder.{whose.holder}", lang)
        rows.append((who, str(share.days), str(share.excess), str(share.overrun)))
    rows.append((t("findings.share.total", lang), str(told.days), "", str(told.overrun)))
    heads = tuple(t(f"findings.share.{name}", lang) for name in ("whose", "days", "excess", "overrun"))
    table = Table(heads=heads, rows=tuple(rows), shares=(6, 2, 2, 2))
    return Section(heading=t("dossier.attribution", lang), blocks=(table,))


def _events(of: Subject, told: Iterable[tuple[Envelope, Event]], heading: str, lang: str) -> Section:
    """Events with their numbers and the beginnings of their hashes, so that each can be found in the record."""
    rows = tuple(
        (
            str(envelope.seq),
            _local(of, envelope),
            title(event, of.words, lang),
            of.words.person(envelope.actor),
            detail(event, of.words, lang),
            envelope.hash.hex()[:16],
        )
        for envelope, event in told
    )
    names = ("event_no", "when", "what", "who", "detail", "hash")
    heads = tuple(t(f"dossier.{name}", lang) for name in names)
    blocks: tuple[Block, ...] = (Table(heads=heads, rows=rows, shares=(1, 3, 4, 2, 5, 3)),) if rows else ()
    return Section(heading=heading, blocks=blocks or (Text(text="—", soft=True),))


def _of_the_finding(of: Subject, number: int) -> list[tuple[Envelope, Event]]:
    return [pair for pair in of.history if getattr(pair[1], "finding", None) == number]


def _handed_over(of: Subject) -> list[tuple[Envelope, Event]]:
    return [pair for pair in of.history if isinstance(pair[1], _PASSED_ON)]


def _local(of: Subject, envelope: Envelope) -> str:
    return f"{envelope.recorded_at.astimezone(ZoneInfo(of.matter.definition.zone)):%Y-%m-%d %H:%M}"
