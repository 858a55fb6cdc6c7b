"""Events say since which schema version they are read; what is new in one that is old is what counts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

from workflow.domain.events import EVENT_TYPES, SCHEMA_VERSION, CaseArchived, Reader, SupplementRequested
from workflow.domain.events.introduced import INTRODUCED, schema_of

NOW = datetime(2026, 9, 7, tzinfo=UTC)


def test_the_versions_that_are_read_are_all_up_to_the_newest():
    assert get_args(Reader) == tuple(range(1, SCHEMA_VERSION + 1))


def test_what_is_listed_exists_and_is_no_newer_than_the_program():
    for name, since in INTRODUCED.items():
        kind, _, field = name.partition(".")
        assert not field or field in EVENT_TYPES[kind].__dataclass_fields__
        assert 1 < since <= SCHEMA_VERSION


def test_an_event_is_as_new_as_the_newest_thing_it_says():
    archived = CaseArchived(at=NOW)

    assert schema_of(archived) == 1
    assert schema_of(archived, {"CaseArchived": 2}) == 2
    assert schema_of(archived, {"CaseRated": 2}) == 1
    asked = SupplementRequested(at=NOW, defects=("a",))
    assert schema_of(asked, {"SupplementRequested.defects": 2}) == 2
    assert schema_of(asked, {"SupplementRequested.at": 1}) == 1
