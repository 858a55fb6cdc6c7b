"""A matter merged into its process: maps merge, everything else replaces, null takes out, places are kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workflow.catalog.merge import merge, texts_in, without_texts
from workflow.catalog.strict_yaml import Document, parse


def document(text: str, file: str) -> Document:
    found, wrong = parse(text, file)
    assert wrong == []
    return found


def merged(process: str, matter: str):
    return merge(document(process, "process.yaml"), document(matter, "matter.yaml"))


def test_maps_merge_and_lists_replace():
    whole, faults = merged("process: p\na: {b: 1, c: [1, 2]}\nd: 1\n", "matter: m\na: {c: [3], e: 4}\n")

    assert faults == []
    assert whole.data == {"a": {"b": 1, "c": [3], "e": 4}, "d": 1, "matter": "m"}


def test_null_takes_a_key_out_and_says_so_when_there_is_none():
    whole, faults = merged("process: p\na: {b: 1, c: 2}\n", "a: {b: null, x: null}\n")

    assert whole.data == {"a": {"c": 2}}
    assert [(fault.rule, fault.fields["key"]) for fault in faults] == [("file.removed_nothing", "x")]


def test_a_text_replaces_whole_so_that_no_language_of_the_process_stays_behind():
    whole, _ = merged("title: {zh-CN: 甲, en: A}\n", "title: {zh-CN: 乙}\n")

    assert whole.data == {"title": {"zh-CN": "乙"}}


def test_the_process_is_not_changed_by_what_is_built_on_it():
    process = document("process: p\na: {b: {c: 1}}\n", "process.yaml")

    merge(process, document("a: {b: {c: 2, d: null}}\n", "matter.yaml"))

    assert process.data == {"process": "p", "a": {"b": {"c": 1}}}


def test_each_place_is_where_it_was_written():
    whole, _ = merged("process: p\na:\n  b: 1\n  c: 2\n", "matter: m\na:\n  c: 3\n")

    assert str(whole.where(("a", "b"))) == "process.yaml:3:3"
    assert str(whole.where(("a", "c"))) == "matter.yaml:3:3"
    assert str(whole.where(("a", "x"))) == "matter.yaml:2:1"
    assert str(whole.where(("y",))) == "matter.yaml:1:1"


TREES = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda below: st.dictionaries(st.sampled_from("abcd"), below, max_size=3) | st.lists(below, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from("abcd"), TREES), st.dictionaries(st.sampled_from("abcd"), TREES))
def test_merging_is_idempotent_and_keeps_the_matters_own_leaves(base, patch):
    process, matter = Document(file="p", data=base), Document(file="m", data=patch)

    once = merge(process, matter)[0].data
    twice = merge(Document(file="p", data=once), matter)[0].data

    assert once == twice
    for key, value in patch.items():
        if not isinstance(value, dict):
            assert once[key] == value
    assert once.keys() == base.keys() | patch.keys()


def test_texts_are_told_from_what_the_machine_runs():
    tree = {
        "title": {"zh-CN": "甲", "en": "A"},
        "states": {"one": {"title": {"zh-CN": "一", "en": "One"}, "stage": "x"}},
        "list": [{"zh-CN": "乙", "en": "B"}, {"note": {"en": "only"}, "n": 1}],
    }

    assert without_texts(tree) == {"states": {"one": {"stage": "x"}}, "list": [{"n": 1}]}
    assert [place for place, _ in texts_in(tree)] == [
        ("title",),
        ("states", "one", "title"),
        ("list", 0),
        ("list", 1, "note"),
    ]
