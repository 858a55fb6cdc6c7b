"""Derived tables are reckoned again as the database does them: what has ended does not end a second time."""

from __future__ import annotations

from datetime import UTC, datetime

from workflow.evidence.derived import Tables
from workflow.storage.writes import WRITES

WRITE = {write.name: write for write in WRITES}
DAYS = [datetime(2026, 9, day, tzinfo=UTC) for day in range(1, 5)]


def test_a_notice_that_was_taken_down_stays_so_when_its_like_is_taken_down():
    tables = Tables()
    for seq, (up, down) in enumerate([DAYS[:2], DAYS[2:]], 1):
        put = {"case_id": "c", "seq": seq, "notice": "hearing", "before_effect": False, "published_at": up}
        tables.take(WRITE["notices"], {**put, "taken_down_at": None}, seq)
        tables.take(
            WRITE["notices_taken_down"], {"case_id": "c", "notice": "hearing", "taken_down_at": down}, seq
        )

    assert [kept.row["taken_down_at"] for kept in tables.rows["notices"].values()] == [DAYS[1], DAYS[3]]
