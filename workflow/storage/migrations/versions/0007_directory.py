"""The directory: its revisions, absences, and the log of administration. It only adds."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0007"
down_revision = "0006"
expands = True


def upgrade() -> None:
    """Add the tables and the revision of the directory; what was confirmed, recorded or logged is never changed."""
    op.create_table(
        "directory_revisions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("absences", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.CheckConstraint("base < number", name="directory_revisions_base_ck"),
        sa.CheckConstraint("confirmed_by <> proposed_by", name="directory_revisions_two_persons_ck"),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL) AND (confirmed_by IS NULL) = (revision IS NULL)",
            name="directory_revisions_confirmed_ck",
        ),
        sa.PrimaryKeyConstraint("number", name="directory_revisions_pk"),
        sa.UniqueConstraint("revision", name="directory_revisions_revision_uq"),
    )
    op.create_index(
        "directory_revisions_next_ix",
        "directory_revisions",
        ["base"],
        unique=True,
        postgresql_where=sa.text("confirmed_by IS NOT NULL"),
        sqlite_where=sa.text("confirmed_by IS NOT NULL"),
    )
    op.create_table(
        "absences",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.Column("cancelled_at", Instant(), nullable=True),
        sa.Column("cancelled_revision", sa.Integer(), nullable=True),
        sa.CheckConstraint("until >= since", name="absences_days_ck"),
        sa.CheckConstraint(
            "(cancelled_by IS NULL) = (cancelled_at IS NULL) "
            "AND (cancelled_by IS NULL) = (cancelled_revision IS NULL)",
            name="absences_cancelled_ck",
        ),
        sa.PrimaryKeyConstraint("number", name="absences_pk"),
    )
    op.create_index("absences_person_ix", "absences", ["person", "since"], unique=False)
    op.create_table(
        "administration",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="administration_pk"),
    )
    op.add_column(
        "installation", sa.Column("directory_revision", sa.Integer(), server_default="0", nullable=False)
    )
    kind = op.get_bind().dialect.name
    for table, why in REFUSED.items():
        for statement in _kept(kind, table, why, KEPT.get(table)):
            op.execute(statement)


REFUSED = {
    "directory_revisions": "a directory is proposed and confirmed, and never changed",
    "absences": "an absence is recorded and cancelled, and never changed",
    "administration": "the log of administration is append-only",
}

KEPT = {
    "directory_revisions": (
        "confirmed_by",
        ("number", "base", "version", "body", "absences", "note", "proposed_by", "proposed_at"),
    ),
    "absences": (
        "cancelled_by",
        ("number", "person", "since", "until", "reason", "recorded_by", "recorded_at", "revision"),
    ),
}
"""What may be filled in once, and the columns that stay as they were; a table that is not here takes no update at all."""


def _kept(kind: str, table: str, why: str, kept: tuple[str, tuple[str, ...]] | None) -> list[str]:
    when = ""
    if kept is not None:
        filled, columns = kept
        changed = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in columns)
        when = f"WHEN (OLD.{filled} IS NOT NULL OR {changed})"
    if kind == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        ]
    act = f"EXECUTE FUNCTION {table}_stays()"
    body = f"$$ BEGIN RAISE EXCEPTION '{why}'; END $$"
    return [
        f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {when} {act}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {act}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {act}",
    ]
