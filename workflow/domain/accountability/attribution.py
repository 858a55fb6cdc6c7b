"""Attribution (责任划分): the working days that each organ, post and person held a case, and what each did to an overrun.

Every working day of a case belongs to whoever had it when the day began, so the days add up to the case's whole. Of an
overrun each answers for the days it took beyond the limit of its step: the first days within a limit are nobody's fault,
whoever had them. Where no step was late by itself, whoever held the days after the due date answers for them. Shares are
whole days by largest remainder, so they add up to the overrun too, always.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.domain.calendar import Calendar
from workflow.domain.definition import Definition, Holder
from workflow.domain.holding import Held
from workflow.domain.law import LawParameters
from workflow.domain.period import WorkingDays, parse_period
from workflow.domain.reckoning import civil_date

STEP = "step_"
ROLES = ("handler", "checker", "approver")
"""The accountable roles (承办人, 审核人, 批准人); whoever exercised the power counts as such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose a day was: the kind of holder (organ, applicant, system, expert …), and of the organ which post and person."""

    holder: str
    organ: str | None
    post: str | None
    person: str | None
    ground: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one of them held: `days` working days in all, of them `excess` beyond the limits of its steps, and `overrun` is
    its part of the days by which the case was late.
    """

    whose: Whose
    days: int
    excess: int
    overrun: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The shares of a case; their days and their overruns add up to the totals."""

    days: int
    overrun: int
    shares: tuple[Share, ...]


def attribution(
    stretches: Iterable[Held],
    definition: Definition,
    law: LawParameters,
    calendar: Calendar,
    *,
    due_on: date | None = None,
) -> Attribution:
    """Who held the case's working days, from the day after filing to the end of the last stretch; `due_on` is the last day
    of the period that is asked about, none if it was not overrun or there is none.
    """
    held = _days(tuple(stretches), definition, calendar)
    limits = _limits(definition, law)
    excess: list[Whose] = []
    used: dict[int, int] = {}
    for _, stretch in held:
        if stretch.holder != Holder.ORGAN:
            continue
        used[stretch.visit] = used.get(stretch.visit, 0) + 1
        limit = limits.get(stretch.state)
        if limit is not None and used[stretch.visit] > limit:
            excess.append(_whose(stretch))
    # Time that was out on a ground (公示, 听证 …) is not counted, so it is no part of the overrun either.
    late = [one for day, one in held if due_on is not None and day > due_on and one.ground is None]
    weights = _counted(excess) or _counted(_whose(one) for one in late if one.holder == Holder.ORGAN)
    parts = _parted(len(late), weights or _counted(_whose(one) for one in late))
    by_whom, over = _counted(_whose(stretch) for _, stretch in held), _counted(excess)
    shares = tuple(
        Share(whose=whose, days=days, excess=over.get(whose, 0), overrun=parts.get(whose, 0))
        for whose, days in by_whom.items()
    )
    return Attribution(days=len(held), overrun=len(late), shares=shares)


def _days(stretches: tuple[Held, ...], definition: Definition, calendar: Calendar) -> list[tuple[date, Held]]:
    """Each working day after the day of filing, with the stretch in which it began."""
    if not stretches:
        return []
    days: list[tuple[date, Held]] = []
    counted = civil_date(stretches[0].since, definition.zone)
    for stretch in stretches:
        last = civil_date(stretch.until, definition.zone)
        while counted < last:
            counted += timedelta(days=1)
            if calendar.is_working(counted):
                days.append((counted, stretch))
    return days


def _limits(definition: Definition, law: LawParameters) -> dict[str, int]:
    """The limit of each step that has one, in working days."""
    limits = {}
    for name in definition.states:
        spec = definition.clocks.get(f"{STEP}{name}")
        if spec is None:
            continue
        versions = law.rules.get(spec.rule, ())
        period = parse_period(spec.promise) if spec.promise else versions[-1].period if versions else None
        if isinstance(period, WorkingDays):
            limits[name] = period.amount
    return limits


def _whose(stretch: Held) -> Whose:
    if stretch.holder != Holder.ORGAN:
        return Whose(holder=stretch.holder, organ=None, post=None, person=None, ground=stretch.ground)
    return Whose(holder=stretch.holder, organ=stretch.organ, post=stretch.post, person=stretch.person)


def _counted(whose: Iterable[Whose]) -> dict[Whose, int]:
    counted: dict[Whose, int] = {}
    for one in whose:
        counted[one] = counted.get(one, 0) + 1
    return counted


def _parted(total: int, weights: Mapping[Whose, int]) -> dict[Whose, int]:
    """`total` days divided by weight into whole days, the largest remainders first; of equals the earlier."""
    whole = sum(weights.values())
    if not total or not whole:
        return {}
    parts = {one: total * weight // whole for one, weight in weights.items()}
    left = total - sum(parts.values())
    for one in sorted(weights, key=lambda one: -(total * weights[one] % whole))[:left]:
        parts[one] += 1
    return parts
