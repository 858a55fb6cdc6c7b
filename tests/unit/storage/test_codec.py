"""What is written reads back the same, in one canonical form."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.case import Case
from workflow.domain.envelope import Sealed
from workflow.domain.events import EVENT_TYPES, SCHEMA_VERSION, ActionTaken, FilingSubmitted
from workflow.errors import RecordBroken
from workflow.storage.codec import (
    canonical,
    decode_case,
    decode_event,
    decode_facts,
    encode_case,
    encode_event,
    encode_facts,
)

texts = st.text(st.characters(codec="utf-8"), max_size=12)
instants = st.timedeltas(timedelta(0), timedelta(days=40_000)).map(datetime(1990, 1, 1, tzinfo=UTC).__add__)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
SIMPLE = {
    str: texts,
    int: st.integers(0, 2**31 - 1),
    bool: st.booleans(),
    datetime: instants,
    date: st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    type(None): st.none(),
    Any: plain,
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a declared type: new fields and events are tried without a word here."""
    if hint in SIMPLE:
        return SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{field.name: values(hints[field.name]) for field in fields(hint)})
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return st.one_of(*(values(arg) for arg in args))
    if origin is typing.Literal:
        return st.sampled_from(args)
    if origin is tuple:
        return st.lists(values(args[0]), max_size=2).map(tuple)
    if origin in (Mapping, dict):
        return st.dictionaries(values(args[0]), values(args[1]), max_size=3)
    raise NotImplementedError(hint)


@pytest.mark.parametrize("name", EVENT_TYPES)
@given(data=st.data())
def test_an_event_reads_back_as_it_was_written(name, data):
    event = data.draw(values(EVENT_TYPES[name]))

    payload = encode_event(event)

    assert decode_event(name, SCHEMA_VERSION, payload) == event
    assert encode_event(decode_event(name, SCHEMA_VERSION, payload)) == payload


@given(values(Case))
def test_a_case_reads_back_as_it_was_written(case):
    assert decode_case(encode_case(case)) == case


@given(st.dictionaries(texts, texts))
def test_facts_read_back_as_they_were_written(facts):
    assert decode_facts(encode_facts(facts)) == facts


@given(st.dictionaries(texts, plain, max_size=5))
def test_the_canonical_form_does_not_depend_on_order(form):
    backwards = dict(reversed(form.items()))

    assert canonical(form) == canonical(backwards)
    assert json.loads(canonical(form)) == form


def test_the_canonical_form_is_sorted_tight_and_utf8():
    form = {
        "姓名": "张三",
        "at": datetime(2026, 9, 7, 9, tzinfo=timezone(timedelta(hours=8))),
        "a": [1, None, True],
    }

    assert canonical(form).decode() == '{"a":[1,null,true],"at":"2026-09-07T01:00:00Z","姓名":"张三"}'


def test_a_sealed_value_comes_back_as_a_plain_object():
    sealed = Sealed(subject="p1", field="form.name", commitment="c0")
    event = ActionTaken(
        at=datetime(2026, 9, 7, tzinfo=UTC),
        action="a",
        source="s",
        target="t",
        post="p",
        fields={"name": sealed},
    )

    back = decode_event("ActionTaken", SCHEMA_VERSION, encode_event(event))

    assert back.fields == {"name": {"subject": "p1", "field": "form.name", "commitment": "c0"}}


@pytest.mark.parametrize(
    "wrong",
    [{"a": 1.5}, {"a": [{"b": float("nan")}]}, {1: "a"}, {"at": datetime(2026, 9, 7)}],  # noqa: DTZ001
)
def test_what_has_no_canonical_form_is_refused(wrong):
    with pytest.raises(ValueError, match=r"canonical|text|zone"):
        canonical(wrong)


def test_no_float_gets_into_an_event():
    at = datetime(2026, 9, 7, tzinfo=UTC)
    filing = FilingSubmitted(
        at=at, no="1", matter="m", definition="d", state="s", parties={}, form={"sum": 0.1}, materials=()
    )

    with pytest.raises(ValueError, match="canonical"):
        encode_event(filing)


@pytest.mark.parametrize(("type_", "version"), [("NeverHeardOf", 1)])
def test_an_event_from_elsewhere_is_refused(type_, version):
    with pytest.raises(ValueError, match=type_):
        decode_event(type_, version, b"{}")


@pytest.mark.parametrize("body", ["", "{", '{"id":1}', "[]"])
def test_a_broken_row_is_named(body):
    with pytest.raises(RecordBroken, match="c7"):
        decode_case(body, "c7")
