"""The figures of a whole demonstration: from rows and from events the same, and they add up."""

from __future__ import annotations

from datetime import date

from workflow.catalog.scoring import load_scoring
from workflow.domain.figures.timeliness import PostLine
from workflow.engine import figures
from workflow.exchange.figures.open_data import COLUMNS, PARTS, open_data
from workflow.exchange.figures.ranking import scored
from workflow.queries import figures as queries
from workflow.queries.timeliness import Wanted, groups, shares, timeliness

YEAR = Wanted(first=date(2026, 1, 1), last=date(2026, 12, 31))


def test_rows_and_events_say_the_same(played):
    cases, wrong = figures.verify(played.banjie, YEAR.first, YEAR.last)

    assert wrong == []
    assert cases == sum(1 for case in played.cases() if case.concluded_at is not None) > 0


def test_the_summary_and_the_report_agree(played):
    told = timeliness(played.banjie.store, YEAR)

    by_matter = queries.by_matter(played.banjie.store)
    assert {code: line.concluded for code, line in told.matters.items()} == {
        code: of.concluded for code, of in by_matter.items() if of.concluded
    }


def test_shares_add_up_to_every_working_day(played):
    store = played.banjie.store
    told = timeliness(store, YEAR)
    by_organ, by_person = (shares(store, YEAR, by) for by in (("organ",), ("organ", "post", "person")))

    of_organs = sum(days for holder, days in told.held.items() if holder.holder == "organ")
    for lines in (told.posts, by_organ, by_person):
        whole = sum(lines.values(), PostLine())
        assert (whole.days, whole.excess) == (of_organs, sum(line.excess for line in told.posts.values()))
    assert sum(group.cases for group in groups(store, YEAR)) == told.total.concluded


def test_every_point_names_findings_or_cases_and_no_person_is_ranked_unless_asked(played):
    store, catalog = played.banjie.store, played.banjie.catalog
    for level in ("organ", "unit", "post", "person"):
        told = scored(store, catalog, load_scoring(), YEAR.first, YEAR.last, level)
        assert told.scores
        for whose, one in told.scores.items():
            assert bool(whose[2]) == (level == "person")
            for entry in one.entries:
                assert entry.findings or entry.share is not None
    organs = scored(store, catalog, load_scoring(), YEAR.first, YEAR.last, "organ")
    units = scored(store, catalog, load_scoring(), YEAR.first, YEAR.last, "unit")
    cards = [sum(len(one.cards) for one in told.merits.values()) for told in (organs, units)]
    assert cards[0] == cards[1]


def test_open_data_holds_small_counts_back_and_names_nobody(played):
    data = open_data(played.banjie.store, played.banjie.catalog, 2026)

    assert {"organ", "post", "person", "no"}.isdisjoint(COLUMNS)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in data.rows]
    for row in rows:
        counts = [row[part] for part in (*PARTS, "concluded")]
        assert all(count is None or count == 0 or count >= 5 for count in counts)
        if None not in counts:
            assert sum(counts[:-1]) == counts[-1]
    assert any(None in row.values() for row in rows if row["matter"] == "transfer-into-beijing")
