"""Looking into the tables, and a case to begin with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Table, select

from workflow.domain.case import Case
from workflow.storage.store import Store
from workflow.testing.steps import clock_started, filing, take

Rows = Callable[..., list[Any]]


@pytest.fixture
def rows(store: Store) -> Rows:
    """The rows of a table, in the order of its key, as tuples of the named columns."""

    def look(table: Table, *columns: str) -> list[Any]:
        chosen = [table.c[name] for name in columns] if columns else list(table.c)
        with store.read() as connection:
            return [tuple(row) for row in connection.execute(select(*chosen).order_by(*table.primary_key))]

    return look


@pytest.fixture
def begin(store: Store) -> Callable[..., tuple[datetime, Case]]:
    """File the case `c1` with a period of 20 days; gives the time and the case."""

    def file_case(**more: Any) -> tuple[datetime, Case]:
        with store.write() as tx:
            now = tx.open_case("c1", actor="zhang", key="").now
            return now, take(tx, "c1", filing(now), clock_started(now, "decide", 20), **more)

    return file_case
