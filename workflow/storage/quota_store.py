"""The quotas' part of the store: each call is a transaction, or a query, of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from workflow.storage import quota_register as register

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from workflow.domain.quota.book import Balance, QuotaKey

Opening = Callable[[], "AbstractContextManager[Connection]"]


class QuotaStore:
    """See `workflow.storage.quota_register`, where each of these is written out."""

    def __init__(self, reading: Opening, writing: Opening) -> None:
        self._reading = reading
        self._writing = writing

    def grant(
        self, key: QuotaKey, places: int, *, document: str, by: str, reason: str = ""
    ) -> register.Allotment:
        """Allot so many more places. Raises AllotmentDiffers."""
        with self._writing() as connection:
            return register.grant(connection, key, places, document=document, by=by, reason=reason)

    def adjust(
        self, key: QuotaKey, places: int, *, document: str, by: str, reason: str
    ) -> register.Allotment:
        """Set how many places there are in all. Raises UnknownQuota, QuotaInUse, AllotmentDiffers."""
        with self._writing() as connection:
            return register.adjust(connection, key, places, document=document, by=by, reason=reason)

    def balances(
        self, *, kind: str | None = None, organ: str | None = None, year: int | None = None
    ) -> dict[QuotaKey, Balance]:
        """The balances there are, or of one kind, organ or year only."""
        with self._reading() as connection:
            return register.balances(connection, kind=kind, organ=organ, year=year)

    def allotments(self, key: QuotaKey | None = None) -> list[register.Allotment]:
        """The papers of a quota, or of all."""
        with self._reading() as connection:
            return register.allotments(connection, key)

    def totals(self, year: int) -> dict[QuotaKey, register.Total]:
        """What the ledger of a year comes to."""
        with self._reading() as connection:
            return register.totals(connection, year)

    def events(self) -> list[tuple[str, int, str, int, bytes]]:
        """Every event of a quota as it is stored."""
        with self._reading() as connection:
            return list(register.events(connection))

    def ledger(self, *, key: QuotaKey | None = None, year: int | None = None) -> list[register.Entered]:
        """The rows of the ledger of one quota, of one year, or all."""
        with self._reading() as connection:
            return register.ledger(connection, key=key, year=year)
