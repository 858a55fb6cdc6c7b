"""Quotas per organ and year, and the ledger of what was reserved, consumed and released. It only adds."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0008"
down_revision = "0007"
expands = True


def upgrade() -> None:
    """Add the tables; what was allotted and what became of it is never changed."""
    op.create_table(
        "quotas",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("consumed", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("reserved + consumed <= places", name="quotas_never_oversold_ck"),
        sa.CheckConstraint("reserved >= 0 AND consumed >= 0 AND revision >= 0", name="quotas_counts_ck"),
        sa.PrimaryKeyConstraint("kind", "organ", "year", name="quotas_pk"),
        postgresql_with={"fillfactor": "50"},
    )
    op.create_table(
        "quota_allotments",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.CheckConstraint("entry IN ('granted', 'adjusted')", name="quota_allotments_entry_ck"),
        sa.CheckConstraint("total >= 0 AND places >= 0", name="quota_allotments_places_ck"),
        sa.PrimaryKeyConstraint("kind", "organ", "year", "revision", name="quota_allotments_pk"),
        sa.UniqueConstraint(
            "kind", "organ", "year", "document", name="quota_allotments_kind_organ_year_document_uq"
        ),
    )
    op.create_table(
        "quota_ledger",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("held", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("effective_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "entry IN ('reserved', 'consumed', 'released', 'exempted')", name="quota_ledger_entry_ck"
        ),
        sa.CheckConstraint("(entry = 'exempted') = (revision IS NULL)", name="quota_ledger_revision_ck"),
        sa.CheckConstraint("(entry = 'released') = (held IS NOT NULL)", name="quota_ledger_held_ck"),
        sa.CheckConstraint("places > 0", name="quota_ledger_places_ck"),
        sa.PrimaryKeyConstraint("case_id", "seq", name="quota_ledger_pk"),
    )
    op.create_index("quota_ledger_quota_ix", "quota_ledger", ["year", "kind", "organ"])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


_KEPT = ("quota_allotments", "quota_ledger")

APPEND_ONLY = {
    "postgresql": (
        """
        CREATE FUNCTION quota_papers_are_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the ledger of quotas is append-only'; END $$
        """,
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION quota_papers_are_append_only()"
            for table in _KEPT
        ),
        *(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION quota_papers_are_append_only()"
            for table in _KEPT
        ),
    ),
    "sqlite": tuple(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the ledger of quotas is append-only'); END"
        for table in _KEPT
        for act in ("UPDATE", "DELETE")
    ),
}
