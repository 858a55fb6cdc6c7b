"""An act and an expiry in the same instant: whoever comes first to the lock, there is exactly one legal outcome."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from workflow.domain.commands import TakeAction
from workflow.engine.advance import advance
from workflow.engine.handle import handle
from workflow.errors import BanjieError


def at_expiry(office, receipt, clock):
    """Time stands at the very instant from which the period is overdue, and nobody has looked yet."""
    due = next(c for c in office.case(receipt).open_clocks() if c.clock == clock).due
    while (instant := office.store.next_due()) is not None and instant < due.at:
        office.store.advance(instant)
        office.settle()
    office.store.advance(due.at)


def race(office, receipt, actor, action, **fields):
    """The act and three looks at once; gives what became of the act: its receipt or its error."""

    def act():
        command = TakeAction(case_id=receipt.case_id, key=action, actor=actor, action=action, fields=fields)
        try:
            return handle(office.banjie, command)
        except BanjieError as error:
            return error

    with ThreadPoolExecutor(max_workers=4) as pool:
        acted = pool.submit(act)
        looks = [pool.submit(advance, office.banjie, receipt.case_id, done_by="task") for _ in range(3)]
        for look in looks:
            look.result()
        return acted.result()


def types(office, receipt):
    return Counter(type(event).__name__ for event in office.events(receipt))


@pytest.mark.parametrize("round_", range(5))
def test_withdrawn_as_the_five_days_end(office, round_):
    filed = office.file(f"k{round_}")
    at_expiry(office, filed, "acceptance")
    race(office, filed, "ella", "withdraw")
    happened = types(office, filed)
    assert happened["FilingAccepted"] == 1, "the five days were over before anybody could withdraw"
    assert happened["CaseConcluded"] == 1
    assert office.case(filed).state == "withdrawn"


@pytest.mark.parametrize("round_", range(5))
def test_a_supplement_asked_for_as_the_five_days_end_comes_too_late(office, round_):
    filed = office.file(f"k{round_}", materials=("funds",))
    at_expiry(office, filed, "acceptance")
    refused = race(office, filed, "clerk", "request_supplement")
    assert getattr(refused, "code", None) == "action_not_available"
    happened = types(office, filed)
    assert (happened["FilingAccepted"], happened["SupplementRequested"]) == (1, 0)


@pytest.mark.parametrize("round_", range(5))
def test_extended_or_stopped_as_the_period_ends_is_too_late_and_carded_once(office, round_):
    filed = office.file(f"k{round_}")
    office.act(filed, "clerk", "accept")
    at_expiry(office, filed, "decision")
    refused = race(office, filed, "dong", "extend", reason="complex")
    assert getattr(refused, "code", None) == "guard_refused"
    cards = [finding.colour for finding in office.case(filed).findings]
    assert cards == ["reminder", "red"]
    assert types(office, filed)["RungFired"] == 2


def test_stopped_in_the_last_instant_before_the_end_no_card_falls(office):
    filed = office.file()
    office.act(filed, "clerk", "accept")
    due = office.case(filed).clock("decision").due
    office.until(due.at - timedelta(milliseconds=1))
    office.act(filed, "anna", "consult", ground="testing")
    office.until(due.at)
    assert [finding.colour for finding in office.case(filed).findings] == ["reminder"]
