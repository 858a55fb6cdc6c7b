"""Messages to people: what is to be sent, to whom, how, and what became of it."""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Nothing yet."""
