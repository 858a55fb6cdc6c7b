"""The tables. A case's rows are found by its id in every key, so they can be partitioned or moved together later.

Some registers are global on purpose and are short: remembered commands, number counters, stored definitions, notices on
holidays; and two numbers must be unique in the whole country: the case number and the document number (文号).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    and_,
)

from workflow.storage.columns import Instant
from workflow.storage.desk_tables import findings as findings
from workflow.storage.desk_tables import roles_taken as roles_taken
from workflow.storage.desk_tables import work_items as work_items
from workflow.storage.metadata import metadata as metadata

installation = Table(
    "installation",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("mode", Text, nullable=False),
    Column("present", Instant),  # the time it is on a stepped clock
    Column("offset_seconds", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("calendar_revision", Integer, nullable=False, server_default="0"),  # rises with each notice
    # rises with each directory that is confirmed and with each absence
    Column("directory_revision", Integer, nullable=False, server_default="0"),
    CheckConstraint("id = 1", name="one"),
    CheckConstraint("mode IN ('real', 'stepped', 'offset')", name="mode"),
    CheckConstraint("(mode = 'stepped') = (present IS NOT NULL)", name="present"),
    CheckConstraint("mode = 'offset' OR offset_seconds = 0", name="offset"),
)

definitions = Table(
    "definitions",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),  # canonical JSON, the bytes that were hashed
    Column("texts", LargeBinary, nullable=False),
    Column("stored_at", Instant, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("no", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("definition", Text, ForeignKey("definitions.hash"), nullable=False),
    Column("state", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("letter", Text),
    Column("outcome", Text),
    Column("entered_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("accepted_at", Instant),
    Column("decided_at", Instant),
    Column("concluded_at", Instant),
    Column("archived_at", Instant),
    Column("body", Text, nullable=False),  # the whole Case as canonical JSON
    Column("head", LargeBinary, nullable=False),  # hash of the last event
    UniqueConstraint("no"),
    # Room in each page, so that a step's new version of the row stays beside the old one and touches no index.
    postgresql_with={"fillfactor": "80"},
)
Index(
    "cases_letter_ix",
    cases.c.letter,
    postgresql_where=cases.c.letter.is_not(None),
    sqlite_where=cases.c.letter.is_not(None),
)

events = Table(
    "events",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("type", Text, nullable=False),
    Column("schema_version", SmallInteger, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("effective_at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("acting_for", Text),
    Column("rule", Text, nullable=False),
    Column("caused_by", Text),
    Column("command_id", Text, nullable=False),
    Column("facts", Text, nullable=False),  # canonical JSON: fact -> version
    Column("payload", LargeBinary, nullable=False),  # canonical JSON, the bytes that were hashed
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("alg", Text, nullable=False),
    CheckConstraint("seq > 0", name="seq"),
)

commands = Table(
    "commands",
    metadata,
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("accepted_at", Instant, nullable=False),
    CheckConstraint("key <> ''", name="key"),
)

clocks = Table(
    "clocks",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("clock", Text, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("extensions", Integer, nullable=False),
    Column("due_on", Date),  # none while counting is stopped
    Column("due_at", Instant),
    Column("provisional", Boolean, nullable=False),
    Column("calendar", Text),
    Column("ended_on", Date),
    Column("late", Boolean, nullable=False),
    # Of the calendars under which the date was last looked at; behind the installation's, the sweep looks at it.
    Column("calendar_revision", Integer, nullable=False, server_default="0"),
)
Index(
    "clocks_open_ix",
    clocks.c.due_at,
    postgresql_where=clocks.c.ended_on.is_(None),
    sqlite_where=clocks.c.ended_on.is_(None),
)
Index(
    "clocks_swept_ix",
    clocks.c.calendar_revision,
    clocks.c.case_id,
    postgresql_where=clocks.c.ended_on.is_(None),
    sqlite_where=clocks.c.ended_on.is_(None),
)

rungs = Table(
    "rungs",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("clock", Text, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("rung", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("fires_at", Instant, nullable=False),
    Column("hinted_at", Instant),  # real time, on a simulated clock too
    Column("fired_at", Instant),
    Column("cancelled_at", Instant),
    Column("withheld_at", Instant),
    Column("done_by", Text),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("error", Text),
    Column("parked_at", Instant),
    CheckConstraint("fired_at >= fires_at", name="not_early"),
    CheckConstraint("fired_at IS NULL OR cancelled_at IS NULL", name="one_end"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("job", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("action", Text, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("hinted_at", Instant),
    Column("done_at", Instant),
    Column("done_by", Text),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("error", Text),
    Column("parked_at", Instant),
)

rung_waits = and_(
    rungs.c.fired_at.is_(None),
    rungs.c.cancelled_at.is_(None),
    rungs.c.withheld_at.is_(None),
    rungs.c.parked_at.is_(None),
)
"""A rung that is still to fire."""

job_waits = and_(jobs.c.done_at.is_(None), jobs.c.parked_at.is_(None))
"""A job that is still to be done."""

rung_undone = and_(rungs.c.fired_at.is_(None), rungs.c.cancelled_at.is_(None))
"""A rung that has not come to its end, whether or not anything keeps it from firing."""

# What waits for a person: hardly ever anything, so these indexes stay empty.
for _name, _column, _open in (
    ("rungs_parked_ix", rungs.c.parked_at, rung_undone),
    ("rungs_withheld_ix", rungs.c.withheld_at, rung_undone),
    ("jobs_parked_ix", jobs.c.parked_at, jobs.c.done_at.is_(None)),
):
    _kept = and_(_column.is_not(None), _open)
    Index(_name, _column, postgresql_where=_kept, sqlite_where=_kept)

# Two small indexes each: what nobody has been told of yet, by when it falls due, and what somebody has, by when.
for _table, _waits, _due in ((rungs, rung_waits, rungs.c.fires_at), (jobs, job_waits, jobs.c.due_at)):
    _silent, _hinted = (
        and_(_waits, _table.c.hinted_at.is_(None)),
        and_(_waits, _table.c.hinted_at.is_not(None)),
    )
    Index(f"{_table.name}_due_ix", _due, postgresql_where=_silent, sqlite_where=_silent)
    Index(f"{_table.name}_hinted_ix", _table.c.hinted_at, postgresql_where=_hinted, sqlite_where=_hinted)

# Asked every few seconds by whoever watches an installation.
_assumed = and_(clocks.c.ended_on.is_(None), clocks.c.provisional)
Index("clocks_provisional_ix", clocks.c.case_id, postgresql_where=_assumed, sqlite_where=_assumed)

personal_values = Table(
    "personal_values",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),  # the case's seq after the step that brought it
    Column("value", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Index("personal_values_subject_ix", "subject", "field"),
)

documents = Table(
    "documents",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("series", Text),
    Column("year", Integer),
    Column("number", Integer),
    Column("issued_at", Instant, nullable=False),
    Column("delivered_at", Instant),
    UniqueConstraint("series", "year", "number"),
)

notices = Table(
    "notices",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("notice", Text, nullable=False),
    Column("before_effect", Boolean, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("taken_down_at", Instant),
    Index("notices_published_ix", "published_at"),
)

number_counters = Table(
    "number_counters",
    metadata,
    Column("series", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

calendar_notices = Table(
    "calendar_notices",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # the Notice as canonical JSON
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("published_by", Text),
    Column("published_at", Instant),
    Column("revision", Integer),  # of the calendars, which its publication made
    CheckConstraint("published_by <> proposed_by", name="two_persons"),
    CheckConstraint(
        "(published_by IS NULL) = (published_at IS NULL) AND (published_by IS NULL) = (revision IS NULL)",
        name="published",
    ),
    UniqueConstraint("revision"),
)

shipped_calendars = Table(
    "shipped_calendars",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("revision", Integer, nullable=False),  # of the calendars, when a program first brought it
)

calendar_sweeps = Table(
    "calendar_sweeps",
    metadata,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("calendar", Text, nullable=False),
    Column("notice", Text, nullable=False),
    Column("reach_from", Instant),  # when the first changed day begins; none if no day changed
    Column("begun_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("looked", Integer, nullable=False, server_default="0"),  # open clocks
    Column("moved", Integer, nullable=False, server_default="0"),
    Column("cured", Integer, nullable=False, server_default="0"),  # findings cancelled
    Column("warned", Integer, nullable=False, server_default="0"),  # earlier dates
    Column("failed", Integer, nullable=False, server_default="0"),  # cases
    Column("error", Text),
)

publications = Table(
    "publications",
    metadata,
    Column("code", Text, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("hash", Text, ForeignKey("definitions.hash"), nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", Instant, nullable=False),
    CheckConstraint("valid_to >= valid_from", name="days"),
)

matter_index = Table(
    "matter_index",
    metadata,
    Column("source", Text, primary_key=True),  # whose catalogue it was taken from
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("organ", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("initials", Text, nullable=False),  # of the title and the organ, in pinyin
)
