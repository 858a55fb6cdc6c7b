"""What a case does with its quota: its place is reserved once at the report, consumed at the approval, given back when it
comes to nothing, never oversold, and of the year that it belongs to.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.domain.quota.walk import Walk
from workflow.domain.definition import QuotaYear
from workflow.domain.events import QuotaConsumed, QuotaExempted, QuotaReleased, QuotaReserved
from workflow.domain.quota.book import Balance
from workflow.errors import BadFields, GuardRefused, QuotaExhausted
from workflow.testing.quota_matter import KIND, ORGAN, key
from workflow.testing.sample import at


def test_a_report_reserves_and_an_approval_consumes():
    walk = Walk(allotted=10)

    assert walk.report() == ["QuotaReserved"]
    assert walk.balance() == (10, 1, 0)
    assert walk.act("dong", "approve") == ["QuotaConsumed"]
    assert walk.balance() == (10, 0, 1)
    assert (walk.case.quota.reserved, walk.case.quota.consumed) == (0, 1)
    reserved, consumed = [e for e in walk.events if isinstance(e, (QuotaReserved, QuotaConsumed))]
    assert (reserved.kind, reserved.organ, reserved.year, reserved.places) == (KIND, ORGAN, 2026, 1)
    assert (reserved.revision, consumed.revision) == (2, 3)


@pytest.mark.parametrize("places", [0, 2])
def test_no_place_left_refuses_the_report_and_says_what_there_is(places):
    walk = Walk(book={key(): Balance(places=places + 3, reserved=1, consumed=2, revision=9)})
    for _ in range(places):
        other = Walk(book=walk.book)
        other.report()

    with pytest.raises(QuotaExhausted) as refused:
        walk.report()

    assert refused.value.fields == {
        "kind": KIND,
        "organ": ORGAN,
        "year": 2026,
        "places": places + 3,
        "reserved": places + 1,
        "consumed": 2,
        "left": 0,
        "needed": 1,
    }
    assert walk.case.state == "filed"


def test_without_an_allotment_nothing_can_be_reserved():
    with pytest.raises(QuotaExhausted, match=r"0 place\(s\)"):
        Walk(book={}).report()


def test_a_return_and_a_second_report_reserve_once():
    walk = Walk()
    walk.report()

    assert walk.act("anna", "send_back") == []
    assert walk.report() == []
    assert walk.balance() == (10, 1, 0)


def test_a_withdrawal_releases_and_a_second_release_finds_nothing():
    walk = Walk()
    walk.report()

    assert walk.act("ella", "withdraw") == ["QuotaReleased"]
    assert walk.balance() == (10, 0, 0)
    assert walk.case.quota.held == 0


def test_what_a_definition_forgets_to_release_is_released_when_the_case_ends():
    walk = Walk()
    walk.report()

    assert walk.act("anna", "refuse") == ["QuotaReleased"]
    released = next(e for e in walk.events if isinstance(e, QuotaReleased))
    assert (released.reason, released.held, released.places) == ("concluded", "reserved", 1)
    assert walk.balance() == (10, 0, 0)


def test_a_consumed_place_comes_back_when_the_approval_comes_to_nothing():
    walk = Walk()
    walk.report()
    walk.act("dong", "approve")

    assert walk.act("dong", "revoke") == ["QuotaReleased"]
    assert walk.balance() == (10, 0, 0)
    assert next(e for e in walk.events if isinstance(e, QuotaReleased)).held == "consumed"


def test_a_period_that_ends_releases():
    walk = Walk()
    walk.report()

    assert walk.expire() == ["QuotaReleased"]
    assert walk.balance() == (10, 0, 0)


def test_the_machine_consumes_as_well():
    walk = Walk()
    walk.report()
    walk.act("anna", "leave_to_machine")

    assert walk.job() == ["QuotaConsumed"]
    assert walk.balance() == (10, 0, 1)


def test_an_approval_without_a_report_takes_its_place_at_once_or_not_at_all():
    walk = Walk(allotted=1)

    assert walk.act("dong", "approve") == ["QuotaReserved", "QuotaConsumed"]
    with pytest.raises(QuotaExhausted):
        Walk(book=walk.book).act("dong", "approve")


# --- how many places ------------------------------------------------------------------------------------------------


def test_places_are_counted_by_a_field_of_the_form():
    walk = Walk(allotted=10, count="accompanying", form={"accompanying": 3})

    walk.report()

    assert walk.balance() == (10, 4, 0)
    with pytest.raises(QuotaExhausted) as refused:
        Walk(book=walk.book, count="accompanying", form={"accompanying": 6}).report()
    assert (refused.value.fields["left"], refused.value.fields["needed"]) == (6, 7)


def test_of_a_roster_agreed_to_in_part_the_rest_goes_back():
    walk = Walk(places=0, count="persons", form={"persons": 5})
    walk.report()
    assert walk.balance() == (10, 5, 0)

    assert walk.act("dong", "agree_in_part", agreed=2) == ["QuotaConsumed", "QuotaReleased"]
    assert walk.balance() == (10, 0, 2)


@pytest.mark.parametrize("agreed", [0, 6, -1])
def test_more_than_was_reserved_cannot_be_agreed_to(agreed):
    walk = Walk(places=0, count="persons", form={"persons": 5})
    walk.report()

    with pytest.raises(BadFields, match="1 to the 5 places"):
        walk.act("dong", "agree_in_part", agreed=agreed)


# --- the exempt track -----------------------------------------------------------------------------------------------


def test_an_exempt_case_takes_no_place_and_says_why():
    walk = Walk(allotted=0, form={"group": "exempt"})

    assert walk.report() == ["QuotaExempted"]
    exempted = next(e for e in walk.events if isinstance(e, QuotaExempted))
    assert exempted.reason == 'track == "exempt" or (group == "exempt" and track != "quota")'
    assert exempted.places == 1
    assert walk.act("dong", "approve_placed") == []
    assert walk.case.quota.exempt
    assert walk.balance() == (0, 0, 0)


def test_who_is_found_to_need_a_place_takes_it_then_or_the_finding_is_refused():
    walk = Walk(allotted=1, form={"group": "exempt"})
    walk.report()
    other = Walk(book=walk.book)
    other.report()

    with pytest.raises(QuotaExhausted):
        walk.act("anna", "find", track="quota")
    other.act("ella", "withdraw")

    assert walk.act("anna", "find", track="quota") == ["QuotaReserved"]
    assert walk.balance() == (1, 1, 0)


def test_who_is_found_to_be_exempt_gives_the_place_back():
    walk = Walk()
    walk.report()

    assert walk.act("anna", "find", track="exempt") == ["QuotaReleased", "QuotaExempted"]
    assert walk.balance() == (10, 0, 0)
    assert walk.act("anna", "find", track="exempt") == []


def test_a_guard_wants_the_place_before_the_approval():
    walk = Walk(form={"group": "exempt"})
    walk.report()
    walk.act("anna", "find", track="quota")
    walk.act("dong", "approve_placed")
    assert walk.balance() == (10, 0, 1)

    without = Walk()
    without.report()
    without.case = replace(without.case, quota=None)
    with pytest.raises(GuardRefused, match="quota_reserved"):
        without.act("dong", "approve_placed")


# --- the year -------------------------------------------------------------------------------------------------------


def test_a_case_reported_in_december_is_approved_on_the_place_of_its_year():
    walk = Walk(now=at("2026-12-30"))
    walk.report()
    walk.act("dong", "approve", on="2027-01-04")

    assert walk.balance(2026) == (10, 0, 1)
    assert walk.balance(2027) == (10, 0, 0)


def test_the_year_is_that_of_the_definitions_zone():
    # Half past midnight on New Year's Day in Beijing is still the old year in UTC.
    walk = Walk(now=at("2027-01-01", "00:30"))
    walk.report()

    assert walk.balance(2027) == (10, 1, 0)


def test_a_back_dated_report_takes_a_place_of_the_year_it_was_made_in():
    walk = Walk(now=at("2026-12-28"))
    walk.act("ella", "report", on="2027-01-05", effective_at=at("2026-12-31"))

    assert walk.balance(2026) == (10, 1, 0)


def test_a_new_report_after_a_release_has_a_new_year():
    walk = Walk(now=at("2026-12-30"), form={})
    walk.report()
    walk.act("anna", "send_back")
    assert walk.act("ella", "report", on="2027-01-05") == []
    assert walk.balance(2026) == (10, 1, 0)


def test_the_year_may_be_that_of_the_filing():
    walk = Walk(year=QuotaYear.FILING, now=at("2026-12-30"))
    walk.report(on="2027-01-05")

    assert (walk.balance(2026), walk.balance(2027)) == ((10, 1, 0), (10, 0, 0))


def test_the_year_may_be_that_of_the_approval_and_then_the_place_moves_over():
    walk = Walk(year=QuotaYear.APPROVAL, now=at("2026-12-30"))
    walk.report()
    assert walk.balance(2026) == (10, 1, 0)

    assert walk.act("dong", "approve", on="2027-01-04") == ["QuotaReleased", "QuotaReserved", "QuotaConsumed"]
    assert (walk.balance(2026), walk.balance(2027)) == ((10, 0, 0), (10, 0, 1))


def test_a_place_that_cannot_move_over_stays_where_it_is():
    book = {key(2026): Balance(places=1, revision=1), key(2027): Balance(places=0, revision=1)}
    walk = Walk(year=QuotaYear.APPROVAL, now=at("2026-12-30"), book=book)
    walk.report()

    with pytest.raises(QuotaExhausted):
        walk.act("dong", "approve", on="2027-01-04")
    assert walk.balance(2026) == (1, 1, 0)
