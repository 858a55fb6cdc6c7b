"""Indexes and settings that the measured paths need."""

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """It changes nothing yet."""
