"""The tables of quotas (进京指标): the balance of each, the papers that allotted it, and what became of its places.

`quotas` and `quota_allotments` are short registers of an installation. The rows of `quota_ledger` are a case's own, each
made from one event of it, so they have its id in their key.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text, UniqueConstraint

from workflow.storage.columns import Instant
from workflow.storage.tables import metadata

quotas = Table(
    "quotas",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("organ", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("places", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    Column("consumed", Integer, nullable=False),
    Column("revision", Integer, nullable=False),  # rises with every change
    # Whatever the program does: there are never more places in use than were allotted.
    CheckConstraint("reserved + consumed <= places", name="never_oversold"),
    CheckConstraint("reserved >= 0 AND consumed >= 0 AND revision >= 0", name="counts"),
    # Updated all the time, in place.
    postgresql_with={"fillfactor": "50"},
)

quota_allotments = Table(
    "quota_allotments",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("organ", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column(
        "revision", Integer, primary_key=True, autoincrement=False
    ),  # that of the quota, made by this entry
    Column("entry", Text, nullable=False),
    Column("places", Integer, nullable=False),  # granted: so many more; adjusted: so many in all
    Column("total", Integer, nullable=False),  # how many there are after it
    Column("document", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered_at", Instant, nullable=False),
    CheckConstraint("entry IN ('granted', 'adjusted')", name="entry"),
    CheckConstraint("total >= 0 AND places >= 0", name="places"),
    UniqueConstraint("kind", "organ", "year", "document"),
)

quota_ledger = Table(
    "quota_ledger",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("organ", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("entry", Text, nullable=False),
    Column("places", Integer, nullable=False),
    Column("held", Text),  # released: out of what
    Column("reason", Text),
    Column("revision", Integer),  # that of the quota; an exempt case leaves the quota as it is
    Column("actor", Text, nullable=False),
    Column("effective_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    CheckConstraint("entry IN ('reserved', 'consumed', 'released', 'exempted')", name="entry"),
    CheckConstraint("(entry = 'exempted') = (revision IS NULL)", name="revision"),
    CheckConstraint("(entry = 'released') = (held IS NOT NULL)", name="held"),
    CheckConstraint("places > 0", name="places"),
)
Index("quota_ledger_quota_ix", quota_ledger.c.year, quota_ledger.c.kind, quota_ledger.c.organ)
