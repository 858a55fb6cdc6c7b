"""Notices on holidays in the database, and how far each has been swept over the open clocks.

It only adds: a program of the first release goes on writing while this one is brought in.
"""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0002"
down_revision = "0001"
expands = True


def upgrade() -> None:
    """Add the two tables, the revision of the calendars, and an index that finds clocks behind it."""
    op.create_table(
        "calendar_notices",
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.CheckConstraint("published_by <> proposed_by", name="calendar_notices_two_persons_ck"),
        sa.CheckConstraint(
            "(published_by IS NULL) = (published_at IS NULL) AND (published_by IS NULL) = (revision IS NULL)",
            name="calendar_notices_published_ck",
        ),
        sa.PrimaryKeyConstraint("calendar", "id", name="calendar_notices_pk"),
        sa.UniqueConstraint("revision", name="calendar_notices_revision_uq"),
    )
    op.create_table(
        "calendar_sweeps",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("reach_from", Instant(), nullable=True),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("looked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("moved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cured", sa.Integer(), server_default="0", nullable=False),
        sa.Column("warned", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("revision", name="calendar_sweeps_pk"),
    )
    for table in ("installation", "clocks"):
        revision_column = sa.Column("calendar_revision", sa.Integer(), server_default="0", nullable=False)
        op.add_column(table, revision_column)
    op.create_index(
        "clocks_swept_ix",
        "clocks",
        ["calendar_revision", "case_id"],
        unique=False,
        postgresql_where=sa.text("ended_on IS NULL"),
        sqlite_where=sa.text("ended_on IS NULL"),
    )
    for statement in ONLY_PUBLISHED[op.get_bind().dialect.name]:
        op.execute(statement)


_KEPT = ("calendar", "id", "body", "proposed_by", "proposed_at")
_CHANGED = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _KEPT)
_REFUSED = "a notice is proposed and published, and never changed"

ONLY_PUBLISHED = {
    "postgresql": (
        f"""
        CREATE FUNCTION calendar_notices_are_only_published() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$
        """,
        f"""
        CREATE TRIGGER calendar_notices_only_published BEFORE UPDATE ON calendar_notices FOR EACH ROW
        WHEN (OLD.published_by IS NOT NULL OR {_CHANGED}) EXECUTE FUNCTION calendar_notices_are_only_published()
        """,
        """
        CREATE TRIGGER calendar_notices_no_delete BEFORE DELETE ON calendar_notices
        FOR EACH ROW EXECUTE FUNCTION calendar_notices_are_only_published()
        """,
        """
        CREATE TRIGGER calendar_notices_no_truncate BEFORE TRUNCATE ON calendar_notices
        FOR EACH STATEMENT EXECUTE FUNCTION calendar_notices_are_only_published()
        """,
    ),
    "sqlite": (
        f"""
        CREATE TRIGGER calendar_notices_only_published BEFORE UPDATE ON calendar_notices
        WHEN OLD.published_by IS NOT NULL OR {_CHANGED} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
        """,
        f"""
        CREATE TRIGGER calendar_notices_no_delete BEFORE DELETE ON calendar_notices
        BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
        """,
    ),
}
