"""The notifications' part of the store: each call is a transaction, or a query, of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from workflow.storage import notification_register as register
from workflow.storage.notification_tables import notification_wishes

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from workflow.domain.events import Event

Opening = Callable[[], "AbstractContextManager[Connection]"]

_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}
_WISHES = select(notification_wishes.c.body).where(notification_wishes.c.person == bindparam("whose"))


class NotificationStore:
    """See `workflow.storage.notification_register`, where each of these is written out."""

    def __init__(self, reading: Opening, writing: Opening) -> None:
        self._reading = reading
        self._writing = writing

    def real_time(self) -> datetime:
        """The database's own wall clock."""
        with self._reading() as connection:
            return register.real_time(connection)

    def claim(self, delivery: str, now: datetime, until: datetime) -> list[register.Claimed]:
        """Claim a delivery until an instant."""
        with self._writing() as connection:
            return register.claim(connection, delivery, now, until)

    def move(self, claims: Sequence[register.Claimed], **values: Any) -> int:
        """Change rows that we have claimed; gives how many were still ours."""
        with self._writing() as connection:
            return register.move(connection, claims, values)

    def take(self, limit: int, *, now: datetime | None = None) -> list[str]:
        """Deliveries that are due and of which nobody was told, marked as told by this call. Safe with many relays."""
        found = self.unhinted(limit, now=now)
        if not found:
            return []
        with self._writing() as connection:
            return register.mark(connection, found, now or register.real_time(connection))

    def untake(self, deliveries: Sequence[str]) -> None:
        """Take the marks of `take` away again, when the message could not be sent."""
        with self._writing() as connection:
            register.unmark(connection, deliveries)

    def unhinted(self, limit: int, *, now: datetime | None = None) -> list[str]:
        """Deliveries that are due and of which nobody was told."""
        with self._reading() as connection:
            return register.unhinted(connection, now or register.real_time(connection), limit)

    def overlooked(self, before: datetime, limit: int, *, now: datetime) -> list[str]:
        """Deliveries that are due, nobody's, and of which somebody was told before that instant."""
        with self._reading() as connection:
            return register.overlooked(connection, now, before, limit)

    def recent(self, recipient: str, channel: str, since: datetime) -> int:
        """How many messages a recipient got by a channel since then."""
        with self._reading() as connection:
            return register.recent(connection, recipient, channel, since)

    def kept(self, **wanted: Any) -> list[register.Kept]:
        """Notifications by standing, recipient, case or finding, the latest first."""
        with self._reading() as connection:
            return register.kept(connection, **wanted)

    def counts(self) -> dict[str, int]:
        """How many there are by their standing."""
        with self._reading() as connection:
            return register.counts(connection)

    def retry(self, delivery: str) -> bool:
        """Have a delivery that is dead or was not wanted tried anew."""
        with self._writing() as connection:
            return register.retry(connection, delivery)

    def hold(self) -> int:
        """After a restore: hold all that waits, since it may have been sent before; gives how many."""
        with self._writing() as connection:
            return register.hold(connection)

    def release_held(self) -> int:
        """Have all that is held sent after all; gives how many."""
        with self._writing() as connection:
            return register.release_held(connection)

    def event(self, case_id: str, seq: int) -> Event:
        """The event that a notification tells of."""
        with self._reading() as connection:
            return register.event(connection, case_id, seq)

    def filer(self, case_id: str) -> str:
        """Who filed a case."""
        with self._reading() as connection:
            return register.filer(connection, case_id)

    def wishes(self, person: str) -> str | None:
        """What a person wishes, as canonical JSON."""
        with self._reading() as connection:
            body: str | None = connection.execute(_WISHES, {"whose": person}).scalar()
            return body

    def keep_wishes(self, person: str, body: str, by: str) -> None:
        """Keep what a person wishes instead of what he wished before."""
        with self._writing() as connection:
            given = {"body": body, "changed_by": by, "changed_at": register.real_time(connection)}
            insert = _DIALECTS[connection.dialect.name].insert(notification_wishes)
            statement = insert.values(person=person, **given)
            connection.execute(statement.on_conflict_do_update(index_elements=["person"], set_=given))
