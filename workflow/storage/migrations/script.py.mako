"""${message}."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
expands = True


def upgrade() -> None:
    """Forward only: a step back is a new revision."""
    ${upgrades if upgrades else "pass"}
