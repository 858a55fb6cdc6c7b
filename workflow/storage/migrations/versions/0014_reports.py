"""Ratings, audit samples and the progress of long verifications."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Nothing yet."""
