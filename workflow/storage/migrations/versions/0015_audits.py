"""Samples that auditors draw (抽查), kept for ever."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0015"
down_revision = "0014"
expands = True


def upgrade() -> None:
    """Add the table, and refuse to change or delete what stands in it."""
    op.create_table(
        "audit_samples",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=True),
        sa.Column("stratify", sa.Text(), nullable=True),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("drawn", sa.LargeBinary(), nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("drawn_at", Instant(), nullable=False),
        sa.CheckConstraint("size > 0 AND population >= 0", name="audit_samples_counts_ck"),
        sa.CheckConstraint("stratify IN ('organ', 'outcome')", name="audit_samples_stratify_ck"),
        sa.PrimaryKeyConstraint("id", name="audit_samples_pk"),
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


APPEND_ONLY = {
    "postgresql": (
        """
        CREATE FUNCTION audit_samples_are_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit samples are append-only'; END $$
        """,
        """
        CREATE TRIGGER audit_samples_append_only BEFORE UPDATE OR DELETE ON audit_samples
        FOR EACH ROW EXECUTE FUNCTION audit_samples_are_append_only()
        """,
        """
        CREATE TRIGGER audit_samples_no_truncate BEFORE TRUNCATE ON audit_samples
        FOR EACH STATEMENT EXECUTE FUNCTION audit_samples_are_append_only()
        """,
    ),
    "sqlite": tuple(
        f"CREATE TRIGGER audit_samples_no_{act.lower()} BEFORE {act} ON audit_samples "
        "BEGIN SELECT RAISE(ABORT, 'audit samples are append-only'); END"
        for act in ("UPDATE", "DELETE")
    ),
}
