"""Rules of law as values (法律参数): a period, where it stands, from when to when it holds, and how it is counted.

Every rule carries its zone, its start, roll and end-of-day rules explicitly; nothing has a default in the law data.
`LawParameters.rule` picks the version in force on a day (a request for disclosure 政府信息公开申请: 15 working days
until 2019-05-14, 20 since), and the case keeps that version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Literal, TypeAlias

from workflow.domain.period import Period
from workflow.domain.values import replace
from workflow.errors import NoRuleInForce, UnknownRule

Words: TypeAlias = Mapping[str, str]
"""The same words in each language, by language tag (`zh-CN`, `en`)."""

Basis = Literal["statute", "promise"]


class StartKind(StrEnum):
    """Which day is day zero of the period."""

    NEXT_DAY = "next_day"
    """The day of the event is not counted (Civil Code 民法典 art. 201 §1)."""
    NEXT_WORKING_DAY = "next_working_day"
    """As next_day, but an event on a rest day counts as one on the next working day."""
    SAME_DAY = "same_day"
    """The day of the event is the first day."""


class RollRule(StrEnum):
    """What happens when the last day is a rest day (Civil Code art. 203 §1). Working-day periods never roll."""

    NONE = "none"
    NEXT = "next"
    PREVIOUS = "previous"


class EndOfDayRule(StrEnum):
    """When the last day ends (Civil Code art. 203 §2)."""

    MIDNIGHT = "midnight"
    """24:00 local time, as for online filing."""
    CLOSING_TIME = "closing_time"
    """Close of business at the window, earlier on a half day; 24:00 where no closing time is given."""
    SAME_TIME = "same_time"
    """The wall-clock time of the start, as the Dutch permit system keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRule:
    """Day zero; an event at or after the local `cutoff`, if there is one, counts as one on the following day."""

    kind: StartKind = StartKind.NEXT_DAY
    cutoff: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRule:
    """How a period may be extended (延长期限): by at most `period` in all, `times` times, by a post that may
    (`approver`), with a written `notice` giving the reasons, before expiry, and whether it may be taken back.
    """

    period: Period
    times: int = 1
    approver: str = ""
    notice: str | None = None
    reason_required: bool = True
    before_expiry: bool = True
    removable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A ground on which time is not counted (不计入期限): its basis, the kind of post that may open it, the written
    notice it needs, who has the time meanwhile, its own `limit`, the `alarm` before that, and whether it ends by
    itself at the limit or only by an act.
    """

    id: str
    title: Words
    basis: Words
    opener: str
    notice: str | None
    holder: str
    limit: Period | None = None
    alarm: Period | None = None
    automatic_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One version of a rule of law on one period. `minimum` marks a period that may be longer (公示 not less than 5
    days), `backward` one counted back from an event (a hearing notice), `on_expiry` what its end means by itself.
    """

    id: str
    version: str
    title: Words
    period: Period
    citation: Words
    basis: Basis
    zone: str
    calendar: str
    start: StartRule
    roll: RollRule
    end_of_day: EndOfDayRule
    valid_from: date
    valid_to: date | None = None
    extension: ExtensionRule | None = None
    grounds: tuple[Ground, ...] = ()
    backward: bool = False
    minimum: bool = False
    on_expiry: str = "alert"
    note: Words = field(default_factory=dict)

    def holds_on(self, on: date) -> bool:
        """Whether this version is in force on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def ground(self, ground_id: str) -> Ground | None:
        """The ground of that id, if this rule lists it."""
        return next((ground for ground in self.grounds if ground.id == ground_id), None)

    def promised(self, period: Period, citation: Words) -> Rule:
        """The same way of counting for a matter's own promise (承诺时限); a promise is never called law."""
        version = f"{self.version}/{period}"
        return replace(
            self, period=period, citation=citation, basis="promise", on_expiry="alert", version=version
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LawParameters:
    """All rules and grounds known, and a version that changes with any of them."""

    version: str
    rules: Mapping[str, tuple[Rule, ...]]
    grounds: Mapping[str, Ground]

    def rule(self, rule_id: str, on: date) -> Rule:
        """The version of a rule in force on a day. Raises UnknownRule, NoRuleInForce."""
        versions = self.rules.get(rule_id)
        if versions is None:
            raise UnknownRule(name=rule_id)
        for version in versions:
            if version.holds_on(on):
                return version
        raise NoRuleInForce(name=rule_id, on=on.isoformat())

    def rule_version(self, rule_id: str, version: str) -> Rule:
        """The very version that a case keeps. Raises UnknownRule when it is not among those known."""
        for found in self.rules.get(rule_id, ()):
            if found.version == version:
                return found
        raise UnknownRule(name=f"{rule_id} {version}")
