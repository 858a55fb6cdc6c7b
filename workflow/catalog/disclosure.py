"""The disclosure catalogue (公开目录): every public matter by category, and what is still missing.

Each entry says under which conditions the power is exercised, which posts and persons handle it, its time limits, who
supervises it and how (行使职权的条件、承办岗位和人员、办理时限、监督机构和方式).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from workflow.catalog.categories import Category, category_of
from workflow.catalog.guide import PUBLIC, Guide, guide
from workflow.domain.reckoning import civil_date
from workflow.texts import LANGUAGES

if TYPE_CHECKING:
    from workflow.catalog.limits import Limit
    from workflow.catalog.loader import Catalog, Matter

BLOCKS: Final = ("scope", "conditions", "procedure", "time_limits", "responsibility")
"""The five blocks (范围、条件、程序、时限、责任) without which a matter may not be published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A post of the organ that handles a matter, and the persons who hold it, the responsible ones first."""

    post: str
    organ: str
    persons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A matter in the catalogue. `regime`, `provenance` and `kind` are the words of the definition."""

    code: str
    title: str
    regime: str
    provenance: str
    kind: str
    applicant: str
    scope: str
    conditions: tuple[str, ...]
    holders: tuple[Holder, ...]
    limits: tuple[Limit, ...]
    fees: str
    supervision: str
    remedies: str
    basis: tuple[str, ...]
    version: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the portal that belongs to a category."""

    title: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A category with what is in it."""

    code: str
    title: str
    entries: tuple[Entry, ...]
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """A matter that lacks some of the five blocks in some language."""

    matter: str
    language: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """What is missing: categories with nothing in them, matters in no category, matters that lack a block."""

    empty: tuple[str, ...]
    unsorted: tuple[str, ...]
    lacking: tuple[Lack, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not (self.empty or self.unsorted or self.lacking)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """The catalogue with the law in force `on` a day."""

    on: date
    shelves: tuple[Shelf, ...]
    unsorted: tuple[Entry, ...]
    completeness: Completeness

    @property
    def entries(self) -> tuple[tuple[Shelf | None, Entry], ...]:
        """Every entry with its category."""
        sorted_in = ((shelf, entry) for shelf in self.shelves for entry in shelf.entries)
        return (*sorted_in, *((None, entry) for entry in self.unsorted))


def disclosure(
    catalog: Catalog, categories: Sequence[Category], lang: str, now: datetime, zone: str = "Asia/Shanghai"
) -> Disclosure:
    """The catalogue of every matter that is shown to the public; `zone` is where its own date is that of."""
    on = civil_date(now, zone)
    public = sorted(
        (matter for matter in catalog.matters.values() if matter.audience == PUBLIC),
        key=lambda each: each.code,
    )
    home = {matter.code: category_of(matter, categories) for matter in public}
    entries = {matter.code: _entry(catalog, matter, lang, now, on) for matter in public}
    shelves = tuple(
        Shelf(
            code=category.code,
            title=category.titles[lang],
            entries=tuple(entries[code] for code, found in home.items() if found == category),
            pages=tuple(Page(title=page.titles[lang], address=page.address) for page in category.pages),
        )
        for category in categories
    )
    unsorted = tuple(code for code, found in home.items() if found is None)
    return Disclosure(
        on=on,
        shelves=shelves,
        unsorted=tuple(entries[code] for code in unsorted),
        completeness=Completeness(
            empty=tuple(shelf.code for shelf in shelves if not shelf.entries and not shelf.pages),
            unsorted=unsorted,
            lacking=tuple(lack for matter in public for lack in lacks(matter)),
        ),
    )


def lacks(matter: Matter) -> Iterator[Lack]:
    """Which of the five blocks a matter lacks, by language."""
    for lang in LANGUAGES:
        missing = tuple(block for block in BLOCKS if not _block(matter, block, lang).strip())
        if missing:
            yield Lack(matter=matter.code, language=lang, blocks=missing)


def _block(matter: Matter, block: str, lang: str) -> str:
    place = f"guide.{block}.0" if block == "conditions" else f"guide.{block}"
    return matter.text(place, lang, default="")


def _entry(catalog: Catalog, matter: Matter, lang: str, now: datetime, on: date) -> Entry:
    of: Guide = guide(catalog, matter.code, lang, now)
    return Entry(
        code=matter.code,
        title=of.card.title,
        regime=of.card.regime,
        provenance=of.card.provenance,
        kind=of.card.kind,
        applicant=of.card.applicant,
        scope=of.scope,
        conditions=of.conditions,
        holders=tuple(_holders(catalog, matter, lang, on)),
        limits=of.card.limits,
        fees=of.fees,
        supervision=of.supervision,
        remedies=of.remedies,
        basis=tuple(f"{entry.title} {entry.citation}".strip() for entry in of.basis),
        version=of.version,
        address=f"/matters/{matter.code}",
    )


def _holders(catalog: Catalog, matter: Matter, lang: str, on: date) -> Iterator[Holder]:
    directory = catalog.directory
    for name in matter.order("posts"):
        post = matter.definition.posts[name]
        if not post.organ.startswith("@"):
            persons = directory.holders(post.organ, post.kind, on)
            yield Holder(
                post=matter.text(f"posts.{name}", lang, default=name),
                organ=catalog.organ_name(post.organ, lang),
                persons=tuple(directory.persons[person].name for person in persons),
            )
