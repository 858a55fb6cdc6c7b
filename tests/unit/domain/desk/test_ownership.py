"""Whose a work item is: it always has somebody, and always for a reason that can be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.domain.desk.office import THURSDAY, WEDNESDAY, Office, in_check, in_review
from workflow.domain.desk.ownership import candidates, item_of, keeps, owner
from workflow.domain.desk.state import Recusal
from workflow.testing.sample import at

ON = date(2026, 9, 24)
THU = at(THURSDAY)


@pytest.fixture
def office():
    return in_review()


def whose(office, on=ON):
    return owner(office.definition, office.case, office.facts.directory, on)


def in_line(office):
    return list(candidates(office.definition, office.case, office.facts.directory, ON))


def test_the_item_is_of_the_post_that_the_state_waits_for(office):
    item = item_of(office.definition, office.case)
    assert (item.post, item.kind, item.organ) == ("handler", "handler", "office")


def test_while_the_system_has_the_case_it_is_nobodys():
    office = Office()
    office.file()
    office.act("clerk", "accept", at(WEDNESDAY))
    office.act("ella", "withdraw", at(WEDNESDAY))
    assert item_of(office.definition, office.case) is None
    assert whose(office) is None
    assert in_line(office) == []


def test_first_the_holders_then_their_deputy_then_the_head(office):
    assert in_line(office) == [
        ("anna", "holder"), ("bo", "holder"), ("chen", "holder"), ("dora", "deputy"), ("hana", "head"),
    ]  # fmt: skip


def test_whoever_acted_before_comes_first(office):
    office.act("bo", "consult", at(WEDNESDAY), ground="testing")
    assert in_line(office)[0] == ("bo", "acted")


def test_who_is_away_recused_or_in_another_role_is_passed_over():
    office = in_check()
    office.act("chen", "send_back", THU)
    office.away("bo")
    office.act("anna", "recuse", THU, ground="other")
    assert in_line(office) == [("dora", "deputy"), ("hana", "head")], "chen has checked"


def test_a_head_who_stands_aside_is_not_next_in_line(office):
    for person in ("anna", "bo", "chen", "dora"):
        office.away(person)
    aside = Recusal(person="hana", ground="relative", how="ordered")
    office.case = replace(office.case, desk=replace(office.case.desk, recusals=(aside,)))

    assert in_line(office) == []


def test_whoever_has_it_owns_it_while_he_can_go_on_with_it(office):
    office.act("bo", "claim", at(WEDNESDAY))
    assert whose(office) == ("bo", "claimed")
    office.away("bo")
    assert not keeps(office.definition, office.case, office.facts.directory, ON)
    assert whose(office) == ("anna", "holder")


def test_whoever_has_left_keeps_nothing(office):
    office.act("bo", "claim", at(WEDNESDAY))
    office.leaves("bo")
    assert not keeps(office.definition, office.case, office.facts.directory, ON)


def test_when_all_are_away_it_is_the_heads(office):
    for person in ("anna", "bo", "chen", "dora"):
        office.away(person)
    assert whose(office) == ("hana", "head")
    office.away("hana")
    assert whose(office) is None, "the directory has nobody; banjie directory check tells of it"


def test_the_post_alone_does_not_keep_what_a_head_got(office):
    for person in ("anna", "bo", "chen", "dora"):
        office.away(person, until="2026-09-24")
    office.act("anna", "claim", at(WEDNESDAY))
    office.act("system", "hand_over", THU)
    assert keeps(office.definition, office.case, office.facts.directory, ON)
    assert whose(office, date(2026, 9, 25)) == ("hana", "head"), "he gives it back himself"
