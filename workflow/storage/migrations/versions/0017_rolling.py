"""What lets two versions of the program run side by side."""

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """It changes nothing yet."""
