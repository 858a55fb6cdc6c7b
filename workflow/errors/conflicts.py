"""The case, or whatever was asked of, is not where the command thinks it is (409)."""

from __future__ import annotations

from workflow.errors.base import BanjieError


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


class NotFrozen(Conflict):
    """Nothing is held back for the sake of the clock, or nobody has proposed to release it yet."""

    code = "not_frozen"


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


class AlreadyClaimed(Conflict):
    """The work item was claimed by {holder} at {since}; it can be claimed when {holder} has released it."""

    code = "already_claimed"


class NothingToClaim(Conflict):
    """{action} needs a work item, and in the state {state} the case waits for none; look at the case again."""

    code = "nothing_to_claim"


class CannotHold(Conflict):
    """{person} cannot be given this work item (rule {rule}): it takes {needed}."""

    code = "cannot_hold"


class CannotTakeBack(Conflict):
    """The act cannot be taken back (rule {rule}): it takes {needed}."""

    code = "cannot_take_back"


class UrgedAlready(Conflict):
    """{actor} urged this case on {on}; it can be urged again from {again_on} on."""

    code = "urged_already"


class LetterAnswered(Conflict):
    """The letter {letter} of {organ} has been answered; no case comes under it or leaves it any more. File under a new
    one.
    """

    code = "letter_answered"


class RunDiffers(Conflict):
    """The run {name!r} is another one ({action}, by {actor}); give a new run an id of its own."""

    code = "run_differs"


class VerbRefused(Conflict):
    """{action} is not possible now (rule {rule}): it takes {needed}."""

    code = "verb_refused"
