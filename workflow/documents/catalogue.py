"""The disclosure catalogue (公开目录) for readers (HTML), programs (JSON) and spreadsheets (CSV)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import msgspec

from workflow.documents.cells import harmless
from workflow.documents.sheet import Block, Section, Sheet, Table, Text, page
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.catalog.disclosure import Disclosure, Entry, Shelf

_COLUMNS: Final = (
    "category",
    "code",
    "title",
    "regime",
    "provenance",
    "kind",
    "applicant",
    "scope",
    "conditions",
    "holders",
    "limits",
    "fees",
    "supervision",
    "remedies",
    "basis",
    "version",
    "address",
)
_SHOWN: Final = ("title", "conditions", "holders", "limits", "supervision")


def catalogue_page(of: Disclosure, lang: str) -> str:
    """The catalogue as HTML that stands by itself."""
    return page(catalogue_sheet(of, lang), lang)


def catalogue_sheet(of: Disclosure, lang: str) -> Sheet:
    """The catalogue as a sheet: a table for each category, and at the end what is missing."""
    return Sheet(
        title=t("disclosure.title", lang),
        subtitle=t("disclosure.subtitle", lang),
        tags=(
            t("disclosure.categories", lang, count=len(of.shelves)),
            t("disclosure.matters", lang, count=len(of.entries)),
        ),
        sections=(
            *(_shelf(shelf, lang) for shelf in of.shelves),
            *_unsorted(of, lang),
            Section(
                heading=t("disclosure.completeness.heading", lang),
                blocks=tuple(Text(text=line) for line in missing(of, lang)),
            ),
        ),
        foot=(),
        on=of.on,
    )


def catalogue_json(of: Disclosure) -> Any:
    """The catalogue as plain data, completeness and all."""
    return msgspec.to_builtins(of)


def catalogue_csv(of: Disclosure, lang: str) -> bytes:
    """The catalogue as CSV in UTF-8 with a byte order mark, as spreadsheets expect it. A cell that a spreadsheet would take
    for a formula is led by an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([t(f"disclosure.head.{column}", lang) for column in _COLUMNS])
    for shelf, entry in of.entries:
        cells = _cells(entry, lang) | {"category": shelf.title if shelf else t("disclosure.unsorted", lang)}
        writer.writerow([harmless(cells[column]) for column in _COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def missing(of: Disclosure, lang: str) -> Iterator[str]:
    """What the catalogue lacks, in words; one sentence that it lacks nothing if it does not."""
    found = of.completeness
    if found.whole:
        yield t("disclosure.completeness.whole", lang)
        return
    titles = {shelf.code: shelf.title for shelf in of.shelves} | {e.code: e.title for _, e in of.entries}
    for kind, codes in (("empty", found.empty), ("unsorted", found.unsorted)):
        if codes:
            names = t("disclosure.semicolon", lang).join(titles[code] for code in codes)
            yield t(f"disclosure.completeness.{kind}", lang, names=names)
    for lack in found.lacking:
        blocks = _and((t(f"disclosure.block.{block}", lang) for block in lack.blocks), lang)
        spoken = t(f"disclosure.language.{lack.language}", lang)
        yield t(
            "disclosure.completeness.lacking",
            lang,
            matter=titles[lack.matter],
            blocks=blocks,
            language=spoken,
        )


def _shelf(shelf: Shelf, lang: str) -> Section:
    blocks: list[Block] = [_table(shelf.entries, lang)] if shelf.entries else []
    blocks += [Text(text=page.title, link=page.address) for page in shelf.pages]
    return Section(
        heading=shelf.title, blocks=tuple(blocks) or (Text(text=t("disclosure.nothing", lang), soft=True),)
    )


def _unsorted(of: Disclosure, lang: str) -> Iterator[Section]:
    if of.unsorted:
        yield Section(heading=t("disclosure.unsorted", lang), blocks=(_table(of.unsorted, lang),))


def _table(entries: tuple[Entry, ...], lang: str) -> Table:
    rows = []
    for entry in entries:
        cells = _cells(entry, lang, between="\n")
        cells["title"] = "\n".join((entry.title, cells["regime"], cells["provenance"]))
        rows.append(tuple(cells[column] for column in _SHOWN))
    heads = tuple(t(f"disclosure.head.{column}", lang) for column in _SHOWN)
    return Table(
        heads=heads, rows=tuple(rows), shares=(5, 8, 7, 6, 4), links=tuple(entry.address for entry in entries)
    )


def _cells(entry: Entry, lang: str, between: str | None = None) -> dict[str, str]:
    """Every cell of an entry in words."""
    line = t("disclosure.semicolon", lang) if between is None else between
    return {
        "code": entry.code,
        "title": entry.title,
        "regime": t(f"portal.regime.{entry.regime}", lang),
        "provenance": t(f"portal.provenance.{entry.provenance}", lang),
        "kind": t(f"portal.kind.{entry.kind}", lang),
        "applicant": entry.applicant,
        "scope": entry.scope,
        "conditions": line.join(entry.conditions),
        "holders": line.join(_holders(entry, lang)),
        "limits": line.join(_limits(entry, lang)),
        "fees": entry.fees,
        "supervision": entry.supervision,
        "remedies": entry.remedies,
        "basis": line.join(entry.basis),
        "version": entry.version,
        "address": entry.address,
    }


def _holders(entry: Entry, lang: str) -> Iterator[str]:
    for holder in entry.holders:
        name = "holder_named" if holder.persons else "holder"
        persons = _and(holder.persons, lang)
        yield t(f"disclosure.{name}", lang, post=holder.post, organ=holder.organ, persons=persons)


def _limits(entry: Entry, lang: str) -> Iterator[str]:
    for limit in entry.limits:
        nature = t(f"portal.limits.{limit.nature}", lang)
        length = t("guide.length", lang, length=limit.length, nature=nature)
        yield t("disclosure.limit", lang, title=limit.title, length=length)


def _and(texts: Iterator[str] | tuple[str, ...], lang: str) -> str:
    return t("disclosure.and", lang).join(texts)
