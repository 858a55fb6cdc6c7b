"""Every public matter, walked at random through the engine and a database: whatever those who may act do, in whatever order,
while time passes and falls due, each case comes to its archive, its row is what its events say after every step, and over
the walks every transition of the definition is taken.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.event import listen

from tests.acceptance.walking import Covered, Walk, edges
from workflow.catalog.loader import Catalog, load
from workflow.engine.banjie import Banjie
from workflow.storage.store import open_store

PUBLIC_MATTERS = sorted(code for code, matter in load().matters.items() if matter.audience == "public")

#: Walks until every transition has been taken: five are enough for some matters, a hundred for the longest.
MOST = 300

#: Walks begin under the law and the calendar of different years, at nine in the morning in Beijing.
STARTS = (datetime(2008, 9, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, 1, tzinfo=UTC))


@contextmanager
def engines(catalog: Catalog, template: Path, file: Path) -> Iterator[Callable[[datetime], Banjie]]:
    """Gives, for an instant, an engine on a fresh SQLite database whose stepped clock stands there: one database after the
    other in one place, so that statements are compiled once, and with no waiting for a disk that nobody will unplug.
    """
    store = open_store(f"sqlite:///{file}")
    listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))

    def fresh(start: datetime) -> Banjie:
        store.close()
        for suffix in ("-wal", "-shm", "-journal"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        shutil.copy(template, file)
        store.create_clock("stepped", start)
        return Banjie(store=store, catalog=catalog)

    yield fresh
    store.close()


@pytest.mark.parametrize("code", PUBLIC_MATTERS)
def test_a_matter_is_walked_in_every_way_and_always_to_its_end(
    code: str, catalog: Catalog, sqlite_template: Path, tmp_path: Path
) -> None:
    covered = Covered(edges(catalog.matter(code).definition))
    walks = 0
    with engines(catalog, sqlite_template, tmp_path / "banjie.db") as fresh:
        while (covered.untaken or not covered.refused) and walks < MOST:
            walk = Walk(fresh(STARTS[walks % len(STARTS)]), code, Random(f"{code}/{walks}"), covered)
            walk.to_the_end()
            walks += 1

    assert covered.untaken == set()
    assert covered.refused > 0
