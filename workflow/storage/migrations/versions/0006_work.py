"""Who holds each work item, and what is due on it next; who acted in which role of a case."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing yet."""
