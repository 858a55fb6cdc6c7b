"""What concluded cases leave behind for the figures. It only adds; `report rebuild` fills it for cases concluded before."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
expands = True


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "case_facts",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("no", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("deemed", sa.Boolean(), nullable=False),
        sa.Column("timed", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("early", sa.Boolean(), nullable=False),
        sa.Column("promise_kept", sa.Boolean(), nullable=True),
        sa.Column("statute_kept", sa.Boolean(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=True),
        sa.Column("allowed", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("whole", sa.Integer(), nullable=False),
        sa.Column("overrun", sa.Integer(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name="case_facts_pk"),
    )
    op.create_index("case_facts_concluded_ix", "case_facts", ["concluded_on", "matter"], unique=False)
    op.create_table(
        "case_exclusions",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("concluded_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "ground", name="case_exclusions_pk"),
    )
    op.create_index("case_exclusions_concluded_ix", "case_exclusions", ["concluded_on"], unique=False)
    op.create_table(
        "case_shares",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("share", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("concluded_on", sa.Date(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=True),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("excess", sa.Integer(), nullable=False),
        sa.Column("overrun", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "share", name="case_shares_pk"),
    )
    op.create_index("case_shares_concluded_ix", "case_shares", ["concluded_on"], unique=False)
    op.create_index("findings_raised_ix", "findings", ["raised_at"], unique=False)
