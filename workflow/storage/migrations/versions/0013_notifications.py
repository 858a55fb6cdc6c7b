"""Messages to people: what is to be sent, to whom, how, and what became of it. It only adds."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0013"
down_revision = "0012"
expands = True

INDEXES = (
    ("notifications_due_ix", ["due_at"], "standing = 'waiting'"),
    ("notifications_digest_ix", ["digest"], "standing = 'waiting'"),
    ("notifications_dead_ix", ["raised_at"], "standing = 'dead'"),
    ("notifications_sent_ix", ["recipient", "sent_at"], "standing = 'sent'"),
    ("notifications_id_ix", ["id"], None),
)


def upgrade() -> None:
    """Add the outbox, with an index for each question that is asked of it, and the table of wishes."""
    op.create_table(
        "notifications",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("finding", sa.Integer(), nullable=True),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("organ", sa.Text(), nullable=True),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("standing", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("hinted_at", Instant(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("sending", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "standing IN ('waiting', 'sent', 'dead', 'unwanted')", name="notifications_standing_ck"
        ),
        sa.CheckConstraint("(standing = 'sent') = (sent_at IS NOT NULL)", name="notifications_sent_ck"),
        sa.PrimaryKeyConstraint("case_id", "seq", "kind", "recipient", name="notifications_pk"),
    )
    for name, columns, condition in INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(
            name, "notifications", columns, unique=False, postgresql_where=where, sqlite_where=where
        )
    op.create_table(
        "notification_wishes",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("person", name="notification_wishes_pk"),
    )
