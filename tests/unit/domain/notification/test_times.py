"""When a message may go out: quiet hours over midnight, digests, limits, and pauses that grow."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.notification.times import (
    LONGEST_PAUSE,
    Plan,
    Preference,
    next_at,
    next_try,
    plan,
    quiet_until,
)
from workflow.domain.notification.values import ALWAYS, URGENT, Kind

ZONE = "Asia/Shanghai"
NIGHT = (time(22), time(7, 30))
INSTANTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0, tzinfo=None))
ZONES = st.sampled_from([ZONE, "UTC", "America/New_York", "Europe/Berlin"])


def here(day, clock):
    return datetime.fromisoformat(f"2026-11-{day}T{clock}").replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (("23", "21:59"), None),
        (("23", "22:00"), ("24", "07:30")),
        (("24", "00:00"), ("24", "07:30")),
        (("24", "07:29"), ("24", "07:30")),
        (("24", "07:30"), None),
        (("24", "12:00"), None),
    ],
)
def test_quiet_hours_go_over_midnight(now, end):
    assert quiet_until(here(*now), NIGHT, ZONE) == (here(*end) if end else None)


def test_quiet_hours_within_a_day():
    noon = (time(12), time(14))

    assert quiet_until(here("24", "13:00"), noon, ZONE) == here("24", "14:00")
    assert quiet_until(here("24", "23:00"), noon, ZONE) is None
    assert quiet_until(here("24", "23:00"), (time(9), time(9)), ZONE) is None


@given(INSTANTS, TIMES, TIMES, ZONES)
def test_the_end_of_quiet_hours_is_ahead_and_not_quiet(now, begin, end, zone):
    until = quiet_until(now, (begin, end), zone)

    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        assert quiet_until(until, (begin, end), zone) is None


@given(INSTANTS, TIMES, ZONES)
def test_the_next_time_of_day_is_within_a_day_or_so(now, when, zone):
    moment = next_at(now, when, zone)

    assert now < moment <= now + timedelta(hours=25)


def plans(kind, now, *, recent=0, in_digest=False, **wishes):
    return plan(kind, Preference(**wishes), now, zone=ZONE, in_digest=in_digest, recent=recent, per_hour=20)


def test_a_digest_gathers_what_is_not_urgent():
    now = here("24", "10:00")

    assert plans(Kind.URGING, now, digest=time(8, 30)) == Plan(later=here("25", "08:30"), digest=True)
    assert plans(Kind.URGING, now, digest=time(8, 30), in_digest=True) == Plan()
    for kind in URGENT:
        assert plans(kind, now, digest=time(8, 30)) == Plan()


def test_a_digest_in_quiet_hours_waits_for_their_end():
    now = here("24", "10:00")

    assert plans(Kind.URGING, now, digest=time(6), quiet=NIGHT) == Plan(
        later=here("25", "07:30"), digest=True
    )


def test_even_a_red_card_lets_people_sleep():
    now = here("24", "00:00")

    assert plans(Kind.CARD_RED, now, quiet=NIGHT) == Plan(later=here("24", "07:30"))


@pytest.mark.parametrize("kind", list(Kind))
def test_everything_can_be_declined_but_red_cards_and_orders(kind):
    told = plans(kind, here("24", "10:00"), declined=frozenset({kind.value}))

    assert told == (Plan() if kind in ALWAYS else Plan(never="declined"))
    assert {Kind.CARD_RED, Kind.ORDER} == ALWAYS


def test_what_is_too_much_in_an_hour_goes_out_together_in_the_next():
    now = here("24", "10:20")

    assert plans(Kind.ORDER, now, recent=19) == Plan()
    assert plans(Kind.ORDER, now, recent=20) == Plan(later=here("24", "11:00"), digest=True)
    assert plans(Kind.ORDER, now, recent=99, in_digest=True) == Plan()


@given(st.uuids().map(str), st.integers(1, 40), INSTANTS)
def test_pauses_grow_up_to_an_hour_and_are_the_same_each_time(delivery, attempt, now):
    again = next_try(delivery, attempt, now)

    pause = min(timedelta(seconds=30) * 2 ** (attempt - 1), LONGEST_PAUSE)
    assert pause * 3 / 4 <= again - now <= pause * 5 / 4
    assert again == next_try(delivery, attempt, now)


def test_two_deliveries_that_failed_together_do_not_come_back_together():
    now = here("24", "10:00")

    assert len({next_try(f"delivery {number}", 3, now) for number in range(200)}) > 190


def test_a_wish_for_a_pause_is_heeded_within_reason():
    now = here("24", "10:00")

    assert next_try("d", 1, now, asked=timedelta(hours=3)) == now + timedelta(hours=3)
    assert next_try("d", 1, now, asked=timedelta(days=300)) == now + timedelta(days=1)
    assert next_try("d", 1, now, asked=timedelta(seconds=1)) > now + timedelta(seconds=20)
