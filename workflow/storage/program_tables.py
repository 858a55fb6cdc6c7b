"""Which programs work on a database, and how old they may be: what lets two versions run side by side (decision 0018)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, SmallInteger, Table, Text

from workflow.storage.columns import Instant
from workflow.storage.metadata import metadata

schema_state = Table(
    "schema_state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("oldest_program", Text, nullable=False),  # the revision that a program must want at least
    CheckConstraint("id = 1", name="one"),
)

programs = Table(
    "programs",
    metadata,
    Column("id", Text, primary_key=True),  # made anew by every process
    Column("part", Text, nullable=False),  # worker, relaying, portal …
    Column("revision", Text, nullable=False),  # that it wants
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("since", Instant, nullable=False),  # real time, both
    Column("seen_at", Instant, nullable=False),
)
