"""Published versions of a matter: which one a filing is pinned to, by its day of receipt, and what cannot be published."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import START
from workflow.catalog.canonical import sealed
from workflow.domain.commands import SubmitFiling
from workflow.engine.handle import case_id_for, handle
from workflow.engine.versions import publish
from workflow.errors import (
    BadInput,
    DefinitionInUse,
    NoVersionInForce,
    UnknownMatter,
    UnknownPerson,
    VersionInUse,
)
from workflow.storage.directory_register import Origin

CODE = "sample-licence"
PERSON = "dong"
TODAY = date(2026, 9, 7)


def edited(office, **changes) -> str:
    """The matter's file is changed; gives the hash that the catalogue has from now on."""
    catalog = office.banjie.catalog
    matter = catalog.matter(CODE)
    definition, content = sealed(replace(matter.definition, **changes))
    changed = replace(matter, definition=definition, canonical=content)
    office.banjie.catalog = replace(catalog, matters={**catalog.matters, CODE: changed})
    return definition.hash


def pinned(office, effective_at: datetime | None = None) -> str:
    """File a case; gives the hash it is pinned to."""
    key = f"filing-{len(office.store.case_ids())}"
    case_id = case_id_for("ella", key)
    handle(
        office.banjie,
        SubmitFiling(
            case_id=case_id,
            key=key,
            actor="ella",
            matter=CODE,
            form={"name": "王小明"},
            materials=("charter", "funds"),
            effective_at=effective_at,
        ),
    )
    office.settle()
    return office.store.case(case_id).definition


def test_without_a_published_version_the_shipped_one_is_used(office):
    assert pinned(office) == office.banjie.catalog.matter(CODE).definition.hash


def test_a_filing_is_pinned_to_the_version_in_force_on_the_day_of_receipt(office):
    first = office.banjie.catalog.matter(CODE).definition.hash
    publish(office.banjie, CODE, since=TODAY, until=None, by=PERSON)
    second = edited(office, closing_time="16:30")
    publish(office.banjie, CODE, since=TODAY + timedelta(days=1), until=None, by=PERSON)

    assert pinned(office) == first
    office.until(START + timedelta(days=1))
    assert pinned(office) == second
    # Received yesterday, entered today.
    assert pinned(office, effective_at=START + timedelta(hours=1)) == first
    # The same instant is one day in Beijing and another in London: Beijing's counts.
    assert pinned(office, effective_at=datetime(2026, 9, 7, 16, 0, tzinfo=UTC)) == second


def test_what_is_edited_but_not_published_is_not_used(office):
    first = office.banjie.catalog.matter(CODE).definition.hash
    publish(office.banjie, CODE, since=TODAY, until=None, by=PERSON)
    edited(office, closing_time="16:30")

    assert pinned(office) == first


def test_before_the_first_version_begins_the_shipped_one_is_used(office):
    publish(office.banjie, CODE, since=TODAY + timedelta(days=30), until=None, by=PERSON)
    shipped = edited(office, closing_time="16:30")

    assert pinned(office) == shipped


def test_a_version_for_some_days_gives_way_to_the_older_one_again(office):
    old = office.banjie.catalog.matter(CODE).definition.hash
    publish(office.banjie, CODE, since=TODAY - timedelta(days=60), until=None, by=PERSON)
    for_a_day = edited(office, closing_time="12:00")
    publish(office.banjie, CODE, since=TODAY, until=TODAY, by=PERSON)

    assert pinned(office) == for_a_day
    office.until(START + timedelta(days=1))
    assert pinned(office) == old


def test_when_the_last_version_has_ended_nothing_can_be_filed(office):
    publish(office.banjie, CODE, since=TODAY - timedelta(days=9), until=TODAY - timedelta(days=1), by=PERSON)

    with pytest.raises(NoVersionInForce):
        pinned(office)


def test_publishing_the_same_twice_changes_nothing(office):
    once = publish(office.banjie, CODE, since=TODAY, until=None, by=PERSON)

    assert publish(office.banjie, CODE, since=TODAY, until=None, by="anna") == once
    assert office.store.versions.publications() == [once]
    assert once.published_at == START


def test_days_on_which_cases_were_filed_under_another_version_are_taken(office):
    pinned(office)
    edited(office, closing_time="16:30")

    with pytest.raises(VersionInUse):
        publish(office.banjie, CODE, since=TODAY, until=None, by=PERSON)
    publish(office.banjie, CODE, since=TODAY + timedelta(days=1), until=None, by=PERSON)


def test_two_versions_cannot_begin_on_one_day(office):
    publish(office.banjie, CODE, since=TODAY, until=None, by=PERSON)
    edited(office, closing_time="16:30")

    with pytest.raises(VersionInUse):
        publish(office.banjie, CODE, since=TODAY, until=None, by=PERSON)
    assert len(office.store.versions.publications(CODE)) == 1


def test_a_stored_definition_is_never_replaced_under_its_hash(office):
    kept = publish(office.banjie, CODE, since=TODAY, until=None, by=PERSON)

    with pytest.raises(DefinitionInUse):
        office.store.versions.publish(
            code=CODE,
            hash_=kept.hash,
            content=b"{}",
            texts=b"{}",
            days=(TODAY + timedelta(days=5), None),
            instants=(START + timedelta(days=5), None),
            origin=Origin(by=PERSON, rule="test"),
        )
    assert office.store.versions.publications() == [kept]


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"code": "nothing"}, UnknownMatter),
        ({"by": "nobody"}, UnknownPerson),
        ({"until": TODAY - timedelta(days=1)}, BadInput),
    ],
)
def test_what_cannot_be_published_is_refused_and_leaves_nothing(office, terms, error):
    given = {"code": CODE, "since": TODAY, "until": None, "by": PERSON} | terms

    with pytest.raises(error):
        publish(office.banjie, given.pop("code"), **given)
    assert office.store.versions.publications() == []
