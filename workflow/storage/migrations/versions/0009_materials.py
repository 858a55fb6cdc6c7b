"""Materials handed in, their versions, and the files in the store. It only adds."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0009"
down_revision = "0008"
expands = True


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "materials",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("applicant", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("original", sa.Boolean(), nullable=False),
        sa.Column("original_returned_at", Instant(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("name_field", sa.Text(), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("from_case", sa.Text(), nullable=True),
        sa.Column("from_version", sa.Integer(), nullable=True),
        sa.CheckConstraint("(digest IS NULL) = (size IS NULL)", name="materials_file_ck"),
        sa.PrimaryKeyConstraint("case_id", "material", "version", name="materials_pk"),
    )
    op.create_index("materials_family_ix", "materials", ["family", "material"])
    named = sa.text("applicant IS NOT NULL")
    op.create_index(
        "materials_applicant_ix",
        "materials",
        ["applicant", "material"],
        postgresql_where=named,
        sqlite_where=named,
    )
    op.create_table(
        "blobs",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("staged_at", Instant(), nullable=False),
        sa.Column("stored_at", Instant(), nullable=True),
        sa.Column("kept_at", Instant(), nullable=True),
        sa.Column("condemned_at", Instant(), nullable=True),
        sa.CheckConstraint("kept_at IS NULL OR condemned_at IS NULL", name="blobs_one_end_ck"),
        sa.CheckConstraint("kept_at IS NULL OR stored_at IS NOT NULL", name="blobs_kept_ck"),
        sa.PrimaryKeyConstraint("case_id", "address", name="blobs_pk"),
    )
    op.create_index("blobs_digest_ix", "blobs", ["case_id", "digest"])
    orphan = sa.text("kept_at IS NULL")
    op.create_index("blobs_orphan_ix", "blobs", ["staged_at"], postgresql_where=orphan, sqlite_where=orphan)
    op.create_table(
        "blob_salts",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="blob_salts_pk"),
    )
