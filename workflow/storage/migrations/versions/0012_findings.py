"""Where each finding stands in its life, and which article it cites. It only adds."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0012"
down_revision = "0011"
expands = True


def upgrade() -> None:
    """Add the columns, and the index of what waits for somebody."""
    with op.batch_alter_table("findings") as findings:
        findings.add_column(sa.Column("article", sa.Text(), nullable=True))
        findings.add_column(sa.Column("standing", sa.Text(), server_default="raised", nullable=False))
        findings.add_column(sa.Column("level", sa.SmallInteger(), server_default="0", nullable=False))
        findings.add_column(sa.Column("escalated_to", sa.Text(), nullable=True))
        findings.add_column(sa.Column("appealed", sa.Boolean(), server_default=sa.false(), nullable=False))
        findings.add_column(sa.Column("moved_at", Instant(), nullable=True))
    op.create_index(
        "findings_person_ix",
        "findings",
        ["person", "raised_at"],
        unique=False,
        postgresql_where=sa.text(OPEN),
        sqlite_where=sa.text(OPEN),
    )


OPEN = "cancelled_at IS NULL AND standing != 'struck_off'"
