"""Matters of other organs are replaced source by source and found by words or pinyin initials, on both databases."""

from __future__ import annotations

from workflow.exchange.foreign_matters import initials
from workflow.storage.matter_index import IndexedMatter


def matter(code, title, organ="区人社局", source="甲"):
    found = IndexedMatter(source=source, code=code, title=title, organ=organ, kind="1", link="")
    return found, initials(f"{title} {organ}")


def titles(store, *words):
    return [found.title for found in store.find_matters(words, 10)]


def test_every_word_must_be_found_as_characters_or_initials(store):
    store.replace_matter_index(
        "甲", [matter("1", "人才档案转递"), matter("2", "食品经营许可", organ="区市监局")]
    )
    assert titles(store, "档案") == ["人才档案转递"]
    assert titles(store, "rcda") == ["人才档案转递"]
    assert titles(store, "RCDA", "人社") == ["人才档案转递"]
    assert titles(store, "许可", "qsjj") == ["食品经营许可"]
    assert titles(store, "许可", "人社") == []


def test_a_percent_sign_is_a_sign_and_not_everything(store):
    store.replace_matter_index("甲", [matter("1", "人才档案转递"), matter("2", "100%股权变更")])
    assert titles(store, "%") == ["100%股权变更"]
    assert titles(store, "_") == []


def test_a_source_is_replaced_as_a_whole_and_no_other(store):
    store.replace_matter_index("甲", [matter("1", "旧事项"), matter("2", "再一事项")])
    store.replace_matter_index("乙", [matter("1", "别处的事项", source="乙")])
    store.replace_matter_index("甲", [matter("1", "新事项")])
    assert sorted(titles(store, "事项")) == sorted(["新事项", "别处的事项"])
