"""What the watch over time and work keeps: the clock it has seen, and whether irreversible outcomes are held back."""

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """It changes nothing yet."""
