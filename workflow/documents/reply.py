"""The reply to a filing letter (批复, 复函) with its list: each case, what it came to, and the paper that gives the reasons.

What it says was fixed when it was issued; only names may be missing later, once they have lawfully been erased.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow.documents.dates import in_words
from workflow.documents.sheet import Section, Sheet, Table, Text, page, pdf
from workflow.domain.publication import NAME
from workflow.domain.reckoning import civil_date
from workflow.errors import NotFound
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.catalog.pinned import Pinned
    from workflow.storage.letter_register import KeptLetter, KeptMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """A letter that has been answered, the cases on the reply's list, and the matter of the first of them."""

    kept: KeptLetter
    members: Sequence[KeptMember]
    matter: Pinned


def reply_page(of: Replied, catalog: Catalog, names: Mapping[str, str], lang: str) -> str:
    """The reply as HTML that stands by itself. Raises NotFound while there is none."""
    return page(reply_sheet(of, catalog, names, lang), lang)


def reply_pdf(of: Replied, catalog: Catalog, names: Mapping[str, str], lang: str) -> bytes:
    """The reply as PDF/A-2b; the same reply gives the same bytes. Raises NotFound while there is none."""
    return pdf(reply_sheet(of, catalog, names, lang), lang)


def reply_sheet(of: Replied, catalog: Catalog, names: Mapping[str, str], lang: str) -> Sheet:
    """What the reply says. `names` are the persons of its cases by case id, as far as they have not been erased.

    Raises NotFound while there is none.
    """
    kept, definition = of.kept, of.matter.definition
    if kept.replied_at is None:
        raise NotFound(what="reply", name=kept.number)
    on = civil_date(kept.replied_at, definition.zone)
    organ = deciding_organ(of, catalog)
    subordinate = organ is not None and organ in catalog.directory.superiors(kept.organ)
    kind = "instruction" if subordinate else "answer"
    writer = catalog.organ_name(organ, lang) if organ else ""
    number = f"{kept.reply_series}〔{kept.reply_year}〕{kept.reply_number}号"
    said = {"matter": of.matter.title(lang), "letter": kept.number, "count": len(of.members)}
    by_outcome: dict[str, int] = {}
    for member in of.members:
        by_outcome[_outcome(of, member, lang)] = by_outcome.get(_outcome(of, member, lang), 0) + 1
    counts = t("letter.comma", lang).join(
        t("letter.count", lang, outcome=outcome, count=count) for outcome, count in by_outcome.items()
    )
    addressee = catalog.organ_name(kept.organ, lang)
    sections = (
        Section(
            heading=t("letter.reply.to", lang, organ=addressee),
            blocks=(
                Text(text=t("letter.reply.received", lang, **said)),
                Text(text=t("letter.reply.result", lang, counts=counts)),
                Text(text=t("letter.reply.reasons", lang), soft=True),
            ),
        ),
        Section(heading=t("letter.reply.list", lang), blocks=(_list(of, names, lang),)),
    )
    sample = (t("documents.sample", lang),) if organ in catalog.samples else ()
    return Sheet(
        title=t(f"letter.reply.title.{kind}", lang, **said),
        subtitle=writer,
        tags=(number,),
        sections=sections,
        foot=sample,
        on=on,
        made=t("letter.reply.made", lang, organ=writer, on=in_words(on, lang)),
    )


def deciding_organ(of: Replied, catalog: Catalog) -> str | None:
    """The organ in whose name the reply goes out: that of the post that approves, a division in the name of its ministry."""
    definition, directory = of.matter.definition, catalog.directory
    stages = ("approve", "accept", "review")
    posts = [
        state.post
        for stage in stages
        for state in definition.states.values()
        if state.stage == stage and state.post
    ]
    organs = [definition.posts[post].organ for post in posts if post in definition.posts]
    organ = next((code for code in organs if not code.startswith("@")), None)
    return (directory.organ_above(organ, "ministry") or organ) if organ is not None else None


def _list(of: Replied, names: Mapping[str, str], lang: str) -> Table:
    personal = NAME in of.matter.definition.personal
    heads = ["place", "case", *(["person"] if personal else []), "outcome", "paper"]
    erased = t("documents.deleted", lang)
    rows: list[tuple[str, ...]] = []
    for member in of.members:
        person: Sequence[str] = (names.get(member.case_id, erased),) if personal else ()
        rows.append((str(member.place), member.no, *person, _outcome(of, member, lang), member.paper or "—"))
    shares = {"place": 1, "case": 4, "person": 3, "outcome": 3, "paper": 5}
    return Table(
        heads=tuple(t(f"letter.head.{head}", lang) for head in heads),
        rows=tuple(rows),
        shares=tuple(shares[head] for head in heads),
    )


def _outcome(of: Replied, member: KeptMember, lang: str) -> str:
    outcome = member.letter_outcome or ""
    return of.matter.text(f"outcomes.{outcome}", lang, default=outcome)
