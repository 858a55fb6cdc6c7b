"""Indexes and settings that the measured paths need."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
expands = True

COUNTED = (
    ("clocks_provisional_ix", "clocks", "case_id", "ended_on IS NULL AND provisional"),
    ("findings_standing_ix", "findings", "colour", "cancelled_at IS NULL"),
)
"""The indexes from which an operator's gauges are counted."""


def upgrade() -> None:
    """Add indexes."""
    for name, table, column, where in COUNTED:
        condition = sa.text(where)
        op.create_index(name, table, [column], postgresql_where=condition, sqlite_where=condition)
