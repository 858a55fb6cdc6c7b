"""Filing letters with their replies, runs over many cases, absences followed, papers to hand out. It only adds."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0010"
down_revision = "0009"
expands = True

REPLY = (
    "(reply_number IS NULL) = (replied_at IS NULL) AND (reply_number IS NULL) = (reply_series IS NULL)"
    " AND (reply_number IS NULL) = (reply_year IS NULL) AND (reply_number IS NULL) = (replied IS NULL)"
    " AND (reply_number IS NULL) = (digest IS NULL)"
)
WAITS = "concluded_at IS NULL AND left_at IS NULL"


def upgrade() -> None:
    """Make the tables. Cases that stood under a letter before are not taken in: their letters were answered on paper."""
    _letters()
    _runs()
    op.create_index(
        "documents_waiting_ix",
        "documents",
        ["issued_at"],
        unique=False,
        postgresql_where=sa.text("delivered_at IS NULL"),
        sqlite_where=sa.text("delivered_at IS NULL"),
    )


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("reply_series", sa.Text(), nullable=True),
        sa.Column("reply_year", sa.Integer(), nullable=True),
        sa.Column("reply_number", sa.Integer(), nullable=True),
        sa.Column("replied_at", Instant(), nullable=True),
        sa.Column("replied", sa.Integer(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.CheckConstraint(REPLY, name="letters_reply_ck"),
        sa.PrimaryKeyConstraint("organ", "number", name="letters_pk"),
        sa.UniqueConstraint(
            "reply_series",
            "reply_year",
            "reply_number",
            name="letters_reply_series_reply_year_reply_number_uq",
        ),
    )
    op.create_table(
        "letter_cases",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("joined_at", Instant(), nullable=False),
        sa.Column("concluded_at", Instant(), nullable=True),
        sa.Column("left_at", Instant(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("paper", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "organ", "number", name="letter_cases_pk"),
    )
    op.create_index("letter_cases_letter_ix", "letter_cases", ["organ", "number"], unique=False)
    op.create_index(
        "letter_cases_waiting_ix",
        "letter_cases",
        ["organ", "number"],
        unique=False,
        postgresql_where=sa.text(WAITS),
        sqlite_where=sa.text(WAITS),
    )


def _runs() -> None:
    op.create_table(
        "bulk_runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refused", sa.Integer(), server_default="0", nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.CheckConstraint("kind IN ('bulk', 'handover', 'undo')", name="bulk_runs_kind_ck"),
        sa.CheckConstraint(
            "done >= 0 AND refused >= 0 AND done + refused <= asked", name="bulk_runs_counts_ck"
        ),
        sa.PrimaryKeyConstraint("id", name="bulk_runs_pk"),
    )
    op.create_index("bulk_runs_begun_ix", "bulk_runs", ["begun_at"], unique=False)
    op.create_table(
        "bulk_items",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("no", sa.Text(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("fields", sa.Text(), server_default="{}", nullable=False),
        sa.CheckConstraint("done = (code IS NULL)", name="bulk_items_code_ck"),
        sa.PrimaryKeyConstraint("case_id", "run", name="bulk_items_pk"),
    )
    op.create_index("bulk_items_run_ix", "bulk_items", ["run", "place"], unique=False)
    days = op.create_table(
        "desk_days",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("directory_revision", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant(), nullable=True),
        sa.CheckConstraint("id = 1", name="desk_days_one_ck"),
        sa.PrimaryKeyConstraint("id", name="desk_days_pk"),
    )
    op.bulk_insert(days, [{"id": 1, "directory_revision": 0, "next_at": None}])
