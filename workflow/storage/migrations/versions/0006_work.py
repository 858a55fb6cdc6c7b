"""Who holds each work item, and what is due on it next; who acted in which role of a case. It only adds."""

import sqlalchemy as sa
from alembic import op

from workflow.storage.columns import Instant

revision = "0006"
down_revision = "0005"
expands = False  # a new condition on an old table, which programs from before did not know of
oldest_program = "0006"

OPEN = "closed_at IS NULL"
HELD = f"{OPEN} AND claimed_by IS NOT NULL"
CLAIMED = "(claimed_by IS NULL) = (claimed_at IS NULL)"


def upgrade() -> None:
    """Add the columns, the indexes that queues are read by, and the table of roles with its trigger."""
    with op.batch_alter_table("work_items") as items:
        items.add_column(sa.Column("claimed_how", sa.Text(), nullable=True))
        items.add_column(sa.Column("lent_to", sa.Text(), nullable=True))
        items.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        items.add_column(sa.Column("due_at", Instant(), nullable=True))
        items.add_column(sa.Column("due_clock", sa.Text(), nullable=True))
        items.create_check_constraint("work_items_claimed_ck", CLAIMED)
        items.drop_index("work_items_open_ix")
    for name, columns, waits in (
        ("work_items_open_ix", ["organ", "kind", "due_at"], OPEN),
        ("work_items_held_ix", ["claimed_by", "due_at"], HELD),
    ):
        op.create_index(
            name,
            "work_items",
            columns,
            unique=False,
            postgresql_where=sa.text(waits),
            sqlite_where=sa.text(waits),
        )
    op.create_table(
        "roles_taken",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("role_group", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "definition", "role_group", "person", name="roles_taken_pk"),
    )
    op.create_table(
        "saved_filters",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person", "name", name="saved_filters_pk"),
    )
    for statement in ONE_ROLE[op.get_bind().dialect.name]:
        op.execute(statement)


ONE_ROLE = {
    "postgresql": (
        """
        CREATE FUNCTION one_person_one_role() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'one person, one role'; END $$
        """,
        """
        CREATE TRIGGER roles_taken_one_role BEFORE UPDATE ON roles_taken
        FOR EACH ROW WHEN (OLD.post <> NEW.post) EXECUTE FUNCTION one_person_one_role()
        """,
    ),
    "sqlite": (
        """
        CREATE TRIGGER roles_taken_one_role BEFORE UPDATE ON roles_taken WHEN OLD.post <> NEW.post
        BEGIN SELECT RAISE(ABORT, 'one person, one role'); END
        """,
    ),
}
