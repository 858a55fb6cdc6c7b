"""One tree of errors: each has a code, an HTTP status, and its docstring is its message.

A message is a format string over the keyword fields given when the error is raised; the same code names the text in
the catalogues (`definitions/texts/*/errors.yaml`), so a door shows it in the reader's language and a machine reads
`code` and `fields`. An error means: nothing was written.
"""

from __future__ import annotations

from typing import Any, ClassVar


class BanjieError(Exception):
    """Something went wrong inside the system; please report it with the time and what you did."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, **fields: Any) -> None:
        self.fields = fields
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The English message with its fields filled in (the catalogues hold the other languages)."""
        template = " ".join((type(self).__doc__ or "").split())
        return template.format(**self.fields)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.fields))


def _rebuild(kind: type[BanjieError], fields: dict[str, Any]) -> BanjieError:
    return kind(**fields)


# --- what was asked cannot be understood (400) -----------------------------------------------------------------


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


# --- what was asked for does not exist (404) -------------------------------------------------------------------


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


class UnknownPerson(NotFound):
    """There is nobody called {name!r} in the directory."""

    code = "unknown_person"


# --- the actor may not do it (403) -----------------------------------------------------------------------------


class NotAuthorised(BanjieError):
    """{actor} may not {action}: {needed}."""

    code = "not_authorised"
    status = 403


class NotCalendarKeeper(NotAuthorised):
    """{actor} holds no post of calendar keeper today; proposing and publishing notices on holidays needs it."""

    code = "not_calendar_keeper"


class SameKeeper(NotAuthorised):
    """{actor} proposed the notice {name!r}; it must be published by another person."""

    code = "same_keeper"


class SamePerson(NotAuthorised):
    """{actor} has already acted as {role} on this case; {action} must be done by another person."""

    code = "same_person"


# --- the case is not where the command thinks it is (409) --------------------------------------------------------


class Conflict(BanjieError):
    """The command does not fit what is there now: {reason}."""

    code = "conflict"
    status = 409


class ActionNotAvailable(Conflict):
    """{action!r} cannot be done while the case is {state!r}; what can be done now: {available}."""

    code = "action_not_available"


class CaseHasMoved(Conflict):
    """The case is at version {version}, not {seen}: somebody has acted since you read it; read it again."""

    code = "case_has_moved"


class KeyUsedForAnother(Conflict):
    """The key {key!r} was used before for another command; use a new key for a new command."""

    code = "key_used"
    status = 422


class CaseExists(Conflict):
    """The case {name!r} has been filed already."""

    code = "case_exists"


class GuardRefused(Conflict):
    """{action!r} is refused by the rule {rule}: {needed}."""

    code = "guard_refused"


class ConditionRefused(Conflict):
    """{action!r} can be done only when {condition}."""

    code = "condition_refused"


class NoAutomaticStep(Conflict):
    """The system knows no way on from {state!r}, because no condition holds ({conditions})."""

    code = "no_automatic_step"


class ClockRefused(Conflict):
    """The period {clock!r} does not allow this: {reason}."""

    code = "clock_refused"


class NoticeDiffers(Conflict):
    """The notice {name!r} is known already and says something else; give a corrected one an id of its own."""

    code = "notice_differs"


class NoticeKnown(Conflict):
    """The notice {name!r} is among the definitions already; there is nothing to propose."""

    code = "notice_known"


class DefinitionInUse(Conflict):
    """The definition {name!r} is stored with another content under the same hash; it cannot be replaced."""

    code = "definition_in_use"


class VersionInUse(Conflict):
    """Another version of the matter {name!r} is in use from {on} on ({reason}); let the new one begin later."""

    code = "version_in_use"


class MigrationRefused(Conflict):
    """The case {case} cannot be migrated: {reason}."""

    code = "migration_refused"


class ReplayRefused(Conflict):
    """The replay stopped at {case}, {what}, {at}: {reason}."""

    code = "replay_refused"


class ClockIsReal(Conflict):
    """This database keeps real time, for ever; time can be moved only in one created as simulated."""

    code = "clock_is_real"


# --- the machine around us (503) -----------------------------------------------------------------------------------


class Unavailable(BanjieError):
    """{what} cannot be reached: {reason}."""

    code = "unavailable"
    status = 503


class DatabaseUnavailable(Unavailable):
    """The database cannot be used: {reason}. `banjie doctor` says how to mend it."""

    code = "database_unavailable"


class SchemaOutOfDate(Unavailable):
    """The database is at schema {found}, this program needs {wanted}; run `banjie db upgrade`."""

    code = "schema_out_of_date"


class BrokerUnavailable(Unavailable):
    """The message broker cannot be used: {reason}. `banjie doctor` says how to mend it."""

    code = "broker_unavailable"


class StackFailed(Unavailable):
    """The embedded stack did not start: {reason}."""

    code = "stack_failed"


# --- the record is not what it was (500) ----------------------------------------------------------------------------


class RecordBroken(BanjieError):
    """The record of case {case} is broken at event {seq}: {reason}."""

    code = "record_broken"
