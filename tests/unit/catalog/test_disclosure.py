"""The disclosure catalogue: every public matter once, with what a citizen is owed, and what is missing told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workflow.catalog.categories import Category, load_categories
from workflow.catalog.disclosure import BLOCKS, Lack, disclosure, lacks
from workflow.texts import LANGUAGES

NOW = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
TITLES = {"zh-CN": "类目", "en": "Category"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_public_matter_stands_in_one_category(catalog, lang):
    found = disclosure(catalog, load_categories(), lang, NOW)

    public = sorted(code for code, matter in catalog.matters.items() if matter.audience == "public")
    assert sorted(entry.code for _, entry in found.entries) == public
    assert found.completeness.unsorted == ()
    assert found.completeness.lacking == ()
    assert len(found.shelves) == 14


def test_an_entry_says_conditions_posts_persons_limits_and_supervision(catalog):
    found = disclosure(catalog, load_categories(), "zh-CN", NOW)
    (entry,) = (entry for _, entry in found.entries if entry.code == "transfer-into-beijing")
    checker = next(holder for holder in entry.holders if holder.post == "审核人")

    assert entry.conditions[0] == "调入单位有空缺编制和相应职位"
    assert (checker.organ, checker.persons[0]) == ("京外调配处（示例）", "司马远")
    assert ("办理期限", "20 个工作日", "promise") in [(x.title, x.length, x.nature) for x in entry.limits]
    assert entry.supervision == "驻部监察局"
    assert entry.address == "/matters/transfer-into-beijing"


def test_a_filing_party_holds_no_post_of_the_organ(catalog):
    found = disclosure(catalog, load_categories(), "en", NOW)

    assert "Officer of the employing unit" not in {h.post for _, e in found.entries for h in e.holders}


def test_a_category_with_nothing_and_a_matter_in_none_are_told(catalog):
    categories = (
        Category(code="empty", titles=TITLES),
        Category(code="licences", titles=TITLES, regimes=("licensing",)),
    )
    found = disclosure(catalog, categories, "en", NOW)

    assert found.completeness.empty == ("empty",)
    assert "transfer-into-beijing" in found.completeness.unsorted
    assert [entry.code for entry in found.unsorted] == list(found.completeness.unsorted)
    assert not found.completeness.whole


def test_each_of_the_five_blocks_is_missed_in_its_language(catalog):
    matter = catalog.matter("talent-agency-licence")
    for block in BLOCKS:
        gone = f"guide.{block}.0" if block == "conditions" else f"guide.{block}"
        english = {key: text for key, text in matter.texts["en"].items() if key != gone}
        poorer = replace(matter, texts={**matter.texts, "en": english})

        assert list(lacks(poorer)) == [Lack(matter=matter.code, language="en", blocks=(block,))]
    assert list(lacks(matter)) == []
