"""Mistakes in the legal clock: where it begins, what it counts, when it is over, and what happens then."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

_DOMAIN = "tests/unit/domain"
_ENGINE = "tests/integration/engine"

MUTATIONS = (
    Mutation(
        id="first-day-counted",
        file="workflow/domain/reckoning.py",
        old="zero = day - sign * DAY if inclusive else day",
        new="zero = day - sign * DAY",
        breaks="Civil Code art. 201: the day of the event is not counted",
        caught_by=(f"{_DOMAIN}/test_reckoning.py::test_the_vectors_of_the_law",),
    ),
    Mutation(
        id="rolled-backwards",
        file="workflow/domain/reckoning.py",
        old="step = 1 if roll is RollRule.NEXT else -1",
        new="step = -1",
        breaks="Civil Code art. 203: a period whose last day is a rest day ends on the day after it",
        caught_by=(f"{_DOMAIN}/test_reckoning.py::test_a_period_rolls_only_where_the_rule_says",),
    ),
    Mutation(
        id="months-of-twenty-eight-days",
        file="workflow/domain/reckoning.py",
        old="min(start.day, monthrange(year, month + 1)[1])",
        new="min(start.day, 28)",
        breaks="Civil Code art. 202: months end on the corresponding day, else on the last of the month",
        caught_by=(
            f"{_DOMAIN}/test_reckoning.py::test_months_and_years_end_on_the_corresponding_day_or_the_last_of_the_month",
        ),
    ),
    Mutation(
        id="last-day-not-whole",
        file="workflow/domain/instants.py",
        old="return start_of_day(on + DAY, zone)",
        new="return start_of_day(on, zone)",
        breaks="Civil Code art. 203: the last day ends at 24:00",
        caught_by=(
            f"{_DOMAIN}/test_reckoning.py::test_the_civil_due_date_ends_at_the_next_midnight_of_its_zone",
        ),
    ),
    Mutation(
        id="days-of-greenwich",
        file="workflow/domain/instants.py",
        old="return aware(instant).astimezone(zone_info(zone)).date()",
        new="return aware(instant).date()",
        breaks="design 2.6: civil dates live in the zone of the law; before eight in Beijing it is yesterday in UTC",
        caught_by=(
            f"{_DOMAIN}/test_reckoning.py::test_a_start_late_in_the_evening_belongs_to_its_local_day_not_to_the_utc_day",
        ),
    ),
    Mutation(
        id="days-left-out-counted-twice",
        file="workflow/domain/reckoning.py",
        old="if span.last > union[-1].last:",
        new="if span.last != union[-1].last:",
        breaks="Licensing Law art. 45: days out on two grounds are one union",
        caught_by=(f"{_DOMAIN}/test_reckoning.py::test_merge_is_the_union",),
    ),
    Mutation(
        id="make-up-day-rests",
        file="workflow/domain/calendar.py",
        old="marks.update((day, not entry.off) for day, (entry, _) in self._ruled.items())",
        new="marks.update((day, False) for day, (entry, _) in self._ruled.items() if entry.off)",
        breaks="a Sunday that a notice has worked (调休上班) is not counted",
        caught_by=(f"{_DOMAIN}/test_reckoning.py::test_a_make_up_sunday_is_a_working_day_and_stops_a_roll",),
    ),
    Mutation(
        id="earlier-notice-prevails",
        file="workflow/domain/calendar.py",
        old="papers = tuple(sorted(self.notices, key=lambda paper: (paper.issued_on, paper.id)))",
        new="papers = tuple(sorted(self.notices, key=lambda paper: (paper.issued_on, paper.id), reverse=True))",
        breaks="design 6: of two notices on one day the later counts",
        caught_by=(
            f"{_DOMAIN}/test_calendar.py::test_a_later_paper_overrides_an_earlier_one_for_the_same_day_only",
        ),
    ),
    Mutation(
        id="no-date-in-doubt",
        file="workflow/domain/calendar.py",
        old="return self._table.doubts(after, until) > 0",
        new="return False",
        breaks="design 6: past the last notice a date is provisional",
        caught_by=(
            f"{_DOMAIN}/test_reckoning.py::test_a_date_is_provisional_when_a_notice_to_come_could_move_it",
        ),
    ),
    Mutation(
        id="outcome-on-a-date-in-doubt",
        file="workflow/domain/decide.py",
        old="if clock.due is not None and clock.due.provisional:",
        new="if False:",
        breaks="design 3: a deemed outcome never fires on a provisional date",
        caught_by=(f"{_DOMAIN}/test_decide.py::test_a_deemed_outcome_waits_when_the_date_is_provisional",),
    ),
    Mutation(
        id="fired-before-its-time",
        file="workflow/domain/decide.py",
        old="state.withheld or state.at > scene.now:",
        new="state.withheld:",
        breaks="I4: a rung fires early when it is woken up early",
        caught_by=(f"{_DOMAIN}/test_decide.py::test_deemed_acceptance_never_fires_before_its_instant",),
    ),
    Mutation(
        id="fired-again",
        file="workflow/domain/decide.py",
        old="or state.fired or state.withheld or state.at",
        new="or state.withheld or state.at",
        breaks="I4: a second wake-up for a rung raises the same card again",
        caught_by=(
            f"{_DOMAIN}/test_decide.py::test_reminder_and_red_card_fall_on_the_post_that_holds_the_case",
        ),
    ),
    Mutation(
        id="withdrawn-rung-fires",
        file="workflow/domain/decide.py",
        old="if (r.rung, r.revision) == (rung, revision)",
        new="if r.rung == rung",
        breaks="I4: the wake-up of a rung that was withdrawn fires the one that took its place",
        caught_by=(f"{_DOMAIN}/test_decide.py::test_a_moved_due_date_makes_the_old_wake_up_mean_nothing",),
    ),
    Mutation(
        id="instant-of-the-expiry-still-free",
        file="workflow/domain/decide.py",
        old="not rung.withheld and rung.at <= until",
        new="not rung.withheld and rung.at < until",
        breaks="I4: an act in the very instant of the expiry comes before it",
        caught_by=(f"{_ENGINE}/test_races.py::test_withdrawn_as_the_five_days_end",),
    ),
    Mutation(
        id="acts-overtake-time",
        file="workflow/domain/decide.py",
        old="    reproject(scene)\n    _catch_up(scene, at)\n",
        new="    reproject(scene)\n",
        breaks="I4: what time had brought about before an act is decided after it, or never",
        caught_by=(
            f"{_DOMAIN}/test_decide.py::test_an_act_after_the_expiry_finds_the_case_already_accepted",
        ),
    ),
    Mutation(
        id="act-dated-ahead",
        file="workflow/domain/decide.py",
        old="asked > now or (case",
        new="(case",
        breaks="an act takes effect before it is done",
        caught_by=(f"{_DOMAIN}/test_decide.py::test_an_act_is_not_dated_into_the_future_nor_before_receipt",),
    ),
    Mutation(
        id="late-from-the-second-instant",
        file="workflow/domain/timekeeping.py",
        old="passed = ran_out or (clock.due is not None and event.at >= clock.due.at)",
        new="passed = ran_out or (clock.due is not None and event.at > clock.due.at)",
        breaks="a due date is exclusive: what ends at its instant ends late",
        caught_by=(f"{_DOMAIN}/test_clock_acts.py::test_withdrawn_in_the_instant_of_expiry_has_one_outcome",),
    ),
    Mutation(
        id="second-pause-forgets-the-first",
        file="workflow/domain/timekeeping.py",
        old="ref = f\"{ground}-{sum(entry.kind == 'stop' for entry in clock.entries) + 1}\"",
        new='ref = f"{ground}-1"',
        breaks="Licensing Law art. 45: a second stop on a ground is taken for the first, which has been resumed",
        caught_by=(f"{_DOMAIN}/test_clock_acts.py::test_a_second_hold_does_not_forget_the_first",),
    ),
    Mutation(
        id="resumed-day-left-out",
        file="workflow/domain/ledger.py",
        old="last=by.on - DAY,",
        new="last=by.on,",
        breaks="a resumption on a day puts that day back; stopped and resumed on one day nothing is out",
        caught_by=(f"{_DOMAIN}/test_ledger.py::test_stopped_and_resumed_on_one_day_takes_nothing_out",),
    ),
    Mutation(
        id="ground-outlives-its-limit",
        file="workflow/domain/ledger.py",
        old="if stop.is_open and stop.automatic and stop.limit_on is not None:",
        new="if False:",
        breaks="time stays out on a ground whose own limit has passed",
        caught_by=(
            f"{_DOMAIN}/test_ledger.py::test_a_ground_with_its_own_limit_ends_by_itself_unless_it_was_ended_before",
        ),
    ),
    Mutation(
        id="revision-not-raised",
        file="workflow/domain/evolve.py",
        old="replace(clock, due=event.due, revision=clock.revision + 1), event)",
        new="replace(clock, due=event.due), event)",
        breaks="design 3: a rung that fired and was moved has the same key again, and cannot fire",
        caught_by=(
            f"{_ENGINE}/test_calendar_notices.py::test_a_red_card_raised_in_between_is_cancelled_and_comes_again_at_the_corrected_date",
        ),
    ),
    Mutation(
        id="fired-for-ever",
        file="workflow/domain/evolve.py",
        old="passed = old is not None and old.fired and time.at <= event.at",
        new="passed = old is not None and old.fired",
        breaks="design 3: a corrected date does not fire again",
        caught_by=(
            f"{_DOMAIN}/test_reprojection.py::test_a_red_card_cured_by_the_notice_is_cancelled_with_its_number_and_can_come_again",
        ),
    ),
    Mutation(
        id="card-not-cured",
        file="workflow/domain/reprojection.py",
        old="not finding.cancelled and finding.rule in void:",
        new="not finding.cancelled and finding.rule not in void:",
        breaks="design 6: a finding cured by a notice is cancelled with the reason, and no other",
        caught_by=(
            f"{_DOMAIN}/test_reprojection.py::test_a_red_card_cured_by_the_notice_is_cancelled_with_its_number_and_can_come_again",
        ),
    ),
    Mutation(
        id="closed-period-moves",
        file="workflow/domain/reprojection.py",
        old="if not clock.open or (",
        new="if (",
        breaks="design 6: closed periods never move",
        caught_by=(
            f"{_DOMAIN}/test_reprojection.py::test_the_periods_of_a_cured_finding_end_and_do_not_move",
        ),
    ),
    Mutation(
        id="sweep-forgets-the-late",
        file="workflow/storage/transaction.py",
        old="rows_of(step, held.now, held.revisions.calendar)",
        new="rows_of(step, held.now, held.revisions.calendar + 1)",
        breaks="I4: a period decided under the old calendar counts as looked at under the new one",
        caught_by=(
            f"{_ENGINE}/test_sweep.py::test_a_filing_that_read_the_old_calendar_and_comes_late_is_found",
        ),
    ),
    Mutation(
        id="window-open-at-closing-time",
        file="workflow/domain/window/hours.py",
        old="local.timetz().replace(tzinfo=None) < closing(",
        new="local.timetz().replace(tzinfo=None) <= closing(",
        breaks="Civil Code art. 203 section 2: business hours end when the window closes",
        caught_by=(
            f"{_DOMAIN}/window/test_hours.py::test_after_closing_on_the_last_day_before_a_holiday_it_is_the_first_day_after",
        ),
    ),
    Mutation(
        id="hours-by-the-wall-clock",
        file="workflow/domain/reckoning.py",
        old="on = civil_date(end - timedelta(microseconds=1), zone)",
        new="on = civil_date(end, zone)",
        breaks="a period that ends at 24:00 belongs to the day that ends",
        caught_by=(f"{_DOMAIN}/test_reckoning.py::test_hours_that_end_at_midnight_end_on_the_day_that_ends",),
    ),
)
