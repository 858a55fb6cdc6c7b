"""Matters of other organs' catalogues, to be looked up beside one's own. It only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
expands = True


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "matter_index",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("initials", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "code", name="matter_index_pk"),
    )
