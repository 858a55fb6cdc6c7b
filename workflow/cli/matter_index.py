"""`banjie matters import` and `search`: other organs' catalogues beside our own, found by words or pinyin initials."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.rendering import emit, note, say, table
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog

AsJson = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]


def import_catalogue(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=t("matter_index.help.file"))],
    source: Annotated[str, typer.Option("--source", help=t("matter_index.help.source"))],
    as_json: AsJson = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.exchange.foreign_matters import read_catalogue

    entries = read_catalogue(file, source)
    with open_banjie(create=True) as banjie:
        banjie.store.replace_matter_index(source, entries)
    if as_json:
        emit({"source": source, "matters": len(entries)})
    else:
        say(t("matter_index.imported", count=len(entries), source=source))


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORD…", help=t("matter_index.help.words"))],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help=t("matter_index.help.limit"))] = 20,
    as_json: AsJson = False,
) -> None:
    from workflow.cli.opening import open_banjie

    with open_banjie(create=True) as banjie:
        own = _own(banjie.catalog, words)
        found = [*own, *(_entry(matter) for matter in banjie.store.find_matters(words, limit))][:limit]
    if as_json:
        emit(found)
        return
    keys = ("code", "title", "organ", "source")
    for line in table(
        [t(f"matter_index.head.{key}") for key in keys], ([m[key] for key in keys] for m in found)
    ):
        say(line)
    if not found:
        note(t("matter_index.none"))


def _own(catalog: Catalog, words: list[str]) -> list[dict[str, Any]]:
    """Our own matters in which every word stands, in either language or as pinyin initials."""
    from workflow.exchange.foreign_matters import initials

    found = []
    for matter in sorted(catalog.matters.values(), key=lambda matter: matter.code):
        titles = [matter.title("zh-CN"), matter.title("en")]
        text = " ".join((matter.code, *titles, initials(titles[0]))).lower()
        if all(word.lower() in text for word in words):
            found.append(
                {
                    "code": matter.code,
                    "title": matter.title(),
                    "organ": "",
                    "kind": "",
                    "link": "",
                    "source": "banjie",
                }
            )
    return found


def _entry(matter: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(matter)
