"""What has been published, read by the quick way: the same as by the store, and nothing where nothing is."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from workflow.domain.notices import Notice, NoticeDay
from workflow.errors import DatabaseUnavailable
from workflow.storage.database import open_engine
from workflow.storage.directory_register import Origin
from workflow.storage.published import clocks_behind, published_notices
from workflow.testing.steps import clock_started, filing, take

NOTICE = Notice(
    id="cn-x",
    number="〔2026〕1号",
    title="通知",
    issued_on=date(2026, 9, 1),
    source="test",
    days=(NoticeDay(date=date(2026, 9, 9), off=True, name="放假"),),
)


def test_only_what_is_published_is_given(store, database_url):
    kept = store.propose_notice("cn", NOTICE, Origin(by="fay", rule="test"))
    assert published_notices(database_url) == []
    store.publish_notice(kept, Origin(by="gus", rule="test"), seen=0, reach_from=None)

    assert published_notices(database_url) == [("cn", NOTICE)]


def test_clocks_that_are_behind_are_counted(store, database_url):
    with store.write() as tx:
        now = tx.open_case("c1", actor="zhang", key="").now
        take(tx, "c1", filing(now), clock_started(now, "decide", 20), clock_started(now, "accept", 5))
    assert clocks_behind(database_url) == 0
    kept = store.propose_notice("cn", NOTICE, Origin(by="fay", rule="test"))
    store.publish_notice(kept, Origin(by="gus", rule="test"), seen=0, reach_from=None)
    assert clocks_behind(database_url) == store.behind() == 2


def test_a_database_of_the_first_release_has_published_nothing(store, database_url):
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE calendar_notices"))
    assert published_notices(database_url) == []
    if store.dialect == "sqlite":
        assert clocks_behind(database_url) == 0


def test_where_no_file_is_nothing_is_published_and_none_is_made(tmp_path):
    path = tmp_path / "banjie.db"
    assert published_notices(f"sqlite:///{path}") == []
    assert not path.exists()


def test_a_database_that_does_not_answer_is_unavailable(tmp_path):
    path = tmp_path / "banjie.db"
    path.write_bytes(b"no database " * 100)
    for url in (f"sqlite:///{path}", f"postgresql+psycopg://nobody@/nowhere?host={tmp_path}"):
        with pytest.raises(DatabaseUnavailable):
            published_notices(url)


def test_a_table_that_is_not_there_is_no_fault_of_the_installation(postgres_url):
    engine = open_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE calendar_notices, calendar_sweeps, installation, clocks"))
    engine.dispose()
    assert (published_notices(postgres_url), clocks_behind(postgres_url)) == ([], 0)
