"""Filing letters, bulk runs and hand-overs."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nothing yet."""
