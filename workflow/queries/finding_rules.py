"""The rules by which findings are raised: each with its id, its colour, the law it rests on and its words (issue 6.1).

They are read from where they are in force: the ladders of the matters with a deployment's own thresholds, the periods of the
house, the grounds on which time is out, the duties of the Licensing Law.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workflow.domain.accountability.procedural import DUTIES, PROCEDURE
from workflow.domain.definition import Colour
from workflow.domain.own_clocks import ACKNOWLEDGEMENT, OWN
from workflow.domain.reprojection import MOVED_EARLIER
from workflow.texts import LANGUAGES, t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog, Matter

NOTICE = "notice"
GROUND = "ground"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRule:
    """A rule: what it is called, the weight of its findings, what it rests on and by which provision, how many working days
    from the due date it fires (none: at once), and the codes of the matters that have it (none: all).
    """

    id: str
    colour: str
    basis: str
    provision: Mapping[str, str]
    titles: Mapping[str, str]
    offset: int | None = None
    matters: tuple[str, ...] = ()


def finding_rules(catalog: Catalog) -> list[FindingRule]:
    """Every rule in force, by basis, id and offset; those of several matters that say the same are one."""
    merged: dict[tuple[str, str, int | None, str], FindingRule] = {}
    for rule in (*_of_matters(catalog), *_of_grounds(catalog), *_of_the_house(catalog), *_of_the_law()):
        key = (rule.id, rule.colour, rule.offset, rule.titles[LANGUAGES[0]])
        known = merged.get(key, rule)
        merged[key] = replace(known, matters=tuple(dict.fromkeys((*known.matters, *rule.matters))))
    return sorted(
        merged.values(), key=lambda rule: (rule.basis, rule.id, rule.offset or 0, rule.titles["en"])
    )


def _of_matters(catalog: Catalog) -> Iterator[FindingRule]:
    for code, matter in catalog.matters.items():
        for name, spec in matter.definition.clocks.items():
            law = catalog.law.rules[spec.rule][-1]
            for rung in spec.rungs:
                yield FindingRule(
                    id=f"{spec.rule}.{rung.name}",
                    colour=rung.colour.value,
                    basis="promise" if spec.promise else str(law.basis),
                    provision=law.citation,
                    titles=_words(matter, f"clocks.{name}.ladder.{rung.name}"),
                    offset=rung.offset,
                    matters=(code,),
                )


def _of_grounds(catalog: Catalog) -> Iterator[FindingRule]:
    for versions in catalog.law.rules.values():
        for ground in versions[-1].grounds:
            if ground.alarm is not None:
                yield _ground(ground.id, "alarm", Colour.REMINDER, ground.basis)
            if ground.limit is not None and not ground.automatic_end:
                yield _ground(ground.id, "limit", Colour.YELLOW, ground.basis)


def _ground(ground: str, kind: str, colour: Colour, provision: Mapping[str, str]) -> FindingRule:
    return FindingRule(
        id=f"ground.{ground}.{kind}",
        colour=colour.value,
        basis=GROUND,
        provision=provision,
        titles=_said(f"findings.rule.{kind}"),
    )


def _of_the_house(catalog: Catalog) -> Iterator[FindingRule]:
    for kind, spec in OWN.items():
        if kind == ACKNOWLEDGEMENT:
            continue  # it brings no finding: what is not acknowledged climbs
        law = catalog.law.rules[spec.rule][-1]
        for rung in spec.rungs:
            yield FindingRule(
                id=f"{spec.rule}.{rung.name}",
                colour=rung.colour.value,
                basis=str(law.basis),
                provision=law.citation,
                titles={
                    lang: t(
                        "findings.rule.of",
                        lang,
                        period=law.title[lang],
                        rung=t(f"house.rung.{rung.name}", lang),
                    )
                    for lang in LANGUAGES
                },
                offset=rung.offset,
            )


def _of_the_law() -> Iterator[FindingRule]:
    yield FindingRule(
        id=MOVED_EARLIER,
        colour=Colour.REMINDER.value,
        basis=NOTICE,
        provision=_said("findings.rule.notice"),
        titles=_said("findings.rule.moved_earlier"),
    )
    for name, duty in DUTIES.items():
        yield FindingRule(
            id=f"{PROCEDURE}.{name}",
            colour=Colour.RED.value,
            basis=PROCEDURE,
            provision={lang: t("findings.article", lang, article=duty.article) for lang in LANGUAGES},
            titles=_said(f"findings.procedure.{name}"),
        )


def _words(matter: Matter, key: str) -> Mapping[str, str]:
    return {lang: matter.text(key, lang) for lang in LANGUAGES}


def _said(key: str) -> Mapping[str, str]:
    return {lang: t(key, lang) for lang in LANGUAGES}
