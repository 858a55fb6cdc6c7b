"""The tables of the watch over time and work: the clock it has seen, the alarms that stand, how far the proof has come.

All of it is real time, on a simulated clock too. Nothing here is a fact of a case; a case is named in an alarm's subject.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, SmallInteger, Table, Text

from workflow.storage.columns import Instant
from workflow.storage.metadata import metadata

time_watch = Table(
    "time_watch",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("mark", Instant, nullable=False),  # the latest time that the database's own clock was seen to tell
    Column("host", Text, nullable=False),  # who saw it: a machine since it was started
    Column("host_at", Instant, nullable=False),  # what that host's clock told
    Column("host_elapsed", BigInteger, nullable=False),  # milliseconds it had been running, a jump or not
    Column("frozen_at", Instant),  # since when irreversible outcomes are held back
    Column("frozen_because", Text),  # back, forward
    Column("shift", BigInteger),  # milliseconds by which the clock had jumped
    Column("proposed_by", Text),  # of the release
    Column("proposed_at", Instant),
    Column("reason", Text),
    Column("releases", Integer, nullable=False, server_default="0"),
    CheckConstraint("id = 1", name="one"),
    CheckConstraint("frozen_because IN ('back', 'forward')", name="because"),
    CheckConstraint(
        "(frozen_at IS NULL) = (frozen_because IS NULL) AND (frozen_at IS NULL) = (shift IS NULL)",
        name="frozen",
    ),
    CheckConstraint(
        "(proposed_by IS NULL) = (proposed_at IS NULL) AND (proposed_by IS NULL) = (reason IS NULL)"
        " AND (proposed_by IS NULL OR frozen_at IS NOT NULL)",
        name="proposed",
    ),
)

alarms = Table(
    "alarms",
    metadata,
    Column("name", Text, primary_key=True),  # of workflow.engine.alarms.STANDING
    Column("subject", Text, primary_key=True),  # what it is about: a case's id and a row of it, or nothing
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("detail", Text, nullable=False),
)
alarm_stands = alarms.c.ended_at.is_(None)
"""What an alarm tells of is not over."""

Index("alarms_standing_ix", alarms.c.name, postgresql_where=alarm_stands, sqlite_where=alarm_stands)

reconciler = Table(
    "reconciler",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("looked_at", Instant, nullable=False),  # the last pass
    Column("after_case", Text, nullable=False),  # how far the round through all cases is
    Column("round_since", Instant, nullable=False),
    Column("proved_at", Instant),  # when the last full proof ended
    Column("proved_cases", Integer, nullable=False, server_default="0"),
    Column("rehinted", BigInteger, nullable=False, server_default="0"),  # rows hinted anew, ever
    # Of the rungs and jobs done when the window began and at the last pass, to tell the share of tasks.
    Column("window_since", Instant),
    Column("window_task", BigInteger, nullable=False, server_default="0"),
    Column("window_pulse", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("id = 1", name="one"),
)
