"""Why this is the date (计时说明): the rule and its citation, the start, every day counted or not, the roll, the result.

An explanation is derived by the same functions as the due date and lists the days of the same calendar, so it cannot
say anything else than the clock does. A property test holds it to that: its counted days are the period.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from workflow.domain import explanation_words as words
from workflow.domain.calendar import Calendar
from workflow.domain.clock import Projection, day_zero, instants_out, project
from workflow.domain.explained_days import ExplainedDay, Listing, all_of
from workflow.domain.law import EndOfDayRule, RollRule, Rule, Words
from workflow.domain.ledger import Entry, Stop, read
from workflow.domain.period import Hours, Period, WorkingDays
from workflow.domain.reckoning import (
    DAY,
    DateRange,
    Due,
    add,
    civil_date,
    last_day,
    merge,
    start_of_day,
    zone_info,
)

__all__ = ["ExplainedDay", "Explanation", "explain", "explain_add", "explain_between"]

_GIVEN: Final[Words] = {"zh-CN": "指定扣除的日期", "en": "named as not counted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The whole reason of a date. `event_on` is the day of the event, `zero` the day counted from; `last` the last day
    before any roll; `due` is None while time is out. `rule_title` and `citation` are empty when no rule was named.
    """

    days: tuple[ExplainedDay, ...]
    period: tuple[Period, ...]
    event_on: date | None
    zero: date | None
    last: date | None
    due: Due | None
    zone: str
    calendar: str
    rule: str = ""
    rule_version: str = ""
    rule_title: Words = field(default_factory=dict)
    citation: Words = field(default_factory=dict)
    began_at: datetime | None = None
    inclusive: bool = False
    backward: bool = False
    stopped_on: date | None = None
    stopped_for: Words = field(default_factory=dict)

    def short(self, lang: str) -> str:
        """The explanation on one line."""
        return words.JOIN[lang].join(self.steps(lang)) + words.STOP[lang]

    def steps(self, lang: str) -> list[str]:
        """The steps from the start to the result, one clause each."""
        if self.zero is None or self.event_on is None:
            return [words.PARTS["not_started"][lang]]
        steps = [*self._beginning(lang), *self._between(lang)]
        if self.due is None:
            since = self.stopped_on.isoformat() if self.stopped_on else ""
            ground = self.stopped_for.get(lang, "")
            return [*steps, words.say(words.PARTS["stopped"], lang, since=since, ground=ground)]
        until = words.PARTS["until_backward" if self.backward else "until"]
        ends = words.say(until, lang, due=self.due.on.isoformat(), time=self.ends_at())
        return [*steps, ends, *([words.PARTS["unsure"][lang]] if self.due.provisional else [])]

    def plain(self, lang: str) -> dict[str, Any]:
        """For JSON: the result, what it rests on, the explanation in a language, and the days."""
        return {
            "rule": self.rule or None,
            "rule_version": self.rule_version or None,
            "citation": self.citation.get(lang),
            "start": self.zero.isoformat() if self.zero else None,
            "period": " + ".join(map(str, self.period)),
            "last_day": self.last.isoformat() if self.last else None,
            "due_on": self.due.on.isoformat() if self.due else None,
            "due_at": self.due.at.isoformat().replace("+00:00", "Z") if self.due else None,
            "provisional": self.due.provisional if self.due else None,
            "calendar_version": self.calendar,
            "explanation": self.short(lang),
            "days": [day.plain(lang) for day in self.days],
        }

    def ends_at(self) -> str:
        """The local time of day at which the last day ends; midnight is the 24:00 of that day."""
        if self.due is None:
            return ""
        local = self.due.at.astimezone(zone_info(self.zone))
        seconds = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
        return "24:00" if local.date() > self.due.on and local.time() == time(0) else seconds

    def _beginning(self, lang: str) -> Iterator[str]:
        assert self.zero is not None  # noqa: S101 - steps() has looked
        period = words.say_periods(self.period, lang)
        if self.citation:
            yield words.say(words.PARTS["under"], lang, citation=self.citation[lang])
        if self.event_on is not None and self.event_on != self.zero:
            moved = words.PARTS["moved_start"]
            yield words.say(moved, lang, event=self.event_on.isoformat(), start=self.zero.isoformat())
        if self.began_at is not None and isinstance(self.period[0], Hours):
            begins = f"{self.began_at.astimezone(zone_info(self.zone)):%Y-%m-%d %H:%M}"
            yield words.say(words.PARTS["started_at"], lang, start=begins, period=period)
            return
        how = "backward" if self.backward else "started_inclusive" if self.inclusive else "started"
        yield words.say(words.PARTS[how], lang, start=self.zero.isoformat(), period=period)

    def _between(self, lang: str) -> Iterator[str]:
        out = sum(day.reason == "excluded" and day.date != self.stopped_on for day in self.days)
        rest = sum(
            not day.counted and day.reason in {"weekend", "holiday", "assumed_holiday", "closed", "emergency"}
            for day in self.days
        )
        if out:
            yield words.say(words.PARTS["without"], lang, days=out)
        if rest and all(isinstance(part, WorkingDays) for part in self.period):
            yield words.say(words.PARTS["skipped"], lang, days=rest)
        if self.due is not None and self.last is not None and self.due.on != self.last:
            last, due = self.last.isoformat(), self.due.on.isoformat()
            yield words.say(words.PARTS["rolled"], lang, last=last, due=due)


