"""Conditions: what can be said is compiled into plain data, everything else is refused by a rule of its own."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.catalog.expressions import DEEPEST, LONGEST, Unsafe, compiled, vocabulary
from workflow.domain.conditions import names_in, told

TREE: dict[str, Any] = {
    "form": {
        "name": {"type": "string", "personal": True},
        "id": {"type": "id_number"},
        "phone": {"type": "phone"},
        "unit": {"type": "string"},
        "reason": {"type": "choice", "choices": {"talent": {}, "spouse": {}}},
        "staff": {"type": "integer"},
        "since": {"type": "date"},
        "exempt": {"type": "boolean"},
        "groups": {"type": "list"},
        "twice": {"type": "string"},
    },
    "actions": {
        "propose": {"fields": {"opinion": {"type": "choice", "choices": {"agree": {}, "disagree": {}}}}},
        "confirm": {"fields": {"opinion": {"type": "choice", "choices": {"return": {}}}}},
        "other": {"fields": {"twice": {"type": "integer"}, "deemed": {"type": "boolean"}}},
    },
    "materials": {"letter": {}, "form": {}},
    "documents": {"licence": {}},
    "notices": {"result": {}},
    "outcomes": {"granted": {}, "refused": {}},
}
NAMES = vocabulary(TREE)

SOUND = [
    ('opinion == "agree"', ["==", ["record", "opinion"], "agree"]),
    ('"agree" == opinion', ["==", "agree", ["record", "opinion"]]),
    ('opinion != "return"', ["!=", ["record", "opinion"], "return"]),
    ('reason in ["talent", "spouse"]', ["in", ["form", "reason"], ["talent", "spouse"]]),
    ('reason not in ["talent"]', ["not", ["in", ["form", "reason"], ["talent"]]]),
    (
        "staff >= 5 and supplements < 2",
        ["and", [">=", ["form", "staff"], 5], ["<", ["case", "supplements"], 2]],
    ),
    ("staff > -1", [">", ["form", "staff"], -1]),
    ("exempt or not accepted", ["or", ["form", "exempt"], ["not", ["case", "accepted"]]]),
    ("exempt == true", ["==", ["form", "exempt"], True]),
    ("unit == none", ["==", ["form", "unit"], None]),
    ('since >= "2026-01-01"', [">=", ["form", "since"], "2026-01-01"]),
    ('"letter" in materials', ["has", ["case", "materials"], "letter"]),
    ('"anything" not in groups', ["not", ["has", ["form", "groups"], "anything"]]),
    ('"result" in published and "licence" in issued', None),
    ('outcome == "granted"', ["==", ["case", "outcome"], "granted"]),
    ("staff == supplements", ["==", ["form", "staff"], ["case", "supplements"]]),
    ('channel == "window"', ["==", ["case", "channel"], "window"]),
]

UNSAFE = [
    ("", "guard.syntax"),
    ("opinion ==", "guard.syntax"),
    ("opinion = 'agree'", "guard.syntax"),
    ('unit == "\\x41"', "guard.syntax"),
    ("unit == 'say \"yes\"'", "guard.syntax"),
    ('unit == """a\nb"""', "guard.syntax"),
    ("import os", "guard.syntax"),
    ("((((((((((", "guard.syntax"),
    (f'unit == "{"a" * LONGEST}"', "guard.too_long"),
    ("not " * (DEEPEST + 1) + "exempt", "guard.too_deep"),
    ("__import__('os').system('id')", "guard.call"),
    ("len(materials) > 1", "guard.call"),
    ("exempt and open('x')", "guard.call"),
    ("unit.upper() == 'A'", "guard.call"),
    ("unit.__class__ == 'A'", "guard.attribute"),
    ("groups[0] == 'A'", "guard.attribute"),
    ("staff + 1 == 2", "guard.construct"),
    ("staff ** 99999 == 2", "guard.construct"),
    ("1 < staff < 3", "guard.construct"),
    ("exempt is true", "guard.construct"),
    ("[x for x in groups]", "guard.construct"),
    ("lambda: exempt", "guard.construct"),
    ("exempt if exempt else exempt", "guard.construct"),
    ("(exempt := true)", "guard.construct"),
    ('f"{unit}" == "a"', "guard.construct"),
    ("unit == 1.5", "guard.construct"),
    ("unit == b'a'", "guard.construct"),
    ("true", "guard.unknown_name"),
    ("track == 'exempt'", "guard.unknown_name"),
    ("__builtins__", "guard.unknown_name"),
    ("name == '张三'", "guard.personal"),
    ("id == '1'", "guard.personal"),
    ("phone == '1'", "guard.personal"),
    ("twice == 'a'", "guard.ambiguous"),
    ("deemed", "guard.ambiguous"),
    ("staff", "guard.type"),
    ("staff == '5'", "guard.type"),
    ("staff == true", "guard.type"),
    ("exempt == 1", "guard.type"),
    ("unit < 'b'", "guard.type"),
    ("reason > 'a'", "guard.type"),
    ("since > '1 January'", "guard.type"),
    ("staff < none", "guard.type"),
    ("staff == unit", "guard.type"),
    ("1 == 1", "guard.type"),
    ("groups == 'a'", "guard.type"),
    ("'a' in unit", "guard.type"),
    ("reason in []", "guard.type"),
    ("reason in [none]", "guard.type"),
    ("reason in ['talent', 1]", "guard.type"),
    ("reason == 'other'", "guard.choice"),
    ("reason in ['talent', 'other']", "guard.choice"),
    ("'seal' in materials", "guard.choice"),
    ("outcome == 'agreed'", "guard.choice"),
]


@pytest.mark.parametrize(("text", "data"), SOUND)
def test_what_can_be_said_becomes_plain_data(text, data):
    expression = compiled(text, NAMES)

    assert data is None or list(expression) == data
    assert msgspec.json.decode(msgspec.json.encode(expression)) == list(expression)
    assert compiled(told(expression), NAMES) == expression
    assert all(name in NAMES for _, name in names_in(expression))


@pytest.mark.parametrize(("text", "rule"), UNSAFE)
def test_what_cannot_be_said_is_refused_by_its_rule(text, rule):
    with pytest.raises(Unsafe) as refused:
        compiled(text, NAMES)

    assert refused.value.rule == rule


@given(st.text(max_size=LONGEST + 20))
def test_no_text_does_anything_but_compile_or_be_refused(text):
    try:
        expression = compiled(text, NAMES)
    except Unsafe:
        return
    assert compiled(told(expression), NAMES) == expression


def test_the_same_field_of_several_acts_is_one_name_with_all_its_choices():
    assert NAMES["opinion"].choices == ("agree", "disagree", "return")
