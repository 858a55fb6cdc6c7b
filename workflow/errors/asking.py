"""What was asked cannot be understood (400, 422)."""

from __future__ import annotations

from workflow.errors.base import BanjieError


class BadInput(BanjieError):
    """The input cannot be read: {reason}."""

    code = "bad_input"
    status = 400


class BadPeriod(BadInput):
    """{value!r} is not a period: write a whole number and a unit, as in 20wd, 60d, 8w, 3mo, 1y or 48h."""

    code = "bad_period"


class BadDate(BadInput):
    """{value!r} is not a date: write it as YYYY-MM-DD."""

    code = "bad_date"


class OutOfCalendar(BadInput):
    """{what} leads out of the years {first} to {last}, for which the calendars answer."""

    code = "out_of_calendar"


class InstantNeeded(BadInput):
    """{what} needs a time of day with its offset from UTC, as in 2026-11-06T09:30+08:00."""

    code = "instant_needed"


class UnknownZone(BadInput):
    """{name!r} is not a time zone: write one such as Asia/Shanghai."""

    code = "unknown_zone"


class BadFields(BadInput):
    """The fields of {what} are wrong: {problems}."""

    code = "bad_fields"
    status = 422


class BadSetting(BadInput):
    """The setting {name} is wrong: {reason}."""

    code = "bad_setting"


class BadDefinition(BadInput):
    """{count} fault(s) in the definitions, the first: {first}. Run `banjie matters check` to see all of them."""

    code = "bad_definition"
    status = 422


class BadLog(BadInput):
    """The event log {path} cannot be read: {reason}."""

    code = "bad_log"
    status = 422


class BadMap(BadInput):
    """The map {path} cannot be used: {reason}."""

    code = "bad_map"
    status = 422
