"""The service guide (办事指南) of a matter, read out of the very definition that the engine runs.

Everything here is plain words and plain values in one language; pages, the API and the command line only lay it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count, takewhile
from typing import TYPE_CHECKING

from workflow.catalog.limits import Limit, limits
from workflow.catalog.procedure import Onward, PostLine, Step, anytime, posts, steps
from workflow.domain.publication import shown_fields
from workflow.domain.reckoning import civil_date
from workflow.errors import UnknownMatter
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog, Matter
    from workflow.catalog.pinned import Pinned

PUBLIC = "public"
"""The audience whose matters are shown to everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialLine:
    """A material (申请材料) that is asked for; `source` is applicant, organ or shared."""

    title: str
    note: str
    source: str
    copies: int
    required: bool
    original: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A paper that may be issued; `series` is the prefix of its document number (文号)."""

    title: str
    series: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A publication of the procedure and the titles of what it may show, and no more."""

    title: str
    before_effect: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """One legal basis (依据) and how sure it is."""

    title: str
    citation: str
    provenance: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterCard:
    """A matter in a list: what it is, what kind of law stands behind it, and how well that is attested."""

    code: str
    title: str
    note: str
    regime: str
    provenance: str
    kind: str
    applicant: str
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """The whole guide of a matter. `anytime` are the ways out that most steps share; `distinct` names posts that
    pairwise different persons must hold; `version` is the hash of the definition.
    """

    card: MatterCard
    version: str
    scope: str
    conditions: tuple[str, ...]
    materials: tuple[MaterialLine, ...]
    procedure: str
    steps: tuple[Step, ...]
    anytime: tuple[Onward, ...]
    time_limits: str
    limits: tuple[Limit, ...]
    responsibility: str
    posts: tuple[PostLine, ...]
    distinct: tuple[tuple[str, ...], ...]
    outcomes: tuple[str, ...]
    papers: tuple[PaperLine, ...]
    publications: tuple[Publication, ...]
    fees: str
    collect: str
    remedies: str
    supervision: str
    basis: tuple[Basis, ...]


def public_matter(catalog: Catalog, code: str) -> Matter:
    """A matter that is shown to the public. Raises UnknownMatter, also for one that is there but not shown."""
    matter = catalog.matter(code)
    if matter.audience != PUBLIC:
        raise UnknownMatter(what="matter", name=code)
    return matter


def cards(catalog: Catalog, lang: str, now: datetime) -> tuple[MatterCard, ...]:
    """Every matter that is shown to the public, with the law in force `now`."""
    shown = (matter for matter in catalog.matters.values() if matter.audience == PUBLIC)
    return tuple(
        _card(matter, lang, limits(catalog.law, matter, lang, _today(matter, now))) for matter in shown
    )


def guide(catalog: Catalog, code: str, lang: str, now: datetime) -> Guide:
    """The guide of a public matter, with the law in force `now`. Raises UnknownMatter."""
    matter = public_matter(catalog, code)
    definition, on = matter.definition, _today(matter, now)
    periods = limits(catalog.law, matter, lang, on)

    def block(name: str) -> str:
        return matter.text(f"guide.{name}", lang, default="")

    return Guide(
        card=_card(matter, lang, periods),
        version=definition.hash,
        scope=block("scope"),
        conditions=_numbered(matter, "guide.conditions", lang),
        materials=tuple(_materials(matter, lang)),
        procedure=block("procedure"),
        steps=steps(catalog, matter, lang, on),
        anytime=anytime(matter, lang),
        time_limits=block("time_limits"),
        limits=periods,
        responsibility=block("responsibility"),
        posts=posts(catalog, matter, lang),
        distinct=tuple(
            tuple(matter.text(f"posts.{post}", lang, default=post) for post in group)
            for group in definition.distinct
        ),
        outcomes=tuple(matter.text(f"outcomes.{name}", lang) for name in matter.order("outcomes")),
        papers=tuple(
            PaperLine(title=matter.text(f"documents.{name}", lang), series=definition.documents[name].series)
            for name in matter.order("documents")
        ),
        publications=tuple(_publications(matter, lang)),
        fees=block("fees"),
        collect=block("collect"),
        remedies=block("remedies"),
        supervision=block("supervision"),
        basis=tuple(_basis(matter, lang)),
    )


def field_title(matter: Matter | Pinned, field: str, lang: str, *, before_effect: bool = True) -> str:
    """What a field of a notice is called: in the matter's own form, or in the words that all notices share."""
    after = "_after" if field == "published_on" and not before_effect else ""
    return matter.text(f"form.{field}", lang, default="") or t(f"public.fact.{field}{after}", lang)


def _today(matter: Matter, now: datetime) -> date:
    return civil_date(now, matter.definition.zone)


def _card(matter: Matter, lang: str, periods: tuple[Limit, ...]) -> MatterCard:
    definition = matter.definition
    return MatterCard(
        code=definition.code,
        title=matter.title(lang),
        note=matter.text("note", lang, default=""),
        regime=definition.regime.value,
        provenance=definition.provenance,
        kind=definition.kind,
        applicant=matter.text("guide.applicant", lang, default=""),
        limits=tuple(limit for limit in periods if limit.scope == "case"),
    )


def _materials(matter: Matter, lang: str) -> Iterator[MaterialLine]:
    for name in matter.order("materials"):
        material = matter.definition.materials[name]
        yield MaterialLine(
            title=matter.text(f"materials.{name}", lang),
            note=matter.text(f"materials.{name}.note", lang, default=""),
            source=material.source,
            copies=material.copies,
            required=material.required,
            original=bool(matter.tree["materials"][name].get("original", False)),
        )


def _publications(matter: Matter, lang: str) -> Iterator[Publication]:
    for name in matter.order("notices"):
        before = matter.definition.notices[name].before_effect
        shown = shown_fields(matter.definition, name)
        yield Publication(
            title=matter.text(f"notices.{name}", lang),
            before_effect=before,
            fields=tuple(field_title(matter, field, lang, before_effect=before) for field in shown),
        )


def _basis(matter: Matter, lang: str) -> Iterator[Basis]:
    for entry in matter.tree.get("basis", ()):
        yield Basis(
            title=entry["title"][lang],
            citation=entry.get("citation", {}).get(lang, ""),
            provenance=entry.get("provenance", ""),
            note=entry.get("note", {}).get(lang, ""),
        )


def _numbered(matter: Matter, key: str, lang: str) -> tuple[str, ...]:
    """The texts of a list: its keys end in 0, 1, 2 and so on."""
    found = (matter.text(f"{key}.{number}", lang, default="") for number in count())
    return tuple(takewhile(bool, found))
