"""Sample allotments for tests that are not about quotas: without any, no case under a quota can be reported up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Engine, insert

from workflow.catalog.loader import examine
from workflow.domain.definition import Definition
from workflow.domain.directory import Directory
from workflow.domain.quota.book import Balance, QuotaKey
from workflow.storage import quota_tables as q

KINDS: Final = ("beijing_graduates", "beijing_transfer")
"""The quotas that the shipped matters name."""

PLACES: Final = 100_000
YEARS: Final = range(2000, 2031)
DOCUMENT: Final = "示例指标"


def plenty(definition: Definition, directory: Directory) -> dict[QuotaKey, Balance]:
    """A book in which every ministry has plenty of places of the definition's quota, for decisions without a database."""
    if definition.quota is None:
        return {}
    return {
        QuotaKey(kind=definition.quota.kind, organ=organ, year=year): Balance(places=PLACES, revision=1)
        for organ in _ministries(directory)
        for year in YEARS
    }


def allot_samples(engine: Engine) -> None:
    """Give every ministry of the sample directory plenty of places of every shipped quota, in a migrated database that may
    have no clock yet.
    """
    # A fault of some matter is told by the tests of that matter, not by every test with a database.
    catalog, _ = examine()
    keys: list[dict[str, int | str | datetime]] = [
        {"kind": kind, "organ": organ, "year": year}
        for kind in KINDS
        for organ in _ministries(catalog.directory)
        for year in YEARS
    ]
    balance: dict[str, int | str | datetime] = {"places": PLACES, "reserved": 0, "consumed": 0, "revision": 1}
    paper: dict[str, int | str | datetime] = {
        "revision": 1,
        "entry": "granted",
        "places": PLACES,
        "total": PLACES,
        "document": DOCUMENT,
        "reason": "",
        "entered_by": "test",
        "entered_at": datetime(2000, 1, 1, tzinfo=UTC),
    }
    with engine.begin() as connection:
        connection.execute(insert(q.quotas), [key | balance for key in keys])
        connection.execute(insert(q.quota_allotments), [key | paper for key in keys])


def _ministries(directory: Directory) -> list[str]:
    return sorted(code for code, organ in directory.organs.items() if organ.kind == "ministry")
