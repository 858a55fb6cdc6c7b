"""The time limits (办理时限) of a matter as people read them: how long, by law or by promise, on what citation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from workflow.catalog.resolve import STEP
from workflow.domain.definition import ClockSpec, Definition
from workflow.domain.explanation_words import say_period
from workflow.domain.law import LawParameters, Rule
from workflow.domain.period import parse_period
from workflow.errors import NoRuleInForce

if TYPE_CHECKING:
    from workflow.catalog.loader import Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A period (期限) of a matter. `nature` is `statute` or `promise`; `statutory` is the law's own length where the
    matter promises another one; `extension` is (times, length in words).
    """

    clock: str
    title: str
    note: str
    scope: str
    period: str
    length: str
    minimum: bool
    nature: str
    statutory: str | None
    rule: str
    citation: str
    extension: tuple[int, str] | None
    grounds: tuple[str, ...]
    expiry: str
    answerable: str | None


def limits(law: LawParameters, matter: Matter, lang: str, on: date) -> tuple[Limit, ...]:
    """The periods of a matter in the order of its file; the limits of single steps stand with the steps."""
    return tuple(limit for limit in all_limits(law, matter, lang, on) if not limit.clock.startswith(STEP))


def all_limits(law: LawParameters, matter: Matter, lang: str, on: date) -> tuple[Limit, ...]:
    """Every period of a matter, the limits of single steps (环节时限) among them."""
    clocks = matter.definition.clocks
    return tuple(_limit(law, matter, name, clocks[name], lang, on) for name in matter.order("clocks"))


def step_limits(law: LawParameters, matter: Matter, lang: str, on: date) -> dict[str, str]:
    """The length of the period that runs just as long as a state lasts, in words, by state: step limits (环节时限) and
    notice periods.
    """
    return dict(_of_states(law, matter, lang, on))


def rule_on(law: LawParameters, rule_id: str, on: date) -> Rule:
    """The rule in force on a day; before its first version holds, that one, so that a guide can still be read.

    Raises UnknownRule.
    """
    try:
        return law.rule(rule_id, on)
    except NoRuleInForce:
        return law.rules[rule_id][0]


def _of_states(law: LawParameters, matter: Matter, lang: str, on: date) -> Iterator[tuple[str, str]]:
    for name, spec in matter.definition.clocks.items():
        if spec.start.enter and spec.start.enter == spec.end.leave and len(spec.start.enter) == 1:
            yield spec.start.enter[0], _limit(law, matter, name, spec, lang, on).length


def _limit(law: LawParameters, matter: Matter, name: str, spec: ClockSpec, lang: str, on: date) -> Limit:
    rule = rule_on(law, spec.rule, on)
    period = parse_period(spec.promise) if spec.promise else rule.period
    own = period != rule.period
    extensible = rule.extension if name in _extended(matter.definition) else None
    answerable = spec.answerable
    return Limit(
        clock=name,
        title=matter.text(f"clocks.{name}", lang, default=rule.title[lang]),
        note=matter.text(f"clocks.{name}.note", lang, default=""),
        scope=spec.scope,
        period=str(period),
        length=say_period(period, lang),
        minimum=rule.minimum,
        # A length of the matter's own is a promise, whatever law the rule rests on (reference: law-and-domain §8.1).
        nature="promise" if own else rule.basis,
        statutory=say_period(rule.period, lang) if own and rule.basis == "statute" else None,
        rule=rule.id,
        citation=rule.citation[lang],
        extension=(extensible.times, say_period(extensible.period, lang)) if extensible else None,
        grounds=tuple(law.grounds[p.ground].title[lang] for p in spec.pauses if p.ground in law.grounds),
        expiry=spec.expiry.value,
        answerable=matter.text(f"posts.{answerable}", lang, default=answerable) if answerable else None,
    )


def _extended(definition: Definition) -> set[str | None]:
    """The clocks that some action of the matter can extend."""
    effects = (effect for action in definition.actions.values() for effect in action.effects)
    return {effect.clock for effect in effects if effect.do == "extend"}
