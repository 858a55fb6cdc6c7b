"""The tables of what is asked of others: signatures and ballots that wait for somebody, and the secrets of a panel.

All rows are a case's own. `panel_secrets` is no record: the seed lies there until the draw, the urn until the count, and
each ballot overwrites it (docs/decisions/0011).
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, Table, Text, text

from workflow.storage.columns import Instant
from workflow.storage.tables import metadata

_OPEN = text("closed_at IS NULL")

signatures = Table(
    "signatures",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # countersign, ballot
    Column(
        "round", Integer, primary_key=True, autoincrement=False
    ),  # of the countersign, or number of the panel
    Column("signer", Text, primary_key=True),  # a person, or `organ:kind`
    Column("person", Text),
    Column("organ", Text),
    Column("post_kind", Text),
    Column("turn", Boolean, nullable=False),  # whether it is this signer's turn
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("signed_by", Text),
    CheckConstraint("(person IS NULL) = (organ IS NOT NULL)", name="of_somebody"),
    CheckConstraint("(organ IS NULL) = (post_kind IS NULL)", name="at_a_post"),
    Index("signatures_person_ix", "person", postgresql_where=_OPEN, sqlite_where=_OPEN),
    Index("signatures_post_ix", "organ", "post_kind", postgresql_where=_OPEN, sqlite_where=_OPEN),
)

panel_secrets = Table(
    "panel_secrets",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("panel", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),  # seed, urn
    Column("value", Text, nullable=False),
    Column("salt", Text, nullable=False),
)