def explain(
    entries: Sequence[Entry], rule: Rule, calendar: Calendar, *, closing_time: time | None = None
) -> Explanation:
    """Explain a clock from its ledger, exactly as `clock.project` reads it."""
    now = project(entries, rule, calendar, closing_time=closing_time)
    start = read(entries, rule, calendar).start
    if start is None or now.zero is None:
        return Explanation(
            days=(),
            period=(rule.period,),
            event_on=None,
            zero=None,
            last=None,
            due=None,
            zone=rule.zone,
            calendar=calendar.version,
            rule=rule.id,
            rule_version=rule.version,
            rule_title=rule.title,
            citation=rule.citation,
        )
    inclusive = day_zero(start, rule, calendar)[1]
    grounds = [(stop, _ground_words(stop, rule)) for stop in now.stops]
    waiting = [(stop, said) for stop, said in grounds if stop.is_open and now.ended_on is None]
    since = min((stop.first for stop, _ in waiting), default=None) if now.due is None else None
    outs = [(*instants_out(stop, rule.zone, now.ended_on), said) for stop, said in grounds]
    stopped_at = min((begins for begins, ends, _ in outs if ends is None), default=None)
    listing = Listing(
        calendar=calendar,
        zone=rule.zone,
        total=now.total,
        zero=now.zero,
        began_at=start.at,
        due=now.due,
        last=now.last,
        inclusive=inclusive,
        backward=rule.backward,
        since=since,
        excluded=_labelled(grounds, now),
        instants=[(begins, ends, said) for begins, ends, said in outs if ends is not None],
        until=now.due.at if now.due is not None else stopped_at,
    )
    return Explanation(
        days=tuple(listing.days()),
        period=now.total,
        event_on=start.on,
        zero=now.zero,
        last=now.last,
        due=now.due,
        zone=rule.zone,
        calendar=calendar.version,
        rule=rule.id,
        rule_version=rule.version,
        rule_title=rule.title,
        citation=rule.citation,
        began_at=start.at,
        inclusive=inclusive,
        backward=rule.backward,
        stopped_on=since,
        stopped_for=all_of([said for stop, said in waiting if stop.first == since]),
    )


def explain_add(  # noqa: PLR0913 - the parameters of `add`, all of them part of the reason
    start: date | datetime,
    period: Period,
    calendar: Calendar,
    *,
    zone: str,
    roll: RollRule,
    end_of_day: EndOfDayRule,
    excluded: Sequence[DateRange] = (),
    backward: bool = False,
    closing_time: time | None = None,
) -> Explanation:
    """Explain the sum of a start and a period, exactly as `reckoning.add` does it."""
    due = add(
        start,
        period,
        calendar,
        zone=zone,
        roll=roll,
        end_of_day=end_of_day,
        excluded=excluded,
        backward=backward,
        closing_time=closing_time,
    )
    began_at = start if isinstance(start, datetime) else None
    zero = civil_date(began_at, zone) if began_at is not None else start
    without = merge(excluded)
    last = due.on
    if not isinstance(period, Hours):
        last = last_day(zero, (period,), calendar, without, backward=backward)
    listing = Listing(
        calendar=calendar,
        zone=zone,
        total=(period,),
        zero=zero,
        began_at=began_at,
        due=due,
        last=last,
        inclusive=False,
        backward=backward,
        since=None,
        excluded=[(span, _GIVEN) for span in without],
        instants=[
            (start_of_day(span.first, zone), start_of_day(span.last + DAY, zone), _GIVEN) for span in without
        ],
        until=due.at,
    )
    return Explanation(
        days=tuple(listing.days()),
        period=(period,),
        event_on=zero,
        zero=zero,
        last=last,
        due=due,
        zone=zone,
        calendar=calendar.version,
        began_at=began_at,
        backward=backward,
    )


def explain_between(a: date, b: date, calendar: Calendar) -> tuple[ExplainedDay, ...]:
    """The days after `a` up to and including `b`, numbered where they are working days; for an earlier `b`, those from
    `b` up to before `a`, exactly as `reckoning.between` counts them.
    """
    first, last = (a + DAY, b) if a <= b else (b, a - DAY)
    listing = Listing(
        calendar=calendar,
        zone=calendar.zone,
        total=(WorkingDays(0),),
        zero=first - DAY,
        began_at=None,
        due=None,
        last=None,
        inclusive=False,
        backward=False,
        since=last,
        excluded=(),
    )
    return tuple(listing.days())[1:]


def _labelled(grounds: list[tuple[Stop, Words]], now: Projection) -> list[tuple[DateRange, Words]]:
    """The days each ground takes out; an open ground up to the day that is looked at last."""
    spans = []
    for stop, said in grounds:
        last = stop.last
        if last is None:
            # Ended while time was out: out up to the end. Still open: the listing stops at its first day.
            last = now.ended_on if now.ended_on is not None else date.max if now.due is None else None
        if last is not None and stop.first <= last:
            spans.append((DateRange(first=stop.first, last=last), said))
    return spans


def _ground_words(stop: Stop, rule: Rule) -> Words:
    ground = rule.ground(stop.ground)
    title: Words = ground.title if ground is not None else dict.fromkeys(words.LANGUAGES, stop.ground)
    # The engine's own mark of a stop (`publicity-9`) is no paper that a reader could look up.
    if stop.ref is None or stop.ref.startswith(f"{stop.ground}-"):
        return title
    return {"zh-CN": f"{title['zh-CN']}（{stop.ref}）", "en": f"{title['en']} ({stop.ref})"}
