"""What may stand in the open: masks that hide, allow-lists that cannot open what is closed, counts that point at nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.catalog.references import NEVER_PUBLIC
from workflow.domain.case import IssuedDocument
from workflow.domain.definition import NoticeSpec
from workflow.domain.publication import (
    FACTS,
    SMALL,
    document_number,
    masked,
    shown_fields,
    suppressed,
    veiled,
)
from workflow.testing import sample

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=6)


@pytest.mark.parametrize(
    ("name", "looked_up", "on_notice"),
    [
        ("王秀华", "王某", "王*华"),
        ("李㛃", "李某", "李*"),
        ("欧阳静", "欧阳某", "欧阳*"),
        ("尉迟安澜", "尉迟某", "尉迟*澜"),
        ("欧阳", "欧某", "欧*"),  # two characters are a surname and a given name
        ("阿依古丽·买买提", "阿某", "阿依古丽·*"),
        ("扎西次仁", "扎某", "扎*仁"),
        ("Ella Fitzgerald", "E***", "E*** F***"),
        ("王", "王某", "王*"),
        ("  王秀华 ", "王某", "王*华"),
        ("", "", ""),
        ("   ", "", ""),
    ],
)
def test_a_name_is_masked(name, looked_up, on_notice):
    assert masked(name) == looked_up
    assert veiled(name) == on_notice


@given(CHINESE)
def test_a_mask_never_shows_the_whole_name(name):
    assert name not in masked(name)
    assert name not in veiled(name)
    assert "*" in veiled(name)


def definition(*fields: str, personal: tuple[str, ...] = ("name", "id_number")):
    form = {"properties": {"name": {}, "id_number": {}, "unit_name": {}}}
    notices = {"result": NoticeSpec(before_effect=True, fields=fields)}
    return replace(sample.definition(), form=form, personal=personal, notices=notices)


def test_a_notice_shows_its_list_in_its_order_and_nothing_else():
    assert shown_fields(definition("unit_name", "name", "ends_on"), "result") == (
        "unit_name",
        "name",
        "ends_on",
    )


def test_a_list_cannot_open_what_is_personal():
    assert shown_fields(definition("name", "id_number"), "result") == ("name",)


def test_what_is_neither_in_the_form_nor_a_fact_is_left_out():
    assert shown_fields(definition("case_id", "opinion", "ministry"), "result") == ("ministry",)


def test_no_fact_is_among_what_may_never_be_shown():
    assert not FACTS & NEVER_PUBLIC


@pytest.mark.parametrize(
    ("count", "told"), [(0, 0), (1, None), (SMALL - 1, None), (SMALL, SMALL), (1000, 1000)]
)
def test_a_count_that_points_at_persons_is_held_back(count, told):
    assert suppressed(count) == told


def test_a_document_number_as_it_is_cited():
    on = datetime(2026, 9, 7, tzinfo=UTC)

    assert document_number(
        IssuedDocument(document="reply", series="国人函", year=2026, number=12, on=on)
    ) == ("国人函〔2026〕12号")
    assert (
        document_number(IssuedDocument(document="notice", series=None, year=None, number=None, on=on)) == ""
    )
