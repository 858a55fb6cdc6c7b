"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0001"
down_revision = None
expands = True

RUNG_WAITS = "fired_at IS NULL AND cancelled_at IS NULL AND withheld_at IS NULL AND parked_at IS NULL"


def upgrade() -> None:
    """Create every table, and make the record of events append-only."""
    op.create_table(
        "clocks",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "clock", "generation", name="clocks_pk"),
    )
    op.create_index(
        "clocks_open_ix",
        "clocks",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("ended_on IS NULL"),
        sqlite_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "commands",
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("accepted_at", Instant(), nullable=False),
        sa.CheckConstraint("key <> ''", name="commands_key_ck"),
        sa.PrimaryKeyConstraint("actor", "key", name="commands_pk"),
    )
    op.create_table(
        "definitions",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("texts", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="definitions_pk"),
    )
    op.create_table(
        "documents",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("delivered_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "seq", name="documents_pk"),
        sa.UniqueConstraint("series", "year", "number", name="documents_series_year_number_uq"),
    )
    op.create_table(
        "events",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("schema_version", sa.SmallInteger(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("effective_at", Instant(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("acting_for", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("caused_by", sa.Text(), nullable=True),
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("alg", sa.Text(), nullable=False),
        sa.CheckConstraint("seq > 0", name="events_seq_ck"),
        sa.PrimaryKeyConstraint("case_id", "seq", name="events_pk"),
    )
    op.create_table(
        "findings",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("finding", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=True),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("cancelled_at", Instant(), nullable=True),
        sa.Column("cancelled_because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "finding", name="findings_pk"),
    )
    op.create_index("findings_organ_ix", "findings", ["organ", "raised_at"], unique=False)
    op.create_table(
        "installation",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("present", Instant(), nullable=True),
        sa.Column("offset_seconds", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("(mode = 'stepped') = (present IS NOT NULL)", name="installation_present_ck"),
        sa.CheckConstraint("mode = 'offset' OR offset_seconds = 0", name="installation_offset_ck"),
        sa.CheckConstraint("mode IN ('real', 'stepped', 'offset')", name="installation_mode_ck"),
        sa.CheckConstraint("id = 1", name="installation_one_ck"),
        sa.PrimaryKeyConstraint("id", name="installation_pk"),
    )
    op.create_table(
        "jobs",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("job", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("hinted_at", Instant(), nullable=True),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("parked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "job", "kind", name="jobs_pk"),
    )
    op.create_index(
        "jobs_due_ix",
        "jobs",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL AND parked_at IS NULL AND hinted_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL AND parked_at IS NULL AND hinted_at IS NULL"),
    )
    op.create_index(
        "jobs_hinted_ix",
        "jobs",
        ["hinted_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL AND parked_at IS NULL AND hinted_at IS NOT NULL"),
        sqlite_where=sa.text("done_at IS NULL AND parked_at IS NULL AND hinted_at IS NOT NULL"),
    )
    op.create_table(
        "notices",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("before_effect", sa.Boolean(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("taken_down_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "seq", name="notices_pk"),
    )
    op.create_index("notices_published_ix", "notices", ["published_at"], unique=False)
    op.create_table(
        "number_counters",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name="number_counters_pk"),
    )
    op.create_table(
        "personal_values",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "subject", "field", "seq", name="personal_values_pk"),
    )
    op.create_index("personal_values_subject_ix", "personal_values", ["subject", "field"], unique=False)
    op.create_table(
        "rungs",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("fires_at", Instant(), nullable=False),
        sa.Column("hinted_at", Instant(), nullable=True),
        sa.Column("fired_at", Instant(), nullable=True),
        sa.Column("cancelled_at", Instant(), nullable=True),
        sa.Column("withheld_at", Instant(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("parked_at", Instant(), nullable=True),
        sa.CheckConstraint("fired_at >= fires_at", name="rungs_not_early_ck"),
        sa.CheckConstraint("fired_at IS NULL OR cancelled_at IS NULL", name="rungs_one_end_ck"),
        sa.PrimaryKeyConstraint("case_id", "clock", "generation", "rung", "revision", name="rungs_pk"),
    )
    op.create_index(
        "rungs_due_ix",
        "rungs",
        ["fires_at"],
        unique=False,
        postgresql_where=sa.text(f"{RUNG_WAITS} AND hinted_at IS NULL"),
        sqlite_where=sa.text(f"{RUNG_WAITS} AND hinted_at IS NULL"),
    )
    op.create_index(
        "rungs_hinted_ix",
        "rungs",
        ["hinted_at"],
        unique=False,
        postgresql_where=sa.text(f"{RUNG_WAITS} AND hinted_at IS NOT NULL"),
        sqlite_where=sa.text(f"{RUNG_WAITS} AND hinted_at IS NOT NULL"),
    )
    op.create_table(
        "work_items",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "visit", name="work_items_pk"),
    )
    op.create_index(
        "work_items_open_ix",
        "work_items",
        ["organ", "kind", "opened_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("no", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("accepted_at", Instant(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("concluded_at", Instant(), nullable=True),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["definition"], ["definitions.hash"], name="cases_definition_fk"),
        sa.PrimaryKeyConstraint("id", name="cases_pk"),
        sa.UniqueConstraint("no", name="cases_no_uq"),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index(
        "cases_letter_ix",
        "cases",
        ["letter"],
        unique=False,
        postgresql_where=sa.text("letter IS NOT NULL"),
        sqlite_where=sa.text("letter IS NOT NULL"),
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


APPEND_ONLY = {
    "postgresql": (
        """
        CREATE FUNCTION events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$
        """,
        """
        CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events
        FOR EACH ROW EXECUTE FUNCTION events_are_append_only()
        """,
        """
        CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
        FOR EACH STATEMENT EXECUTE FUNCTION events_are_append_only()
        """,
    ),
    "sqlite": tuple(
        f"CREATE TRIGGER events_no_{act.lower()} BEFORE {act} ON events "
        "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        for act in ("UPDATE", "DELETE")
    ),
}
