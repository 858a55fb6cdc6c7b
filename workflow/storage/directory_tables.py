"""The tables of the directory: its revisions, who is away when, and what the administrators did.

A directory is kept whole, as its canonical JSON; `docs/decisions/0007-directory-in-the-database.md` says why.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from workflow.storage.columns import Instant
from workflow.storage.tables import metadata

directory_revisions = Table(
    "directory_revisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column(
        "base", Integer, nullable=False
    ),  # the number it was made from; 0: the one that came with the program
    Column("version", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),  # the whole Directory as canonical JSON
    Column("absences", LargeBinary, nullable=False),  # those that came with it, as canonical JSON
    Column("note", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed_at", Instant),
    Column("revision", Integer),  # of the installation's directory, which its confirmation made
    CheckConstraint("base < number", name="base"),
    CheckConstraint("confirmed_by <> proposed_by", name="two_persons"),
    CheckConstraint(
        "(confirmed_by IS NULL) = (confirmed_at IS NULL) AND (confirmed_by IS NULL) = (revision IS NULL)",
        name="confirmed",
    ),
    UniqueConstraint("revision"),
)
# Of all that were made from one directory, one at most is confirmed.
Index(
    "directory_revisions_next_ix",
    directory_revisions.c.base,
    unique=True,
    postgresql_where=directory_revisions.c.confirmed_by.is_not(None),
    sqlite_where=directory_revisions.c.confirmed_by.is_not(None),
)

absences = Table(
    "absences",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("person", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),  # of the installation's directory, from which on it counts
    Column("cancelled_by", Text),
    Column("cancelled_at", Instant),
    Column("cancelled_revision", Integer),  # from which on it does not
    CheckConstraint("until >= since", name="days"),
    CheckConstraint(
        "(cancelled_by IS NULL) = (cancelled_at IS NULL) AND (cancelled_by IS NULL) = (cancelled_revision IS NULL)",
        name="cancelled",
    ),
    Index("absences_person_ix", "person", "since"),
)

administration = Table(
    "administration",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("rule", Text, nullable=False),  # that allowed it
    Column("detail", Text, nullable=False),  # canonical JSON
)
