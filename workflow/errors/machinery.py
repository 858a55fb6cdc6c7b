"""The machine around us (503)."""

from __future__ import annotations

from workflow.errors.base import BanjieError


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


class ProgramOutOfDate(SchemaOutOfDate):
    """The database is at schema {found}, on which no program older than {oldest} may work, and this one is {wanted}; start
    the newer program."""

    code = "program_out_of_date"


class NeedsNewerProgram(Unavailable):
    """{what} was written by a newer program (schema {reader}; this one knows {known}) and waits for that one; nothing has
    been done. Try again later."""

    code = "needs_newer_program"


class OlderProgramsAlive(Unavailable):
    """The upgrade to {to} takes away what programs older than {oldest} need, and such are at work: {programs}. Replace them
    first."""

    code = "older_programs_alive"


class BrokerUnavailable(Unavailable):
    """The message broker cannot be used: {reason}. `banjie doctor` says how to mend it."""

    code = "broker_unavailable"


class OutcomesFrozen(Unavailable):
    """The clock of this installation is in doubt and an outcome of silence is due on the case: nothing is done on it until
    the clock has been found right; try again later. `banjie doctor` says how to release it.
    """

    code = "outcomes_frozen"


class StackFailed(Unavailable):
    """The embedded stack did not start: {reason}."""

    code = "stack_failed"
