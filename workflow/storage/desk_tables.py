"""What waits for people (待办), who acted in which role, and findings (预警纠错记录): what desks and auditors see."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    and_,
    false,
    literal_column,
)

from workflow.storage.columns import Instant
from workflow.storage.metadata import metadata

work_items = Table(
    "work_items",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("visit", Integer, primary_key=True),
    Column("post", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("organ", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("claimed_by", Text),  # who has it, however he came to it
    Column("claimed_at", Instant),
    Column("claimed_how", Text),
    Column("lent_to", Text),  # to whom the work is delegated
    Column("due_on", Date),  # of the open period of the case that ends first; none while time is out
    Column("due_at", Instant),
    Column("due_clock", Text),
    Column("closed_at", Instant),
    Column("closed_by", Text),
    CheckConstraint("(claimed_by IS NULL) = (claimed_at IS NULL)", name="claimed"),
)
_item_waits = work_items.c.closed_at.is_(None)
Index(
    "work_items_open_ix",
    work_items.c.organ,
    work_items.c.kind,
    work_items.c.due_at,
    postgresql_where=_item_waits,
    sqlite_where=_item_waits,
)
_item_held = and_(_item_waits, work_items.c.claimed_by.is_not(None))
Index(
    "work_items_held_ix",
    work_items.c.claimed_by,
    work_items.c.due_at,
    postgresql_where=_item_held,
    sqlite_where=_item_held,
)

# Who acted in which of the roles that different persons must hold (承办、审核、批准): the key gives a person one row in a
# group, and a trigger refuses to change its post.
roles_taken = Table(
    "roles_taken",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("definition", Text, primary_key=True),
    Column("role_group", Integer, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("post", Text, nullable=False),
)

findings = Table(
    "findings",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("finding", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("colour", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("clock", Text),
    Column("generation", Integer),
    Column("post", Text, nullable=False),
    Column("organ", Text, nullable=False),
    Column("person", Text),
    Column("due_on", Date),
    Column("raised_at", Instant, nullable=False),
    Column("cancelled_at", Instant),
    Column("cancelled_because", Text),
    Column("article", Text),  # of the law that was breached, where one is
    Column("standing", Text, nullable=False, server_default="raised"),
    Column("level", SmallInteger, nullable=False, server_default="0"),  # how far it has climbed
    Column("escalated_to", Text),
    Column("appealed", Boolean, nullable=False, server_default=false()),
    Column("moved_at", Instant),  # when its standing last changed
    Index("findings_organ_ix", "organ", "raised_at"),
    Index("findings_raised_ix", "raised_at"),
)
# How many stand, by colour, is asked every few seconds.
_finding_stands = findings.c.cancelled_at.is_(None)
Index(
    "findings_standing_ix",
    findings.c.colour,
    postgresql_where=_finding_stands,
    sqlite_where=_finding_stands,
)
_finding_waits = and_(
    findings.c.cancelled_at.is_(None), findings.c.standing != literal_column("'struck_off'")
)
Index(
    "findings_person_ix",
    findings.c.person,
    findings.c.raised_at,
    postgresql_where=_finding_waits,
    sqlite_where=_finding_waits,
)
