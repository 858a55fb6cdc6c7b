"""The days of an explanation: from the start to the due date, each counted or not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeAlias

from workflow.domain import explanation_words as words
from workflow.domain.calendar import Calendar, CalendarDay
from workflow.domain.law import Words
from workflow.domain.period import Hours, Period, WorkingDays
from workflow.domain.reckoning import DAY, DateRange, Due, civil_date, last_day, merge, start_of_day

Out: TypeAlias = tuple[datetime, datetime, Words]
"""Time that is out, from an instant to an instant, and on what ground."""

_CERTAIN: Final = frozenset({"start", "calendar_day", "excluded", "elapsed", "not_elapsed"})
"""Reasons that no notice to come can change."""

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedDay:
    """One day: counted or not, why (`reason` is a stable word, `text` says it), and as which (`number`)."""

    date: date
    counted: bool
    reason: str
    number: int | None = None
    name: Words = field(default_factory=dict)
    notice: str = ""
    ground: Words = field(default_factory=dict)
    minutes: int = 0
    provisional: bool = False

    def text(self, lang: str) -> str:
        """The reason in a language (`zh-CN`, `en`)."""
        said = words.say(
            words.REASONS[self.reason],
            lang,
            name=self.name.get(lang, ""),
            rest=words.say_feast(self.name[lang], self.notice, lang) if self.name else words.REST[lang],
            notice=self.notice,
            ground=self.ground.get(lang, ""),
            length=words.say_minutes(self.minutes, lang),
        )
        return said + (words.PROVISIONAL[lang] if self.provisional else "")

    def plain(self, lang: str) -> dict[str, Any]:
        """For JSON: date, counted, reason, number, the paper that decided the day, and the text."""
        return {
            "date": self.date.isoformat(),
            "counted": self.counted,
            "reason": self.reason,
            "number": self.number,
            "notice": self.notice or None,
            "provisional": self.provisional,
            "text": self.text(lang),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the listing of the days needs. `since` is the day from which time is out and no due date is known. For
    hours, `instants` are the times out and `until` is where the hours end or are stopped.
    """

    calendar: Calendar
    zone: str
    total: tuple[Period, ...]
    zero: date
    began_at: datetime | None
    due: Due | None
    last: date | None
    inclusive: bool
    backward: bool
    since: date | None
    excluded: Sequence[tuple[DateRange, Words]]
    instants: Sequence[Out] = ()
    until: datetime | None = None

    def days(self) -> Iterator[ExplainedDay]:
        """Every day from the start in the direction of counting."""
        if isinstance(self.total[0], Hours):
            yield from self._hours()
            return
        step = -1 if self.backward else 1
        number = 0
        if not self.inclusive:
            yield self._day(self.calendar.day(self.zero), counted=False, reason="start")
        day = self.zero if self.inclusive else self.zero + step * DAY
        for part, last in self._parts():
            while (last - day).days * step >= 0:
                found = self._one(self.calendar.day(day), part, number)
                number = found.number or number
                yield found
                day += step * DAY
        yield from self._rolling(day)

    def _parts(self) -> Iterator[tuple[Period, date]]:
        """Each part of the period with its last day; while time is out, the days up to the stop."""
        if self.due is None:
            if self.since is not None:
                yield self.total[0], self.since
            return
        without = merge(span for span, _ in self.excluded)
        day = self.zero
        for place, part in enumerate(self.total):
            inclusive = self.inclusive and place == 0
            day = last_day(day, (part,), self.calendar, without, backward=self.backward, inclusive=inclusive)
            yield part, day

    def _one(self, day: CalendarDay, part: Period, number: int) -> ExplainedDay:
        grounds = [said for span, said in self.excluded if day.date in span]
        if grounds:
            return self._day(day, counted=False, reason="excluded", ground=all_of(grounds))
        if not isinstance(part, WorkingDays):
            reason = "calendar_day"
            if day.date == self.last and self.due is not None and self.due.on != self.last:
                reason = "rest_rolled" if self.due.on > self.last else "rest_rolled_back"
            return self._day(day, counted=True, reason=reason, number=number + 1)
        if day.working:
            return self._day(day, counted=True, reason=day.reason, number=number + 1)
        return self._day(day, counted=False, reason=day.reason)

    def _rolling(self, day: date) -> Iterator[ExplainedDay]:
        """The days after the last one up to the due date (before it, when the roll goes back)."""
        if self.due is None or self.last is None or self.due.on == self.last:
            return
        forward = self.due.on > self.last
        if forward == self.backward:
            # The roll turned round: the due date is among the days already listed.
            return
        step = 1 if forward else -1
        while day != self.due.on:
            found = self.calendar.day(day)
            grounds = [said for span, said in self.excluded if day in span]
            reason = "excluded" if grounds else found.reason
            yield self._day(found, counted=False, reason=reason, ground=all_of(grounds))
            day += step * DAY
        yield self._day(
            self.calendar.day(day), counted=False, reason="rolled_to" if forward else "rolled_back"
        )

    def _hours(self) -> Iterator[ExplainedDay]:
        """The civil days that the hours touch, each with the minutes counted in it."""
        if self.began_at is None or self.until is None:
            return
        first, last = sorted((self.began_at, self.until))
        day, number = civil_date(first, self.zone), 0
        while (begins := start_of_day(day, self.zone)) < last:
            begins, ends = max(begins, first), min(start_of_day(day + DAY, self.zone), last)
            out = [(max(since, begins), min(till, ends), said) for since, till, said in self.instants]
            grounds = [said for since, till, said in out if since < till]
            minutes = (ends - begins - _length((since, till) for since, till, _ in out)) // _MINUTE
            number += minutes > 0
            yield self._day(
                self.calendar.day(day),
                counted=minutes > 0,
                reason="elapsed" if minutes else "excluded" if grounds else "not_elapsed",
                number=number if minutes else None,
                ground=all_of(grounds),
                minutes=minutes,
            )
            day += DAY

    def _day(
        self,
        day: CalendarDay,
        *,
        counted: bool,
        reason: str,
        number: int | None = None,
        ground: Words | None = None,
        minutes: int = 0,
    ) -> ExplainedDay:
        return ExplainedDay(
            date=day.date,
            counted=counted,
            reason=reason,
            number=number,
            name=self.calendar.called(day.name) if day.name else {},
            notice=self.calendar.cited(day.notice),
            ground=ground or {},
            minutes=minutes,
            provisional=day.provisional and reason not in _CERTAIN,
        )


def all_of(grounds: Sequence[Words]) -> Words:
    """Several grounds as one phrase, each once; nothing when there is none."""
    if len(grounds) <= 1:
        return grounds[0] if grounds else {}
    joint = {"zh-CN": "、", "en": ", "}
    return {lang: joint[lang].join(dict.fromkeys(said[lang] for said in grounds)) for lang in words.LANGUAGES}


def _length(spans: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """How long the union of the spans is."""
    total, reached = timedelta(0), datetime.min.replace(tzinfo=UTC)
    for since, till in sorted(spans):
        if till > max(since, reached):
            total += till - max(since, reached)
            reached = till
    return total
