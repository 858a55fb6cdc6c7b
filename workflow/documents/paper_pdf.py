"""A paper of a case (文书) as PDF/A: the same facts as on its page, set as a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.documents.dates import in_words
from workflow.documents.sheet import Block, Items, Section, Sheet, Text, pdf
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.documents.papers import PaperFacts


def paper_pdf(facts: PaperFacts, lang: str) -> bytes:
    """The paper as PDF/A-2b; the same facts give the same bytes."""
    return pdf(paper_sheet(facts, lang), lang)


def paper_sheet(facts: PaperFacts, lang: str) -> Sheet:
    """The paper as a sheet: number, addressee, text, reasons and remedies, and who issued it when."""
    blocks: list[Block] = [Text(text=line) for line in facts.body]
    if facts.defects:
        blocks += [Text(text=t("documents.defects", lang)), Items(items=facts.defects, numbered=True)]
    if facts.reasons:
        blocks.append(Text(text=t("documents.reasons", lang, reasons=facts.reasons)))
    if facts.remedies:
        blocks.append(Text(text=t("documents.remedies", lang, remedies=facts.remedies)))
    on = in_words(facts.on, lang)
    heading = t("documents.addressee", lang, name=facts.addressee) if facts.addressee else facts.title
    return Sheet(
        title=facts.title,
        subtitle=facts.organ,
        tags=(facts.number,) if facts.number else (),
        sections=(Section(heading=heading, blocks=tuple(blocks)),),
        foot=(
            t("documents.number", lang, no=facts.no),
            *((t("documents.sample", lang),) if facts.sample else ()),
        ),
        on=facts.on,
        made=" ".join(part for part in (facts.organ, on) if part),
    )
