"""Versions of matters, published with their dates. It only adds."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0004"
down_revision = "0003"
expands = True


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "publications",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name="publications_days_ck"),
        sa.ForeignKeyConstraint(["hash"], ["definitions.hash"], name="publications_hash_fk"),
        sa.PrimaryKeyConstraint("code", "valid_from", name="publications_pk"),
    )
