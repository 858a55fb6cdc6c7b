"""Signatures and ballots that wait for somebody, and the secrets of expert panels. It only adds."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0011"
down_revision = "0010"
expands = True

OPEN = "closed_at IS NULL"


def upgrade() -> None:
    """Add the tables and the indexes by which a signer finds what waits for him."""
    op.create_table(
        "signatures",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("organ", sa.Text(), nullable=True),
        sa.Column("post_kind", sa.Text(), nullable=True),
        sa.Column("turn", sa.Boolean(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(person IS NULL) = (organ IS NOT NULL)", name="signatures_of_somebody_ck"),
        sa.CheckConstraint("(organ IS NULL) = (post_kind IS NULL)", name="signatures_at_a_post_ck"),
        sa.PrimaryKeyConstraint("case_id", "kind", "round", "signer", name="signatures_pk"),
    )
    for name, columns in (
        ("signatures_person_ix", ["person"]),
        ("signatures_post_ix", ["organ", "post_kind"]),
    ):
        op.create_index(
            name,
            "signatures",
            columns,
            unique=False,
            postgresql_where=sa.text(OPEN),
            sqlite_where=sa.text(OPEN),
        )
    op.create_table(
        "panel_secrets",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("panel", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "panel", "kind", name="panel_secrets_pk"),
    )
