"""The service guide (办事指南) and the plain-language card (明白卡) of a matter, as sheets for a page or a PDF.

Both say what the guide of the catalogue says and add nothing of their own, so neither can drift from what the engine does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from workflow.documents.sheet import Block, Items, Pairs, Section, Sheet, Table, Text
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.catalog.guide import Guide, MaterialLine
    from workflow.catalog.limits import Limit
    from workflow.catalog.procedure import Step

_DIGEST = 12


def guide_sheet(of: Guide, lang: str, on: date) -> Sheet:
    """The whole guide of a matter, with the law in force `on` a day."""
    return Sheet(
        title=of.card.title,
        subtitle=t("guide.title", lang),
        tags=_tags(of, lang),
        sections=tuple(_sections(of, lang)),
        foot=(_word("version_text", lang), t("guide.version", lang, version=of.version[:_DIGEST])),
        on=on,
        chart_heading=t("guide.chart", lang),
        chart_text=t("guide.chart_text", lang),
    )


def card_sheet(of: Guide, lang: str, on: date) -> Sheet:
    """What an applicant must know, on one page: who, what to bring, how long, what it costs, where, what for, complaints."""
    needed = [_brought(material, lang) for material in of.materials if material.required]
    others = [_brought(material, lang) for material in of.materials if not material.required]
    bring: list[Block] = [
        Items(items=tuple(needed), numbered=True) if needed else Text(text=t("guide.card.nothing", lang))
    ]
    if others:
        bring.append(Text(text=t("guide.card.also", lang, materials=_and(others, lang)), soft=True))
    return Sheet(
        title=of.card.title,
        subtitle=t("guide.card.title", lang),
        tags=_tags(of, lang),
        sections=(
            _asked("who", lang, Text(text=of.card.applicant), Items(items=of.conditions)),
            _asked("bring", lang, *bring),
            _asked(
                "long",
                lang,
                Pairs(pairs=tuple((limit.title, _length(limit, lang)) for limit in of.card.limits)),
            ),
            _asked("cost", lang, Text(text=of.fees or t("guide.card.no_fees", lang))),
            _asked("where", lang, Text(text=_and(_where(of.steps), lang) or of.responsibility)),
            _asked("get", lang, Text(text=_and(of.outcomes, lang)), *_some(of.collect)),
            _asked("complain", lang, *_some(of.supervision, of.remedies)),
        ),
        foot=(t("guide.card.more", lang),),
        on=on,
        card=True,
    )


def _sections(of: Guide, lang: str) -> Iterator[Section]:
    yield _section(
        "scope", lang, Text(text=of.scope), Pairs(pairs=((_word("applicant", lang), of.card.applicant),))
    )
    yield _section("conditions", lang, Items(items=of.conditions, numbered=True))
    yield _section("materials", lang, _materials(of, lang))
    yield _section("procedure", lang, Text(text=of.procedure), _steps(of, lang), *_anytime(of, lang))
    yield _section("limits", lang, Text(text=of.time_limits), _limits(of, lang))
    yield _section(
        "responsibility", lang, Text(text=of.responsibility), _posts(of, lang), *_distinct(of, lang)
    )
    yield _section("outcomes", lang, Pairs(pairs=tuple(_outcomes(of, lang))))
    yield _section(
        "remedies", lang, *_some(of.remedies), Pairs(pairs=((_word("supervision", lang), of.supervision),))
    )
    yield _section("basis", lang, _basis(of, lang))


def _materials(of: Guide, lang: str) -> Block:
    rows = (
        (
            _joined(material.title, material.note),
            _source(material, lang),
            str(material.copies),
            _word("required" if material.required else "optional", lang),
        )
        for material in of.materials
    )
    heads = ("material", "source", "copies", "needed")
    return Table(heads=tuple(_word(head, lang) for head in heads), rows=tuple(rows), shares=(10, 7, 2, 3))


def _steps(of: Guide, lang: str) -> Block:
    rows = (
        (
            _joined(step.title, step.note),
            t(f"portal.stage.{step.stage}", lang),
            _held(step, lang),
            step.limit or "",
            "\n".join(t("guide.onward", lang, action=way.action, to=way.to) for way in step.onward),
        )
        for step in of.steps
    )
    heads = (
        t("guide.step", lang),
        t("guide.stage", lang),
        *(_word(head, lang) for head in ("who", "limit", "next")),
    )
    return Table(heads=heads, rows=tuple(rows), shares=(7, 3, 6, 4, 9))


def _limits(of: Guide, lang: str) -> Block:
    rows = (
        (
            _joined(limit.title, limit.note),
            _joined(_length(limit, lang), *_conditions(limit, lang)),
            limit.citation,
        )
        for limit in of.limits
    )
    heads = ("limit_name", "length", "basis_of_limit")
    return Table(heads=tuple(_word(head, lang) for head in heads), rows=tuple(rows), shares=(6, 9, 7))


def _posts(of: Guide, lang: str) -> Block:
    rows = tuple((post.title, post.organ or _word("by_party", lang)) for post in of.posts)
    return Table(heads=(_word("post", lang), _word("organ", lang)), rows=rows, shares=(1, 1))


def _basis(of: Guide, lang: str) -> Block:
    rows = (
        (
            _joined(entry.title, entry.note),
            entry.citation,
            t(f"portal.provenance.{entry.provenance}", lang) if entry.provenance else "",
        )
        for entry in of.basis
    )
    heads = (_word("basis", lang), t("guide.citation", lang), _word("provenance", lang))
    return Table(heads=heads, rows=tuple(rows), shares=(9, 9, 3))


def _outcomes(of: Guide, lang: str) -> Iterator[tuple[str, str]]:
    yield _word("outcome_words", lang), _and(of.outcomes, lang)
    papers = (
        f"{paper.title} {_word('numbered', lang, series=paper.series)}" if paper.series else paper.title
        for paper in of.papers
    )
    yield _word("papers", lang), _and(papers, lang)
    for publication in of.publications:
        shown = _and(publication.fields, lang)
        yield publication.title, t("guide.named", lang, name=_word("published_fields", lang), value=shown)
    if of.fees:
        yield _word("fees", lang), of.fees
    if of.collect:
        yield _word("collect", lang), of.collect


def _anytime(of: Guide, lang: str) -> Iterator[Block]:
    for way in of.anytime:
        if way.to:
            yield Text(text=_word("anytime", lang, action=way.action, to=way.to), soft=True)


def _distinct(of: Guide, lang: str) -> Iterator[Block]:
    for group in of.distinct:
        yield Text(text=_word("distinct", lang, posts=_and(group, lang)), soft=True)


def _conditions(limit: Limit, lang: str) -> Iterator[str]:
    if limit.statutory:
        yield _word("statutory", lang, length=limit.statutory)
    if limit.extension:
        times, length = limit.extension
        yield (
            _word("extension", lang, length=length)
            if times == 1
            else _word("extension_many", lang, times=times, length=length)
        )
    if limit.grounds:
        yield _word("grounds", lang, grounds=_and(limit.grounds, lang))
    if limit.scope == "applicant":
        yield t("portal.expiry.applicant", lang)
    elif limit.expiry != "alert":
        yield t(f"portal.expiry.{limit.expiry}", lang)


def _length(limit: Limit, lang: str) -> str:
    least = f"{_word('minimum', lang)} " if limit.minimum else ""
    return t(
        "guide.length", lang, length=f"{least}{limit.length}", nature=t(f"portal.limits.{limit.nature}", lang)
    )


def _held(step: Step, lang: str) -> str:
    if step.final:
        return _word("ends_here", lang)
    return _joined(step.post or t("public.holder.system", lang), step.organ or "")


def _source(material: MaterialLine, lang: str) -> str:
    source = t(f"portal.source.{material.source}", lang)
    return _joined(source, _word("originals", lang)) if material.original else source


def _brought(material: MaterialLine, lang: str) -> str:
    if material.copies > 1:
        return t("guide.card.copies", lang, title=material.title, copies=material.copies)
    return material.title


def _where(steps: Iterable[Step]) -> tuple[str, ...]:
    """The organ that accepts; of several steps of acceptance each organ once."""
    return tuple(
        dict.fromkeys(step.organ for step in steps if step.stage in ("accept", "submit") and step.organ)
    )


def _tags(of: Guide, lang: str) -> tuple[str, ...]:
    card = of.card
    return (
        t(f"portal.regime.{card.regime}", lang),
        t(f"portal.provenance.{card.provenance}", lang),
        t(f"portal.kind.{card.kind}", lang),
    )


def _asked(question: str, lang: str, *blocks: Block) -> Section:
    return Section(heading=t(f"guide.card.{question}", lang), blocks=tuple(filter(_says, blocks)))


def _section(name: str, lang: str, *blocks: Block) -> Section:
    return Section(heading=_word(name, lang), blocks=tuple(filter(_says, blocks)))


def _says(block: Block) -> bool:
    """Whether anything stands in a block."""
    match block:
        case Text():
            return bool(block.text)
        case Items():
            return bool(block.items)
        case Pairs():
            return bool(block.pairs)
        case Table():
            return bool(block.rows)


def _some(*texts: str) -> Iterator[Block]:
    return (Text(text=text) for text in texts if text)


def _word(name: str, lang: str, **fields: object) -> str:
    return t(f"portal.matter.{name}", lang, **fields)


def _and(texts: Iterable[str], lang: str) -> str:
    return t("portal.site.comma", lang).join(texts)


def _joined(*texts: str) -> str:
    """One under the other; what is empty is left out."""
    return "\n".join(filter(None, texts))
