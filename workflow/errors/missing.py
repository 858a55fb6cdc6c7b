"""What was asked for does not exist (404)."""

from __future__ import annotations

from workflow.errors.base import BanjieError


class NotFound(BanjieError):
    """There is no {what} {name!r}."""

    code = "not_found"
    status = 404


class UnknownMatter(NotFound):
    """There is no matter {name!r}; `banjie matters list` shows those there are."""

    code = "unknown_matter"


class UnknownCase(NotFound):
    """There is no case {name!r}; check the case number on the slip."""

    code = "unknown_case"


class UnknownRule(NotFound):
    """No rule of law {name!r} is known; the rules stand in definitions/law."""

    code = "unknown_rule"


class NoRuleInForce(NotFound):
    """The rule {name!r} has no version in force on {on}; give its dates of validity in definitions/law."""

    code = "no_rule_in_force"


class NoVersionInForce(NotFound):
    """No published version of the matter {name!r} is in force on {on}, so nothing can be filed for that day."""

    code = "no_version_in_force"


class UnknownCalendar(NotFound):
    """There is no calendar {name!r}; the calendars stand in definitions/calendars."""

    code = "unknown_calendar"


class UnknownNotice(NotFound):
    """No notice {name!r} has been proposed for this calendar; `banjie calendar notices` shows those there are."""

    code = "unknown_notice"


class UnknownRun(NotFound):
    """There is no run {name!r} over many cases; `banjie desk runs` shows those there are."""

    code = "unknown_run"


class UnknownLetter(NotFound):
    """There is no filing letter {name!r}; `banjie letter list` shows those there are."""

    code = "unknown_letter"


class UnknownPerson(NotFound):
    """There is nobody called {name!r} in the directory."""

    code = "unknown_person"


class NothingBegun(NotFound):
    """No demonstration was begun in {home} that could be gone on with; begin one without --resume."""

    code = "nothing_begun"
