"""Under which letter a case stands, and what a step changes in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workflow.domain.case import Case
from workflow.domain.definition import DocumentSpec
from workflow.domain.events import Parent
from workflow.domain.letters.membership import changes, filing_organ, letter_of, reply_series
from workflow.domain.letters.values import LetterKey
from workflow.testing import sample
from workflow.testing.sample import at

MONDAY = at("2026-09-07")
LETTER = "人函〔2026〕1号"


def case(**changed):
    given = {"letter": LETTER, "parties": {"filer": "agency"}} | changed
    return Case(
        id="c",
        no="SL-1",
        matter="sample-licence",
        definition="sample",
        state="review",
        entered_at=MONDAY,
        form={},
        received_at=MONDAY,
        materials_at=MONDAY,
        **given,
    )


@pytest.mark.parametrize(
    ("parties", "organ"),
    [
        ({"unit": "u", "filer": "f", "ministry": "m"}, "m"),
        ({"unit": "u", "filer": "f"}, "f"),
        ({"unit": "u"}, "u"),
        ({"ministry": "", "filer": "f"}, "f"),
        ({}, ""),
    ],
)
def test_the_organ_that_files_upward_writes_the_letter(parties, organ):
    assert filing_organ(parties) == organ


def test_no_letter_no_organ_and_a_child_stand_under_none():
    parent = Parent(case_id="p", join="parts", round=1, child="left")

    assert letter_of(case()) == LetterKey(organ="agency", number=LETTER)
    assert letter_of(None) is None
    assert letter_of(case(letter=None)) is None
    assert letter_of(case(parties={})) is None
    assert letter_of(case(parent=parent)) is None


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (None, case(), ["joined"]),
        (None, case(letter=None), []),
        (case(), case(), []),
        (case(), case(letter=None), ["left"]),
        (case(), case(letter="another"), ["left", "joined"]),
        (case(), case(concluded_at=MONDAY), ["concluded"]),
        (case(concluded_at=MONDAY), case(concluded_at=MONDAY), []),
        (None, case(concluded_at=MONDAY), ["joined", "concluded"]),
        (case(concluded_at=MONDAY), case(letter=None, concluded_at=MONDAY), ["left"]),
    ],
)
def test_what_a_step_changes(before, after, found):
    assert [change.what for change in changes(before, after)] == found


def test_a_reply_is_numbered_like_the_matters_own_replies():
    definition = sample.definition()
    papers = {"reply": DocumentSpec(series="函"), "licence": DocumentSpec(series="许")}

    assert reply_series(replace(definition, documents=papers)) == "函"
    assert reply_series(replace(definition, documents={"refusal_reply": DocumentSpec(series="驳")})) == "驳"
    assert reply_series(definition) == "许"
    assert reply_series(replace(definition, documents={})) == "SL"
