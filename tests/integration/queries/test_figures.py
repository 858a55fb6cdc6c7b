"""Figures of a few cases reckoned by hand, from rows and from events, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from tests.integration.transfers import FILER, Transfers
from workflow.domain.figures.timeliness import Line
from workflow.engine import figures
from workflow.errors import VerbRefused
from workflow.queries.board import board
from workflow.queries.figure_cases import FIGURES, cases_behind
from workflow.queries.overdue import overdue
from workflow.queries.timeliness import Holder, Wanted, timeliness
from workflow.storage.report_tables import case_facts

SEPTEMBER = Wanted(first=date(2026, 9, 1), last=date(2026, 9, 30))


@pytest.fixture
def transfers(store):
    """One transfer agreed to; one that its unit takes back; one that lies with the ministry."""
    transfers = Transfers(store)
    transfers.agreed = transfers.file("agreed")
    transfers.withdrawn = transfers.file("withdrawn")
    transfers.lying = transfers.file("lying")
    transfers.act(transfers.withdrawn, FILER, "withdraw", reasons="本人不再申请")
    transfers.act(transfers.lying, "pan-haiyan", "endorse", text="符合条件")
    transfers.to_the_notice(transfers.agreed)
    transfers.days(9)
    transfers.act(transfers.agreed, "gu-weimin", "sign_and_issue")
    return transfers


def test_the_month_by_hand(store, transfers):
    told = timeliness(store, SEPTEMBER)

    # Received and accepted on Monday the 7th; public notice for five working days, the 8th to the 14th, not counted;
    # signed on Wednesday the 16th: the 15th and the 16th were used.
    assert told.total == Line(concluded=2, withdrawn=1, timed=1, early=1, used={2: 1})
    assert (told.total.rate, told.total.median, told.total.ninetieth) == ("100.0", 2, 2)
    assert {ground: (one.cases, one.days) for ground, one in told.grounds.items()} == {"publicity": (1, 5)}
    # The day on which the organ got it back is not counted to it, so it held but one of the two.
    assert told.held == {
        Holder(holder="organ", ground=None): 1,
        Holder(holder="public", ground="publicity"): 6,
    }
    assert sum(told.held.values()) == told.whole == 7


def test_every_figure_names_its_cases(store, transfers):
    def behind(figure):
        return [case.no for case in cases_behind(store, SEPTEMBER, figure)]

    assert behind("on_time") == behind("timed") == behind("early") == behind("excluded") == [transfers.agreed]
    assert behind("withdrawn") == [transfers.withdrawn]
    assert set(behind("concluded")) == {transfers.agreed, transfers.withdrawn}
    assert behind("late") == behind("not_accepted") == []
    line = timeliness(store, SEPTEMBER).total
    for figure in set(FIGURES) & set(Line.__dataclass_fields__):
        assert len(behind(figure)) == getattr(line, figure), figure


def test_filters(store, transfers):
    def concluded(**wanted):
        return timeliness(store, Wanted(first=SEPTEMBER.first, last=SEPTEMBER.last, **wanted)).total.concluded

    assert concluded(matter="transfer-into-beijing") == 2
    assert concluded(matter="talent-agency-licence") == 0
    assert concluded(organ="ministry-of-personnel") == 1
    assert concluded(post="approver") == 1
    assert timeliness(store, Wanted(first=date(2026, 10, 1), last=date(2026, 10, 31))).total == Line()


def test_what_comes_after_the_conclusion_changes_nothing(store, transfers):
    before = timeliness(store, SEPTEMBER)
    for person, action, fields in (
        ("shui-qingqing", "report_arrival", {"arrived_on": "2026-09-18"}),
        ("shui-qingqing", "record_file", {"file_received_on": "2026-09-21"}),
        ("shui-qingqing", "complete_hand_over", {}),
    ):
        transfers.act(transfers.agreed, person, action, **fields)
    transfers.days(40)

    assert timeliness(store, SEPTEMBER) == before
    assert figures.verify(transfers.banjie, SEPTEMBER.first, SEPTEMBER.last) == (2, [])


def test_the_rows_are_what_the_events_say_and_can_be_filled_again(store, transfers):
    before = timeliness(store, SEPTEMBER)
    with store.engine.begin() as connection:
        connection.execute(update(case_facts).where(case_facts.c.no == transfers.agreed).values(late=True))
    assert figures.verify(transfers.banjie, SEPTEMBER.first, SEPTEMBER.last) == (2, [transfers.agreed])

    assert figures.rebuild(transfers.banjie) == 2
    assert figures.verify(transfers.banjie, SEPTEMBER.first, SEPTEMBER.last) == (2, [])
    assert timeliness(store, SEPTEMBER) == before


def test_the_applicants_side_rates_once_and_only_what_is_concluded(store, transfers):
    with pytest.raises(VerbRefused):
        transfers.act(transfers.lying, FILER, "rate", grade="satisfied")
    transfers.act(transfers.agreed, FILER, "rate", grade="satisfied")
    with pytest.raises(VerbRefused):
        transfers.act(transfers.agreed, FILER, "rate", grade="very_satisfied")

    with store.read() as connection:
        rated = connection.execute(select(case_facts.c.no, case_facts.c.rating)).all()
    assert set(map(tuple, rated)) == {(transfers.agreed, 4), (transfers.withdrawn, None)}
    figures.rebuild(transfers.banjie)
    assert figures.verify(transfers.banjie, SEPTEMBER.first, SEPTEMBER.last) == (2, [])


def test_what_was_overdue_on_a_day_stays_so_whatever_came_later(store, transfers):
    catalog = transfers.banjie.catalog

    def on(day):
        return [
            (one.no, one.clock, one.due_on, one.days_over, one.post, one.organ)
            for one in overdue(store, catalog, day)
        ]

    transfers.days(7)
    lying = on(date(2026, 9, 18))
    assert lying
    assert {(no, post, organ) for no, _, _, _, post, organ in lying} == {
        (transfers.lying, "ministry_approver", "hydrology-and-coasts")
    }
    assert on(date(2026, 9, 7)) == []
    transfers.act(transfers.lying, "jiang-yuanbo", "approve_report")

    assert on(date(2026, 9, 18)) == lying


def test_the_board_counts_what_is_overdue_and_what_comes_next(store, transfers):
    now = store.clock().now
    shown = board(store, now, now + timedelta(days=30))

    assert shown.overdue == 1
    assert [(one.no, one.organ, one.post, one.overdue) for one in shown.first if one.overdue] == [
        (transfers.lying, "hydrology-and-coasts", "ministry_approver", True)
    ]
