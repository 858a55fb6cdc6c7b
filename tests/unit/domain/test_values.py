"""A frozen value with some fields changed is what `dataclasses.replace` makes of it, whatever keeps its fields."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import pytest

from workflow.domain.case import Case
from workflow.domain.values import replace
from workflow.testing.sample import at


@dataclass(frozen=True, slots=True, kw_only=True)
class Slotted:
    name: str
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lone:
    only: str


@dataclass(frozen=True, kw_only=True)
class Open:
    name: str
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    day: int
    twice: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "twice", 2 * self.day)


@pytest.mark.parametrize("value", [Slotted(name="a"), Lone(only="a"), Open(name="a", tags={"b": "c"})])
def test_a_copy_is_equal_and_another(value: object):
    copy = replace(value)  # type: ignore[type-var]
    assert copy == value
    assert copy is not value


def test_the_named_fields_are_changed_and_the_others_kept():
    assert replace(Slotted(name="a", number=3), name="b") == Slotted(name="b", number=3)
    assert replace(Lone(only="a"), only="b") == Lone(only="b")
    before = Open(name="a", tags={"b": "c"})
    assert replace(before, name="b") == Open(name="b", tags={"b": "c"})
    assert before.name == "a"


@pytest.mark.parametrize("value", [Slotted(name="a"), Open(name="a")])
def test_a_field_that_is_not_there_is_refused(value: object):
    with pytest.raises(TypeError, match="nmae"):
        replace(value, nmae="b")  # type: ignore[type-var]


def test_what_is_more_than_its_fields_is_made_by_its_initialiser():
    assert replace(Reckoned(day=3), day=4) == Reckoned(day=4)
    assert replace(Reckoned(day=3), day=4).twice == 8


def test_a_case_is_changed_as_the_standard_library_would():
    case = Case(
        id="c",
        no="N-1",
        matter="m",
        definition="d",
        state="s",
        entered_at=at("2026-09-01"),
        parties={},
        form={"a": 1},
        received_at=at("2026-09-01"),
        materials_at=at("2026-09-01"),
    )
    assert replace(case, seq=7, state="t") == dataclasses.replace(case, seq=7, state="t")
    with pytest.raises(dataclasses.FrozenInstanceError):
        replace(case, seq=7).seq = 8  # type: ignore[misc]
