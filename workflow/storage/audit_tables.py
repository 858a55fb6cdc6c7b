"""The table of audit samples (抽查记录): a short register of an installation that only grows."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, Table, Text

from workflow.storage.columns import Instant
from workflow.storage.metadata import metadata

audit_samples = Table(
    "audit_samples",
    metadata,
    Column("id", Text, primary_key=True),  # from the terms, the population and what was drawn
    Column("month", Text, nullable=False),  # YYYY-MM, of the conclusion
    Column("matter", Text),  # none: of all matters
    Column("stratify", Text),  # organ, outcome
    Column("seed", Text, nullable=False),
    Column("size", Integer, nullable=False),  # that was asked for
    Column("population", Integer, nullable=False),
    Column("root", LargeBinary, nullable=False),  # Merkle root over the population
    Column("drawn", LargeBinary, nullable=False),  # canonical JSON: the members drawn, in their order
    Column("drawn_by", Text, nullable=False),
    Column("rule", Text, nullable=False),  # by which he might
    Column("drawn_at", Instant, nullable=False),
    CheckConstraint("size > 0 AND population >= 0", name="counts"),
    CheckConstraint("stratify IN ('organ', 'outcome')", name="stratify"),
)
