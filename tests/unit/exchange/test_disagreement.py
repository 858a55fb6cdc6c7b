"""Why two due dates differ: each class by one example, and the classes as a whole by properties."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflow.catalog.calendars import load_calendar
from workflow.domain.law import EndOfDayRule, ExtensionRule, RollRule, Rule, StartRule
from workflow.domain.period import Weeks
from workflow.domain.reckoning import add
from workflow.exchange.disagreement import (
    CLASSES,
    UNCLASSIFIED,
    Disagreement,
    Judged,
    disagreement,
    due_date_class,
    length_of,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CALENDAR = load_calendar("nl")
RULE = Rule(
    id="nl.wabo.3.9.decision",
    version="2010",
    title={},
    period=Weeks(8),
    citation={},
    basis="statute",
    zone="Europe/Amsterdam",
    calendar="nl",
    start=StartRule(),
    roll=RollRule.NONE,
    end_of_day=EndOfDayRule.SAME_TIME,
    valid_from=date(2010, 10, 1),
    extension=ExtensionRule(period=Weeks(6)),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def judged(started: str, deadline: str | None, ended: str | None = None, **logged: bool) -> Judged:
    begun = at(started)
    due = add(begun, RULE.period, CALENDAR, zone=RULE.zone, roll=RULE.roll, end_of_day=RULE.end_of_day).at
    end = at(ended) if ended else None
    return Judged(
        case="case-1",
        started=begun,
        deadline=at(deadline) if deadline else None,
        ended=end,
        due=due,
        late_by_rule=end is not None and end >= due,
        **logged,
    )


def class_of(started: str, deadline: str, **logged: bool) -> str | None:
    return due_date_class(judged(started, deadline, **logged), RULE, CALENDAR)


def test_the_same_minute_is_no_difference_though_the_clocks_changed_between() -> None:
    assert class_of("2011-10-11T13:42:22.688", "2011-12-06T13:42:22.660") is None
    assert judged("2011-10-11T13:42:22.688", "2011-12-06T13:42:22.660").same_due


@pytest.mark.parametrize(
    ("kind", "started", "deadline"),
    [
        # The log keeps only a day for its start (it shows 01:06:40) or its deadline (midnight).
        ("minute_of_the_day", "2011-10-27T01:06:40.020", "2011-12-22T00:00:00"),
        # 56 times 24 hours across the end of summer time.
        ("daylight_saving", "2011-10-11T13:42:22", "2011-12-06T12:42:22"),
        # Saturday the 4th of June moved to Monday (and across Whit Monday to Tuesday).
        ("rest_day", "2011-04-09T01:06:40.020", "2011-06-06T01:06:40"),
        ("rest_day", "2011-04-17T10:00:00", "2011-06-14T10:00:00"),
        ("day_of_receipt", "2011-02-22T00:00:00", "2011-04-18T00:00:00"),
        ("day_of_receipt", "2011-07-05T01:06:40", "2011-08-31T01:06:40"),
        ("extended_without_logged_extension", "2011-06-28T01:06:40.020", "2011-10-04T01:06:40"),
        ("mistyped_year", "2011-10-25T01:06:40.020", "2013-01-02T00:00:00"),
        (
            "deadline_on_another_rule",
            "2011-02-01T01:06:40.010",
            "2011-08-02T01:06:40",
        ),  # 26 weeks, Awb art. 3:18
        ("deadline_on_another_rule", "2010-12-16T01:06:40", "2011-03-10T01:06:40"),  # 12 weeks
        ("deadline_on_another_rule", "2010-11-10T00:00:00", "2011-01-10T00:00:00"),  # two months
        ("time_out_without_logged_hold", "2011-10-05T01:06:40", "2011-12-22T01:06:40"),
        ("shorter_than_the_rule", "2011-01-11T01:06:40", "2011-01-16T01:06:40"),
        (UNCLASSIFIED, "2011-01-11T01:06:40", "2010-12-01T00:00:00"),  # due before it began
    ],
)
def test_each_class_by_an_example(kind: str, started: str, deadline: str) -> None:
    assert class_of(started, deadline) == kind


def test_a_later_deadline_is_explained_by_a_hold_that_the_log_has() -> None:
    assert class_of("2011-10-05T01:06:40", "2011-12-22T01:06:40", held=True) == "time_out_with_logged_hold"
    assert class_of("2011-01-11T01:06:40", "2011-01-17T01:06:40", held=True) == "shorter_than_the_rule"


def test_fourteen_weeks_with_a_logged_extension_are_another_matter() -> None:
    kind = class_of("2011-06-28T01:06:40", "2011-10-04T01:06:40", extended=True)
    assert kind != "extended_without_logged_extension"


def test_a_rule_without_an_extension_explains_nothing_by_one() -> None:
    case = judged("2011-06-28T01:06:40", "2011-10-04T01:06:40")
    assert due_date_class(case, replace(RULE, extension=None), CALENDAR) == "deadline_on_another_rule"


def test_verdicts_differ_only_where_the_end_lies_between_the_two_due_dates() -> None:
    case = judged("2011-06-28T01:06:40", "2011-10-04T01:06:40", "2011-09-20T15:00:00")
    assert disagreement(case, RULE, CALENDAR) == Disagreement(
        case="case-1",
        kind="extended_without_logged_extension",
        days=98,
        rule=None,
        nearest=None,
        beyond=None,
        late_by_log=False,
        late_by_rule=True,
        ended=at("2011-09-20T15:00:00"),
        deadline=at("2011-10-04T01:06:40"),
        due=case.due,
    )
    in_time = judged("2011-06-28T01:06:40", "2011-10-04T01:06:40", "2011-07-20T15:00:00")
    both_late = judged("2011-06-28T01:06:40", "2011-10-04T01:06:40", "2011-12-20T15:00:00")
    assert disagreement(in_time, RULE, CALENDAR) is None
    assert disagreement(both_late, RULE, CALENDAR) is None


def test_the_rule_behind_a_deadline_is_named_where_the_law_data_know_it() -> None:
    extensive = replace(RULE, id="nl.wabo.extensive", period=Weeks(26))
    elsewhere = replace(extensive, id="cn.other", calendar="cn")

    def rule_behind(started: str, deadline: str) -> str | None:
        found = disagreement(
            judged(started, deadline, deadline), RULE, CALENDAR, [elsewhere, RULE, extensive]
        )
        assert found is not None
        return found.rule

    assert rule_behind("2011-02-01T01:06:40", "2011-08-02T01:06:40") == "nl.wabo.extensive"
    assert rule_behind("2011-06-28T01:06:40", "2011-10-04T01:06:40") == "nl.wabo.3.9.decision+6w"
    assert rule_behind("2010-12-16T01:06:40", "2011-03-10T01:06:40") is None


def test_else_the_longest_term_of_law_that_ends_before_it_is_named_and_the_days_beyond() -> None:
    def nearest(deadline: str) -> tuple[str | None, int | None]:
        found = disagreement(judged("2011-06-28T01:06:40", deadline, deadline), RULE, CALENDAR, [RULE])
        assert found is not None
        return found.nearest, found.beyond

    assert nearest("2011-09-13T01:06:40") == ("nl.wabo.3.9.decision", 21), "eight weeks and three more"
    assert nearest("2011-10-13T01:06:40") == ("nl.wabo.3.9.decision+6w", 9), "fourteen weeks and nine days"
    assert nearest("2011-10-04T01:06:40") == (None, None), "a term itself"


def test_the_log_may_be_the_stricter_one() -> None:
    case = judged("2011-01-11T01:06:40", "2011-01-16T01:06:40", "2011-01-20T00:00:00")
    found = disagreement(case, RULE, CALENDAR)
    assert found is not None
    assert (found.late_by_log, found.late_by_rule, found.kind) == (True, False, "shorter_than_the_rule")


def test_the_very_instant_of_the_deadline_is_in_time_in_the_log_and_late_by_the_rule() -> None:
    case = judged("2011-01-11T10:00:00", "2011-03-08T10:00:00", "2011-03-08T10:00:00")
    found = disagreement(case, RULE, CALENDAR)
    assert found is not None
    assert found.kind == "minute_of_the_day"


def test_a_case_that_has_not_ended_or_has_no_deadline_has_no_verdict_to_differ_from() -> None:
    for case in (
        judged("2011-01-11T10:00", "2011-02-01T10:00"),
        judged("2011-01-11T10:00", None, "2011-06-01T10:00"),
    ):
        assert case.late_by_log is None
        assert disagreement(case, RULE, CALENDAR) is None
    assert due_date_class(judged("2011-01-11T10:00", None), RULE, CALENDAR) is None


FIRST = datetime(2010, 10, 1)  # noqa: DTZ001 - the civil time of the rule's zone, as below
starts = st.integers(0, 800 * 24 * 60 * 60).map(lambda seconds: FIRST + timedelta(seconds=seconds))


@given(
    begun=starts,
    minutes=st.integers(1, 500 * 24 * 60),
    end=st.integers(0, 500 * 24 * 60),
    held=st.booleans(),
)
def test_no_deadline_after_its_start_is_left_unclassified(
    *, begun: datetime, minutes: int, end: int, held: bool
) -> None:
    deadline, ended = begun + timedelta(minutes=minutes), begun + timedelta(minutes=end)
    case = judged(begun.isoformat(), deadline.isoformat(), ended.isoformat(), held=held)
    assume(case.deadline is not None and case.deadline > case.started)
    kind = due_date_class(case, RULE, CALENDAR)
    assert kind in CLASSES or (kind is None and case.same_due)
    found = disagreement(case, RULE, CALENDAR)
    assert (found is not None) == (case.late_by_log is not case.late_by_rule)
    assert found is None or found.kind in CLASSES


def test_whole_weeks_are_said_in_weeks() -> None:
    assert [length_of(days) for days in (56, 98, 61, 0)] == ["8w", "14w", "61d", "0d"]
