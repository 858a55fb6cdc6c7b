"""Which versions of the calendars programs have brought, so that a new one is carried to the open clocks. It only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
expands = True


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "shipped_calendars",
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("calendar", "version", name="shipped_calendars_pk"),
    )
