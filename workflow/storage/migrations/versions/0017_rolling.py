"""What lets two versions of the program run side by side: how old a program may be, and which are at work."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0017"
down_revision = "0016"
expands = True


def upgrade() -> None:
    """Add the two tables. Programs from before this wanted their own schema and no other, so none is older."""
    state = op.create_table(
        "schema_state",
        sa.Column("id", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("oldest_program", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name="schema_state_one_ck"),
        sa.PrimaryKeyConstraint("id", name="schema_state_pk"),
    )
    op.bulk_insert(state, [{"id": 1, "oldest_program": revision}])
    op.create_table(
        "programs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="programs_pk"),
    )
