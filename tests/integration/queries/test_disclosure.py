"""The figures of the annual report on disclosure: they balance, and each names its requests."""

from __future__ import annotations

import pytest

from tests.integration.approvals import Approvals
from workflow.queries.disclosure import KINDS, MATTER, disclosure

FILERS = ("lin-xiaotang", "shan-zhiyuan", "ayiguli-maimaiti")


@pytest.fixture
def requests(store):
    """Three requests of 2026: one withdrawn, one by an organisation, one by a person."""
    approvals = Approvals(store)
    kinds = ({"applicant_kind": "person"}, {"applicant_kind": "organisation"}, {"applicant_kind": "person"})
    numbers = {"id_number": "11010519491231002X", "credit_code": "91350100M000100Y43"}
    approvals.nos = [
        approvals.file(MATTER, filer, **numbers, **kind) for filer, kind in zip(FILERS, kinds, strict=True)
    ]
    approvals.act(approvals.nos[0], "shan-zhiyuan", "confirm_receipt", receipt_kind="in_person")
    approvals.act(approvals.nos[0], "shan-zhiyuan", "withdraw", reasons="本人不再需要")
    return approvals


def test_what_came_in_is_what_was_concluded_and_what_goes_on(store, requests):
    told = disclosure(store, 2026)

    withdrawn, organisation, person = requests.nos
    assert told.balanced
    assert told.rows["received"] == {
        "person": tuple(sorted((withdrawn, person))),
        "organisation": (organisation,),
    }
    assert told.rows["otherwise"]["person"] == (withdrawn,)
    assert (told.count("carried_over"), told.count("concluded"), told.count("carried_on")) == (0, 1, 2)
    assert [told.count("carried_on", kind) for kind in KINDS] == [1, 1]


def test_what_goes_on_is_carried_over_into_the_next_year(store, requests):
    told = disclosure(store, 2027)

    assert told.balanced
    assert (told.count("received"), told.count("carried_over"), told.count("carried_on")) == (0, 2, 2)
    assert disclosure(store, 2025).count("received") == 0
