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


class PersonRecused(NotAuthorised):
    """{actor} may not {action}: recused on this case; another holder of the post must act."""

    code = "person_recused"


class SamePersonReleases(NotAuthorised):
    """{person} proposed the release; another person must confirm that the clock is right."""

    code = "same_person_releases"


class NotAtWindow(NotAuthorised):
    """{actor} takes no filings of this matter in at the window today: it takes one of the posts {needed}."""

    code = "not_at_window"


class HeldByAnother(NotAuthorised):
    """{actor} may not {action}: the work item is with {holder}, who must do it, release it or transfer it."""

    code = "held_by_another"


class PrincipalPresent(NotAuthorised):
    """{actor} may not {action} as deputy for {post}: whoever is responsible is not recorded as absent and has not
    transferred the work item to the deputy.
    """

    code = "principal_present"


class NotOnThisCase(NotAuthorised):
    """{actor} may not {action} on this case (rule {rule}): it takes {needed}."""

    code = "not_on_this_case"
