"""The tables of materials: each version that was handed in, and the files in the store with the salts of their families.

A file belongs to a family of cases (parents and children), which its `case_id` names by the first of them; that is where
files are told to be the same, and nowhere else (design §3).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from workflow.storage.columns import Instant
from workflow.storage.tables import metadata

materials = Table(
    "materials",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("material", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("family", Text, nullable=False),
    Column("applicant", Text),  # the organ that filed; none where the public did
    Column("state", Text, nullable=False),  # as it was received, or judged since
    Column("reason", Text),
    Column("channel", Text, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("pages", Integer),
    Column("original", Boolean, nullable=False),  # an original came with it
    Column("original_returned_at", Instant),
    Column("digest", Text),
    Column("kind", Text),
    Column("media_type", Text),
    Column("size", BigInteger),
    Column("name_field", Text),  # of the erasable table, where the file's name is
    Column("received_at", Instant, nullable=False),
    Column("received_by", Text, nullable=False),
    Column("from_case", Text),  # the case it was taken over from
    Column("from_version", Integer),
    CheckConstraint("(digest IS NULL) = (size IS NULL)", name="file"),
)
Index("materials_family_ix", materials.c.family, materials.c.material)
Index(
    "materials_applicant_ix",
    materials.c.applicant,
    materials.c.material,
    postgresql_where=materials.c.applicant.is_not(None),
    sqlite_where=materials.c.applicant.is_not(None),
)

blobs = Table(
    "blobs",
    metadata,
    Column("case_id", Text, primary_key=True),  # the family's first case
    Column("address", Text, primary_key=True),  # in the store; never used twice
    Column("digest", Text, nullable=False),  # salted
    Column("kind", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("staged_at", Instant, nullable=False),  # real time, on a simulated clock too
    Column("stored_at", Instant),  # likewise: the store has it
    Column("kept_at", Instant),  # an event names it, so it stays; the case's time
    Column("condemned_at", Instant),  # real time: nobody may name it any more, the sweep removes it
    CheckConstraint("kept_at IS NULL OR condemned_at IS NULL", name="one_end"),
    CheckConstraint("kept_at IS NULL OR stored_at IS NOT NULL", name="kept"),
)
Index("blobs_digest_ix", blobs.c.case_id, blobs.c.digest)
Index(
    "blobs_orphan_ix",
    blobs.c.staged_at,
    postgresql_where=blobs.c.kept_at.is_(None),
    sqlite_where=blobs.c.kept_at.is_(None),
)

blob_salts = Table(
    "blob_salts",
    metadata,
    Column("case_id", Text, primary_key=True),  # the family's first case
    Column("salt", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
)
