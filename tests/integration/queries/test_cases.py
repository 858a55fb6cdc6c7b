"""Cases looked up and listed, on both databases."""

from __future__ import annotations

import pytest

from tests.integration.transfers import FORM, MATTER, Transfers
from workflow.errors import NotFound, UnknownCase
from workflow.queries.cases import case_by_no, listed, matter_of


@pytest.fixture
def transfers(store):
    return Transfers(store)


def test_a_case_comes_with_the_matter_as_it_is_kept_for_it(store, transfers):
    no = transfers.file()

    case, matter = case_by_no(store, no)

    assert (case.no, case.state) == (no, "internal_review")
    assert matter.definition.hash == case.definition
    assert (matter.title("zh-CN"), matter.text("states.publicity", "en")) == (
        "京外调干审批",
        "Public notice before effect",
    )
    assert matter_of(store, case.definition) == matter


def test_a_number_that_is_none_is_told(store, transfers):
    with pytest.raises(UnknownCase, match="JWDG-2026-09999"):
        case_by_no(store, "JWDG-2026-09999")
    with pytest.raises(NotFound):
        matter_of(store, "f" * 64)


def test_personal_values_are_those_of_the_case_and_the_latest(store, transfers):
    one, other = transfers.file("one"), transfers.file("other", name="李四")
    transfers.to_the_notice(one)
    for objector in ("甲", "乙"):
        transfers.act(one, "public", "raise_objection", grounds="材料不实", objector=objector)

    values = store.personal_values(store.case_id(one))

    assert values["form.name"] == FORM["name"]
    assert values["form.id_number"] == FORM["id_number"]
    assert values["raise_objection.objector"] == "乙"
    assert "form.receiving_unit" not in values
    assert store.personal_values(store.case_id(other))["form.name"] == "李四"


def test_cases_are_listed_page_by_page_in_the_order_of_their_numbers(store, transfers):
    numbers = [transfers.file(f"filing {number}") for number in range(5)]

    first = listed(store, limit=2)
    second = listed(store, after=first[-1].no, limit=2)
    third = listed(store, after=second[-1].no, limit=2)

    assert [case.no for case in (*first, *second, *third)] == numbers
    assert {case.state for case in first} == {"internal_review"}


def test_a_list_can_be_of_one_matter_and_of_what_is_not_archived(store, transfers):
    archived, going_on = transfers.file("one"), transfers.file("other")
    transfers.to_the_archive(archived)

    assert [case.no for case in listed(store, open_only=True)] == [going_on]
    assert [case.no for case in listed(store, matter=MATTER)] == [archived, going_on]
    assert listed(store, matter="another") == []
    assert listed(store)[0].outcome == "agreed"
    assert listed(store)[0].archived_at is not None
