"""How one finding looks: what it is, its life event by event, and whose the days of the case were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from workflow.cli.finding_words import standing
from workflow.cli.rendering import day, local, pairs, table
from workflow.queries.timeline import detail, title, who
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.queries.findings import FindingFile


def finding_page(found: FindingFile) -> list[str]:
    """The lines of `findings show`."""
    return [*_head(found), "", *_life(found), "", *_days(found)]


def finding_plain(found: FindingFile) -> dict[str, Any]:
    """The same for programs."""
    one = found.finding
    return {
        **{name: getattr(one, name) for name in one.__dataclass_fields__},
        "life": [
            {"seq": told.seq, "at": told.at, "actor": told.actor, "type": type(told.event).__name__}
            for told in found.life
        ],
        "attribution": found.attribution,
    }


def _head(found: FindingFile) -> list[str]:
    one, words = found.finding, found.words
    about = words.of("clocks", one.clock) if one.clock else t(f"findings.{one.rule}")
    return pairs(
        [
            (t("findings.label.no"), one.no),
            (t("findings.label.number"), str(one.finding)),
            (t("findings.label.colour"), t(f"findings.colour.{one.colour}")),
            (t("findings.label.clock"), about),
            (t("findings.label.article"), t("findings.article", article=one.article) if one.article else ""),
            (t("findings.label.due"), day(one.due_on)),
            (t("findings.label.organ"), words.organ(one.organ)),
            (t("findings.label.post"), words.of("posts", one.post)),
            (t("findings.label.person"), words.person(one.person)),
            (t("findings.label.standing"), standing(one)),
        ]
    )


def _life(found: FindingFile) -> list[str]:
    zone = found.words.matter.definition.zone
    heads = [t(f"case.label.{name}") for name in ("seq", "when", "what", "who", "detail")]
    rows = [
        (
            str(told.seq),
            local(told.at, zone),
            title(told.event, found.words),
            who(told.actor, found.words),
            detail(told.event, found.words),
        )
        for told in found.life
    ]
    return table(heads, rows)


def _days(found: FindingFile) -> list[str]:
    heads = [t(f"findings.share.{name}") for name in ("whose", "days", "excess", "overrun")]
    return table(heads, _shares(found))


def _shares(found: FindingFile) -> Iterator[tuple[str, ...]]:
    words, told = found.words, found.attribution
    for share in told.shares:
        whose = share.whose
        names = (words.organ(whose.organ), words.of("posts", whose.post or ""), words.person(whose.person))
        who = " ".join(name for name in names if name) or t(f"findings.holder.{whose.holder}")
        yield who, str(share.days), str(share.excess), str(share.overrun)
    yield t("findings.share.total"), str(told.days), "", str(told.overrun)
