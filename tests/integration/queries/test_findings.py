"""Findings across cases: filtered, in pages, the latest first, on both databases."""

from __future__ import annotations

import pytest

from tests.integration.transfers import Transfers
from workflow.errors import BadInput
from workflow.queries.findings import findings


@pytest.fixture
def transfers(store):
    """Two cases of which one is left lying for two weeks in the ministry, and one that only begins then."""
    transfers = Transfers(store)
    transfers.late = transfers.file("late")
    transfers.act(transfers.late, "pan-haiyan", "endorse", text="符合条件")
    transfers.days(14)
    transfers.new = transfers.file("new")
    transfers.act(transfers.new, "pan-haiyan", "endorse", text="符合条件")
    transfers.days(4)
    return transfers


def test_findings_come_the_latest_first(store, transfers):
    found = findings(store)

    assert [item.raised_at for item in found] == sorted((item.raised_at for item in found), reverse=True)
    assert [(item.no, item.colour, item.clock.partition("#")[0]) for item in found] == [
        (transfers.new, "yellow", "step_internal_approval"),
        (transfers.new, "reminder", "step_internal_approval"),
        (transfers.late, "yellow", "explanation"),
        (transfers.late, "yellow", "explanation"),
        (transfers.late, "red", "step_internal_approval"),
        (transfers.late, "yellow", "step_internal_approval"),
        (transfers.late, "reminder", "step_internal_approval"),
    ]
    oldest = found[-1]
    assert (oldest.post, oldest.organ, oldest.person) == (
        "ministry_approver",
        "hydrology-and-coasts",
        "jiang-yuanbo",
    )
    assert (oldest.clock, oldest.basis, oldest.finding) == ("step_internal_approval", "promise", 1)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"colour": "red"}, 1),
        ({"colour": "yellow"}, 4),
        ({"post": "ministry_approver"}, 7),
        ({"post": "handler"}, 0),
        ({"organ": "hydrology-and-coasts", "colour": "reminder"}, 2),
        ({"organ": "another"}, 0),
        ({"open_only": True}, 7),
    ],
)
def test_findings_can_be_asked_for_by_what_they_are(store, transfers, wanted, count):
    assert len(findings(store, **wanted)) == count


def test_findings_of_one_case(store, transfers):
    assert {item.no for item in findings(store, no=transfers.late)} == {transfers.late}


def test_pages_join_without_a_gap_and_without_an_overlap(store, transfers):
    whole = findings(store)
    paged, after = [], None
    while page := findings(store, after=after, limit=2):
        paged += page
        after = page[-1].mark

    assert paged == whole


def test_a_page_stays_in_place_while_new_findings_are_raised(store, transfers):
    first = findings(store, limit=2)
    rest = findings(store, after=first[-1].mark)
    transfers.days(20)

    assert findings(store, limit=1)[0].raised_at > first[0].raised_at
    assert findings(store, after=first[-1].mark) == rest


@pytest.mark.parametrize(
    "mark", ["", "x", "2026-09-07T01:00:00.000000~c~1", "2026-09-07T01:00:00.000000+00:00~c~x"]
)
def test_a_mark_that_is_none_is_told(store, transfers, mark):
    with pytest.raises(BadInput):
        findings(store, after=mark)
