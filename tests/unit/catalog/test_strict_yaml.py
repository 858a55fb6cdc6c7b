"""YAML without its traps: every one of them is refused where it stands, all of a file's at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.catalog.strict_yaml import inspect, parse, read
from workflow.errors import BadDefinition


def faults(text: str) -> list[tuple[str, int]]:
    return [(fault.rule, fault.mark.line) for fault in parse(text, "a.yaml")[1]]


def test_plain_values_come_back_as_they_are():
    document, wrong = parse("a: 1\nb: [true, null, -5, text]\nc: {d: '2026-10-01', e: \"no\"}\n", "a.yaml")

    assert wrong == []
    assert document.data == {
        "a": 1,
        "b": [True, None, -5, "text"],
        "c": {"d": "2026-10-01", "e": "no"},
    }


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: yes", "yaml.boolean"),
        ("a: No", "yaml.boolean"),
        ("a: on", "yaml.boolean"),
        ("a: OFF", "yaml.boolean"),
        ("a: y", "yaml.boolean"),
        ("a: True", "yaml.boolean"),
        ("no: Norway", "yaml.boolean"),
        ("a: ~", "yaml.null"),
        ("a: NULL", "yaml.null"),
        ("a: 2026-10-01", "yaml.date"),
        ("a: 2026-10-01T00:00:00Z", "yaml.date"),
        ("a: 1.5", "yaml.float"),
        ("a: 1e3", "yaml.float"),
        ("a: .inf", "yaml.float"),
        ("a: 010", "yaml.number"),
        ("a: 0x1F", "yaml.number"),
        ("a: 12:30:45", "yaml.number"),
        ("a: 1_000", "yaml.number"),
        ("a: +1", "yaml.number"),
        ("a:", "yaml.empty"),
        ("a: 1\na: 2", "yaml.duplicate_key"),
        ("a: &x 1", "yaml.anchor"),
        ("<<: {a: 1}", "yaml.merge"),
        ("a: !!str 1", "yaml.tag"),
        ("a: !python/object:os.system x", "yaml.tag"),
        ("1: a", "yaml.key"),
        ("true: a", "yaml.key"),
        ("[a]: b", "yaml.key"),
        ("a:\tb", "yaml.tab"),
        ("a: 1\n---\nb: 2", "yaml.second_document"),
        ("a: [1", "yaml.syntax"),
        ("a: 'x", "yaml.syntax"),
    ],
)
def test_each_trap_is_refused_once(text, rule):
    assert [fault for fault, _ in faults(text)] == [rule]


@pytest.mark.parametrize(
    "text",
    ["20wd", "1.2.3", "12h", "2026", "v1", "北京", "a-b", "1991〕12号", "noon", "@unit", "0"],
)
def test_what_only_looks_like_a_trap_is_let_through(text):
    assert faults(f'a: "{text}"') == []
    if not text.startswith("@"):
        assert faults(f"a: {text}") == []


def test_an_alias_is_refused_with_its_anchor():
    assert faults("a: &x [1]\nb: *x") == [("yaml.anchor", 1), ("yaml.alias", 2)]


def test_every_fault_of_a_file_is_told_with_its_line():
    text = "a: yes\nb: 1\nb: 2\nc:\n  - 2026-01-01\n  - 1.5\n"

    assert faults(text) == [
        ("yaml.boolean", 1),
        ("yaml.duplicate_key", 3),
        ("yaml.date", 5),
        ("yaml.float", 6),
    ]


def test_a_repeated_key_names_its_first_line_and_the_first_value_stays():
    document, wrong = parse("a: {b: 1}\nc: 2\na: {b: 3}\n", "a.yaml")

    assert wrong[0].fields == {"key": "a", "first": 1}
    assert document.data == {"a": {"b": 1}, "c": 2}
    assert document.where(("a", "b")).line == 1


def test_a_place_is_found_by_its_path():
    document, _ = parse("states:\n  one:\n    title: x\nlist:\n  - a\n  - b\n", "a.yaml")

    assert document.where(("states", "one", "title")).line == 3
    assert document.where(("list", 1)).line == 6
    assert document.where(("states", "one", "not", "there")).line == 2
    assert str(document.where(("states",))) == "a.yaml:1:1"


def test_an_empty_file_says_nothing():
    assert parse("# only a comment\n", "a.yaml")[0].data == {}


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("a: é".encode("latin-1"))

    assert inspect(tmp_path / "none.yaml")[1][0].rule == "yaml.unreadable"
    assert inspect(latin)[1][0].rule == "yaml.unreadable"


def test_reading_refuses_with_every_fault(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("a: yes\nb: 1.5\n")

    with pytest.raises(BadDefinition) as refused:
        read(path)

    assert refused.value.fields["count"] == 2
    assert [fault["line"] for fault in refused.value.fields["faults"]] == [1, 2]
    assert all(fault["says"]["zh-CN"] and fault["mend"]["en"] for fault in refused.value.fields["faults"])


@given(st.text())
def test_no_text_breaks_the_reader(text):
    document, wrong = parse(text, "a.yaml")

    assert all(fault.mark.line >= 1 and fault.says("en") for fault in wrong)
    assert not has_float(document.data)


def has_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(has_float(below) for below in value.values())
    if isinstance(value, list):
        return any(has_float(below) for below in value)
    return isinstance(value, float)
