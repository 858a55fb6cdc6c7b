"""The actor may not do it (403)."""

from __future__ import annotations

from workflow.errors.base import BanjieError


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
