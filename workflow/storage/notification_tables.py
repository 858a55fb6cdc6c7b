"""The tables of notifications: the outbox, whose rows are of one case each, and what each person wishes.

`due_at`, leases and `sent_at` are real time, on a simulated clock too: mails are sent by the real clock. `raised_at` is the
installation's time. No address of an applicant is ever copied here; it is looked up when the message is sent.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    TextClause,
    false,
    text,
)

from workflow.storage.columns import Instant
from workflow.storage.tables import metadata

_WAITS, _SENT, _DEAD = (text(f"standing = '{one}'") for one in ("waiting", "sent", "dead"))

notifications = Table(
    "notifications",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("recipient", Text, primary_key=True),
    Column("id", Text, nullable=False),  # of the delivery; it follows from the four above
    Column("finding", Integer),
    Column("post", Text),
    Column("organ", Text),
    Column("raised_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("standing", Text, nullable=False, server_default="waiting"),
    Column("hinted_at", Instant),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("epoch", Integer, nullable=False, server_default="0"),  # rises with each claim: the fence
    Column("leased_until", Instant),
    Column("channel", Text),  # by which it was sent, or is being tried
    Column("sending", Boolean, nullable=False, server_default=false()),  # a call was begun and not recorded
    Column("digest", Text),  # the id of the digest it goes out with
    Column("sent_at", Instant),
    Column("error", Text),
    CheckConstraint("standing IN ('waiting', 'sent', 'dead', 'unwanted')", name="standing"),
    CheckConstraint("(standing = 'sent') = (sent_at IS NOT NULL)", name="sent"),
)


def _index(name: str, where: TextClause | None, *columns: str) -> None:
    Index(name, *(notifications.c[one] for one in columns), postgresql_where=where, sqlite_where=where)


_index("notifications_due_ix", _WAITS, "due_at")
_index("notifications_digest_ix", _WAITS, "digest")
_index("notifications_dead_ix", _DEAD, "raised_at")
_index("notifications_sent_ix", _SENT, "recipient", "sent_at")
_index("notifications_id_ix", None, "id")

notification_wishes = Table(
    "notification_wishes",
    metadata,
    Column("person", Text, primary_key=True),
    Column("body", Text, nullable=False),  # canonical JSON
    Column("changed_by", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
