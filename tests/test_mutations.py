"""The list of planted bugs does not rot: each can still be planted, and the tests that are to notice it are there.

That they do notice it is tried by `make mutants`, which takes minutes.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutations.catalogue import MUTATIONS
from tests.mutations.mutation import ROOT, Mutation, NotThere, checked, planted

BUG = Mutation(id="bug", file="a.py", old="<=", new="<", breaks="I4", caught_by=("tests",))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.id)
def test_each_can_still_be_planted(mutation):
    assert checked(mutation) != (ROOT / mutation.file).read_text("utf-8")


def test_each_is_noticed_by_tests_that_there_are():
    named = {node for mutation in MUTATIONS for node in mutation.caught_by}
    assert [node for node in sorted(named) if not _there(node)] == []
    assert all(mutation.caught_by and mutation.breaks for mutation in MUTATIONS)


def test_each_has_a_name_of_its_own_and_there_are_enough():
    assert len({mutation.id for mutation in MUTATIONS}) == len(MUTATIONS) >= 50


def test_a_bug_is_planted_at_the_one_place_that_is_meant():
    assert planted(BUG, "a <= b") == "a < b"
    assert planted(_at("second"), "first: a <= b\nsecond: a <= b\n") == "first: a <= b\nsecond: a < b\n"


@pytest.mark.parametrize(
    ("mutation", "text"),
    [
        (BUG, "a < b"),
        (BUG, "a <= b <= c"),
        (Mutation(id="bug", file="a.py", old="<=", new="<=", breaks="I4", caught_by=("tests",)), "a <= b"),
    ],
    ids=("gone", "twice", "nothing new"),
)
def test_a_place_that_is_not_clear_is_refused(mutation, text):
    with pytest.raises(NotThere):
        planted(mutation, text)


@pytest.mark.parametrize("text", ["first: a <= b", "second: a < b", "second: second: a <= b"])
def test_an_anchor_stands_once_and_before_the_place(text):
    with pytest.raises(NotThere):
        planted(_at("second"), text)


def _at(anchor: str) -> Mutation:
    return Mutation(id="bug", file="a.py", after=anchor, old="<=", new="<", breaks="I4", caught_by=("tests",))


def _there(node: str) -> bool:
    name, _, function = node.partition("::")
    path: Path = ROOT / name
    if not path.is_file() or not function:
        return path.is_file()
    tree = ast.parse(path.read_text("utf-8"))
    plain = function.partition("[")[0]
    return any(isinstance(one, ast.FunctionDef) and one.name == plain for one in ast.walk(tree))
