"""Why a log's deadline is not ours, and so why its verdict on a case may differ from that of the rule: one class each.

Pure. The log says when a case began, when it was due and when it ended; our clock says when it was due by the rule alone.
The classes are tried in order and the first that fits is the answer; each has its words in `texts/*/replay.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workflow.domain.calendar import Calendar
from workflow.domain.law import Rule
from workflow.domain.period import Days, Hours, Months, Weeks
from workflow.domain.reckoning import corresponding_day, last_day

MINUTE: Final = timedelta(minutes=1)
LONGEST_TERM: Final = 365
"""Days; a permit term longer than a year stands in no rule, and in the log it is a year mistyped."""

UNCLASSIFIED: Final = "unclassified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A case as the log and as our clock saw it. Instants are aware; `due` is exclusive, `deadline` still in time.

    `held`, `extended`: the log itself has an activity that takes time out, or extends the period.
    """

    case: str
    started: datetime
    deadline: datetime | None
    ended: datetime | None
    due: datetime
    late_by_rule: bool
    held: bool = False
    extended: bool = False

    @property
    def late_by_log(self) -> bool | None:
        """Whether the case ended after the log's own deadline; None when the log does not say."""
        if self.ended is None or self.deadline is None:
            return None
        return self.ended > self.deadline

    @property
    def same_due(self) -> bool:
        """Whether the two due dates are the same to the minute."""
        return self.deadline is not None and abs(self.deadline - self.due) < MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A case on which the log and the rule do not give the same verdict.

    `days` from its start to the log's deadline; `rule` is the rule of law that gives just that deadline, if one is known;
    else `nearest` is the longest term of law that ends before it, and `beyond` by how many days: time that the office took
    out, if it did, and the log does not record. None where every term ends later.
    """

    case: str
    kind: str
    days: int
    rule: str | None
    nearest: str | None
    beyond: int | None
    late_by_log: bool
    late_by_rule: bool
    ended: datetime
    deadline: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """The two due dates beside each other, in the civil time of the rule; all naive values are local."""

    started: datetime
    log: datetime
    ours: datetime
    elapsed: timedelta
    held: bool
    extended: bool
    rule: Rule
    calendar: Calendar

    @property
    def days(self) -> int:
        return (self.log.date() - self.started.date()).days

    @property
    def later(self) -> int:
        return (self.log.date() - self.ours.date()).days


def disagreement(
    judged: Judged, rule: Rule, calendar: Calendar, known: Iterable[Rule] = ()
) -> Disagreement | None:
    """The disagreement of verdicts on a case, classified; None when they agree or the log gives none.

    `known` are the rules among which the one behind the log's deadline is looked for.
    """
    late = judged.late_by_log
    if late is None or late is judged.late_by_rule or judged.ended is None or judged.deadline is None:
        return None
    gap = _gap(judged, judged.deadline, rule, calendar)
    terms = list(_terms(gap, known))
    exact = next((name for name, ends in terms if ends == gap.log.date()), None)
    before = max(((ends, name) for name, ends in terms if ends < gap.log.date()), default=None)
    return Disagreement(
        case=judged.case,
        kind=_class_of(gap),
        days=gap.days,
        rule=exact,
        nearest=before[1] if before and exact is None else None,
        beyond=(gap.log.date() - before[0]).days if before and exact is None else None,
        late_by_log=late,
        late_by_rule=judged.late_by_rule,
        ended=judged.ended,
        deadline=judged.deadline,
        due=judged.due,
    )


def due_date_class(judged: Judged, rule: Rule, calendar: Calendar) -> str | None:
    """Why the log's deadline is not our due date; None when they are the same to the minute or the log has none."""
    if judged.deadline is None or judged.same_due:
        return None
    return _class_of(_gap(judged, judged.deadline, rule, calendar))


def _gap(judged: Judged, deadline: datetime, rule: Rule, calendar: Calendar) -> _Gap:
    zone = ZoneInfo(rule.zone)

    def local(at: datetime) -> datetime:
        return at.astimezone(zone).replace(tzinfo=None)

    return _Gap(
        started=local(judged.started),
        log=local(deadline),
        ours=local(judged.due),
        elapsed=deadline.astimezone(ZoneInfo("UTC")) - judged.started.astimezone(ZoneInfo("UTC")),
        held=judged.held,
        extended=judged.extended,
        rule=rule,
        calendar=calendar,
    )


def _class_of(gap: _Gap) -> str:
    return next((name for name, fits in CLASSES.items() if fits(gap)), UNCLASSIFIED)


def _terms(gap: _Gap, known: Iterable[Rule]) -> Iterator[tuple[str, date]]:
    """Each rule's period, and its period with its extension, with the civil day on which it ends."""
    begun = gap.started.date()
    for rule in known:
        if not _comparable(rule, gap):
            continue
        yield rule.id, last_day(begun, (rule.period,), gap.calendar)
        more = rule.extension
        if more is not None:
            yield f"{rule.id}+{more.period}", last_day(begun, (rule.period, more.period), gap.calendar)


def _comparable(rule: Rule, gap: _Gap) -> bool:
    same_law = rule.calendar == gap.rule.calendar and rule.holds_on(gap.started.date())
    return same_law and not rule.backward and not isinstance(rule.period, Hours)


def _elapsed_time(gap: _Gap) -> bool:
    """The log added hours where the rule counts civil days, so its deadline moved with the change of clocks."""
    moved = abs(gap.log - gap.ours) >= MINUTE
    return moved and abs(gap.elapsed - (gap.ours - gap.started)) < MINUTE


def _moved_off_rest_day(gap: _Gap) -> bool:
    ours, log = gap.ours.date(), gap.log.date()
    if gap.calendar.is_working(ours):
        return False
    return log in (gap.calendar.add_working_days(ours, 1), gap.calendar.add_working_days(ours, -1))


def _extended(gap: _Gap) -> bool:
    extension = gap.rule.extension
    if extension is None or gap.extended:
        return False
    begun = gap.started.date()
    return gap.log.date() == last_day(begun, (gap.rule.period, extension.period), gap.calendar)


def _whole_term(gap: _Gap) -> bool:
    """The log's deadline lies a whole number of weeks or months after the start: a term, but not this rule's."""
    begun, days = gap.started.date(), gap.days
    if days <= 0:
        return False
    months = range(1, 13)
    return days % 7 == 0 or any(corresponding_day(begun, Months(n)) == gap.log.date() for n in months)


CLASSES: Final[dict[str, Callable[[_Gap], bool]]] = {
    "daylight_saving": _elapsed_time,
    "minute_of_the_day": lambda gap: gap.later == 0,
    "rest_day": _moved_off_rest_day,
    "day_of_receipt": lambda gap: abs(gap.later) == 1,
    "extended_without_logged_extension": _extended,
    "mistyped_year": lambda gap: gap.days > LONGEST_TERM,
    "time_out_with_logged_hold": lambda gap: gap.held and gap.later > 0,
    "deadline_on_another_rule": _whole_term,
    "time_out_without_logged_hold": lambda gap: gap.later > 0,
    "shorter_than_the_rule": lambda gap: gap.days >= 0 and gap.later < 0,
}
"""Every class by its name, in the order in which they are tried."""


def length_of(days: int) -> str:
    """A number of days as a period people know: whole weeks as weeks, else days."""
    return str(Weeks(days // 7)) if days and days % 7 == 0 else str(Days(days))
