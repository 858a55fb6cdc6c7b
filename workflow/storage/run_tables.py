"""The tables of what is done to many cases at once (批量办理, 离职转办), and how far absences have been followed.

`bulk_runs` is a short register of an installation; a run's rows in `bulk_items` are of one case each, so they have its id
in their key. `desk_days` has one row.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, SmallInteger, Table, Text

from workflow.storage.columns import Instant
from workflow.storage.tables import metadata

bulk_runs = Table(
    "bulk_runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column(
        "subject", Text, nullable=False
    ),  # of a hand-over whose work it was, of an undoing which run it undoes
    Column("reason", Text, nullable=False),
    Column("asked", Integer, nullable=False),  # items
    Column("done", Integer, nullable=False, server_default="0"),
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    CheckConstraint("kind IN ('bulk', 'handover', 'undo')", name="kind"),
    CheckConstraint("done >= 0 AND refused >= 0 AND done + refused <= asked", name="counts"),
)
Index("bulk_runs_begun_ix", bulk_runs.c.begun_at)

bulk_items = Table(
    "bulk_items",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("run", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("no", Text, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("state", Text),
    Column("seq", Integer),  # the case's, after it
    Column("version", Integer),
    Column("person", Text),  # who has the work now
    Column("why", Text),
    Column("code", Text),  # of the error that refused it
    Column("fields", Text, nullable=False, server_default="{}"),  # what that error says, as JSON
    CheckConstraint("done = (code IS NULL)", name="code"),
)
Index("bulk_items_run_ix", bulk_items.c.run, bulk_items.c.place)

desk_days = Table(
    "desk_days",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    # Of the directory by which the work items were last looked at, and when the next absence begins or ends.
    Column("directory_revision", Integer, nullable=False),
    Column("next_at", Instant),
    CheckConstraint("id = 1", name="one"),
)
