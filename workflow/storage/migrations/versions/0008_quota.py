"""Quotas per ministry and year, and the ledger of what was reserved, consumed and released."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing yet."""
