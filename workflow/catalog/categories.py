"""The categories of disclosure (法定公开项目) from `disclosure/categories.yaml`: configurable, because no source names them.

An installation's own file stands in place of the shipped one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workflow.catalog.faults import Fault
from workflow.catalog.sheet import Sheet, finish, open_sheet
from workflow.texts import shipped_definitions

if TYPE_CHECKING:
    from workflow.catalog.loader import Matter

FILE: Final = Path("disclosure") / "categories.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """A page that fills a category beside its matters."""

    titles: Mapping[str, str]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category, and which matters belong to it: by code, by process, by regime."""

    code: str
    titles: Mapping[str, str]
    matters: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()
    regimes: tuple[str, ...] = ()
    pages: tuple[PublicPage, ...] = ()


def load_categories(folders: Sequence[Path] | None = None) -> tuple[Category, ...]:
    """The categories of the last folder that has them, in their order. Raises BadDefinition with every fault."""
    given = [shipped_definitions(), *(folders or ())]
    path = next(folder / FILE for folder in reversed(given) if (folder / FILE).exists())
    faults: list[Fault] = []
    sheet = open_sheet(path, faults)
    found = tuple(_category(each) for each in sheet.sheets("categories"))
    sheet.close()
    finish(faults)
    return found


def category_of(matter: Matter, categories: Sequence[Category]) -> Category | None:
    """The category of a matter: the one that names its code, else its process, else its regime; None if none does."""
    definition = matter.definition
    by_code = (each for each in categories if definition.code in each.matters)
    by_process = (each for each in categories if definition.process in each.processes)
    by_regime = (each for each in categories if definition.regime.value in each.regimes)
    return next(chain(by_code, by_process, by_regime), None)


def _category(sheet: Sheet) -> Category:
    found = Category(
        code=sheet.text("code"),
        titles=sheet.words("title"),
        matters=tuple(sheet.texts("matters")),
        processes=tuple(sheet.texts("processes")),
        regimes=tuple(sheet.texts("regimes")),
        pages=tuple(_page(each) for each in sheet.sheets("pages", optional=True)),
    )
    sheet.close()
    return found


def _page(sheet: Sheet) -> PublicPage:
    found = PublicPage(titles=sheet.words("title"), address=sheet.text("address"))
    sheet.close()
    return found
