"""What differs between two directories is told entry by entry, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.unit.domain.people import ON, away, directory, held, organ
from workflow.domain.directory import Person
from workflow.domain.directory_changes import differences


def told(before, after):
    return [(change.part, change.how, change.entry) for change in differences(before, after)]


def test_a_directory_differs_in_nothing_from_itself():
    found = directory(held("a"), held("b"), absences=(away("a"),))

    assert differences(found, found) == ()
    assert differences(found, replace(found, version="other", holdings=found.holdings[::-1])) == ()


def test_each_kind_of_entry_is_told():
    before = directory(held("a"), held("b"), absences=(away("a"),))
    persons = {**before.persons, "a": Person(code="a", name="甲"), "new": Person(code="new", name="新")}
    del persons["f"]
    after = replace(
        before,
        organs={**before.organs, "new": organ("new")},
        persons=persons,
        holdings=(held("a", until=date(2021, 1, 1)), held("c")),
        absences=(),
    )

    assert told(before, after) == [
        ("organs", "added", "new"),
        ("persons", "changed", "a"),
        ("persons", "removed", "f"),
        ("persons", "added", "new"),
        ("posts", "changed", "division handler a 2019-01-01"),
        ("posts", "removed", "division handler b 2019-01-01"),
        ("posts", "added", "division handler c 2019-01-01"),
        ("absences", "removed", f"a {ON}..{ON}"),
    ]
