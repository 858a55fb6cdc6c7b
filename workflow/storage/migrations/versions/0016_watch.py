"""What the watch over time and work keeps: the clock it has seen, and whether irreversible outcomes are held back."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0016"
down_revision = "0015"
expands = True


def upgrade() -> None:
    """Add the three tables; the rows of two of them are made by whoever first has something to put there."""
    op.create_table(
        "time_watch",
        sa.Column("id", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("mark", Instant(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("host_at", Instant(), nullable=False),
        sa.Column("host_elapsed", sa.BigInteger(), nullable=False),
        sa.Column("frozen_at", Instant(), nullable=True),
        sa.Column("frozen_because", sa.Text(), nullable=True),
        sa.Column("shift", sa.BigInteger(), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=True),
        sa.Column("proposed_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("releases", sa.Integer(), nullable=False, server_default="0"),
        sa.CheckConstraint("id = 1", name="time_watch_one_ck"),
        sa.CheckConstraint("frozen_because IN ('back', 'forward')", name="time_watch_because_ck"),
        sa.CheckConstraint(
            "(frozen_at IS NULL) = (frozen_because IS NULL) AND (frozen_at IS NULL) = (shift IS NULL)",
            name="time_watch_frozen_ck",
        ),
        sa.CheckConstraint(
            "(proposed_by IS NULL) = (proposed_at IS NULL) AND (proposed_by IS NULL) = (reason IS NULL)"
            " AND (proposed_by IS NULL OR frozen_at IS NOT NULL)",
            name="time_watch_proposed_ck",
        ),
        sa.PrimaryKeyConstraint("id", name="time_watch_pk"),
    )
    op.create_table(
        "alarms",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "subject", name="alarms_pk"),
    )
    standing = sa.text("ended_at IS NULL")
    op.create_index(
        "alarms_standing_ix", "alarms", ["name"], postgresql_where=standing, sqlite_where=standing
    )
    for name, table, column, undone in WAITS_FOR_A_PERSON:
        where = sa.text(f"{column} IS NOT NULL AND {undone}")
        op.create_index(name, table, [column], postgresql_where=where, sqlite_where=where)
    op.create_table(
        "reconciler",
        sa.Column("id", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("looked_at", Instant(), nullable=False),
        sa.Column("after_case", sa.Text(), nullable=False),
        sa.Column("round_since", Instant(), nullable=False),
        sa.Column("proved_at", Instant(), nullable=True),
        sa.Column("proved_cases", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("rehinted", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("window_since", Instant(), nullable=True),
        sa.Column("window_task", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("window_pulse", sa.BigInteger(), nullable=False, server_default="0"),
        sa.CheckConstraint("id = 1", name="reconciler_one_ck"),
        sa.PrimaryKeyConstraint("id", name="reconciler_pk"),
    )


WAITS_FOR_A_PERSON = (
    ("rungs_parked_ix", "rungs", "parked_at", "fired_at IS NULL AND cancelled_at IS NULL"),
    ("rungs_withheld_ix", "rungs", "withheld_at", "fired_at IS NULL AND cancelled_at IS NULL"),
    ("jobs_parked_ix", "jobs", "parked_at", "done_at IS NULL"),
)
