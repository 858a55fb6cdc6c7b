"""The directory in force: proposed by one administrator, confirmed by another, and every case follows at its next step."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError

from tests.conftest import START
from workflow.domain.directory import Absence, Holding, Person
from workflow.domain.directory_rules import ADMINISTRATORS
from workflow.engine.banjie import Banjie
from workflow.engine.directory_changes import cancel, changes_of, confirm, propose, proposed, record
from workflow.errors import (
    AbsenceOver,
    AdministratorsMissing,
    BadDirectory,
    BadInput,
    BanjieError,
    DirectoryMoved,
    DirectoryUnchanged,
    MayNotRecordAbsence,
    NotAuthorised,
    NothingProposed,
    NotSecurityAdministrator,
    NotSystemAdministrator,
    SameAdministrator,
    UnknownAbsence,
    UnknownDirectory,
    UnknownPerson,
)
from workflow.storage import directory_tables as d
from workflow.storage import tables as t
from workflow.testing import sample

TODAY = START.date()
THREE = dict(zip(("sys", "sec", "aud"), ADMINISTRATORS, strict=True))


def with_administrators(directory=None, **also):
    """The directory with the three, and these persons as further handlers."""
    directory = directory or sample.directory()
    people = {code: Person(code=code, name=code) for code in (*THREE, *also)}
    posts = [
        Holding(person=person, kind=kind, organ="office", since=date(2003, 1, 1))
        for person, kind in {**THREE, **also}.items()
    ]
    held = {one.person for one in directory.holdings}
    return replace(
        directory,
        persons={**directory.persons, **people},
        holdings=(*directory.holdings, *(one for one in posts if one.person not in held)),
    )


def another_process(office):
    """An engine as another process has it: nothing is kept yet."""
    return Banjie(store=office.store, catalog=office.banjie.catalog)


@pytest.fixture
def founded(office):
    propose(office.banjie, with_administrators(), by="sys")
    confirm(office.banjie, by="sec")
    return office


def away(person, days=0, ahead=0):
    first = TODAY + timedelta(days=ahead)
    return Absence(person=person, since=first, until=first + timedelta(days=days))


# --- two persons --------------------------------------------------------------------------------------------------------


def test_the_first_directory_is_proposed_and_confirmed_by_two_whom_it_names(office):
    banjie = office.banjie
    with pytest.raises(AdministratorsMissing):
        propose(banjie, replace(sample.directory(), holdings=sample.directory().holdings[:-1]), by="clerk")
    with pytest.raises(NotSystemAdministrator):
        propose(banjie, with_administrators(), by="sec")
    with pytest.raises(UnknownPerson):
        propose(banjie, with_administrators(), by="nobody")
    kept = propose(banjie, with_administrators(), by="sys", note="首次导入")
    assert (kept.number, kept.base, kept.revision, kept.note) == (1, 0, None, "首次导入")
    assert propose(banjie, with_administrators(), by="sys", note="首次导入") == kept
    assert banjie.directory().version == sample.directory().version

    with pytest.raises(SameAdministrator):
        confirm(banjie, 1, by="sys")
    with pytest.raises(NotSecurityAdministrator):
        confirm(banjie, 1, by="aud")
    confirmed = confirm(banjie, by="sec")

    assert (confirmed.confirmed_by, confirmed.revision) == ("sec", 1)
    assert confirm(banjie, 1, by="sec") == confirmed
    assert banjie.directory().version == kept.version
    assert banjie.directory().administrators("audit", TODAY) == ("aud",)
    assert {change.part for change in changes_of(banjie, 1)} == {"persons", "posts"}


def test_later_ones_are_judged_by_the_directory_in_force(founded):
    seized = with_administrators()
    seized = replace(
        seized,
        holdings=tuple(
            replace(one, person="clerk") if one.kind == "system_administrator" else one
            for one in seized.holdings
            if one.person != "clerk"
        ),
    )
    with pytest.raises(NotSystemAdministrator):
        propose(founded.banjie, seized, by="clerk")
    kept = propose(founded.banjie, seized, by="sys")
    assert kept.base == 1
    with pytest.raises(NotAuthorised):
        confirm(founded.banjie, kept.number, by="clerk")
    confirm(founded.banjie, kept.number, by="sec")
    assert founded.banjie.directory().administrators("system", TODAY) == ("clerk",)


def test_what_is_wrong_is_refused(founded):
    banjie = founded.banjie
    with pytest.raises(DirectoryUnchanged):
        propose(banjie, with_administrators(), by="sys")
    with pytest.raises(BadDirectory) as refused:
        both = replace(with_administrators().holdings[0], person="sys", kind="handler")
        propose(
            banjie, replace(with_administrators(), holdings=(*with_administrators().holdings, both)), by="sys"
        )
    assert refused.value.fields["count"] == 1
    with pytest.raises(NothingProposed):
        confirm(banjie, by="sec")
    with pytest.raises(UnknownDirectory):
        confirm(banjie, 7, by="sec")
    with pytest.raises(UnknownDirectory):
        proposed(banjie, 7)


def test_the_database_itself_wants_two_persons(office):
    propose(office.banjie, with_administrators(), by="sys")
    change = update(d.directory_revisions).values(confirmed_by="sys", confirmed_at=START, revision=1)
    with pytest.raises(DBAPIError, match="two_persons"), office.store.engine.begin() as connection:
        connection.execute(change)


# --- one after another --------------------------------------------------------------------------------------------------


def test_of_two_made_from_one_directory_the_second_is_refused_clearly(founded):
    banjie = founded.banjie
    one = propose(banjie, with_administrators(ann="handler"), by="sys")
    two = propose(banjie, with_administrators(bob="handler"), by="sys")
    with pytest.raises(NothingProposed):
        confirm(banjie, by="sec")
    confirm(banjie, two.number, by="sec")

    with pytest.raises(DirectoryMoved) as refused:
        confirm(banjie, one.number, by="sec")
    assert refused.value.fields == {"base": 1, "number": two.number}
    assert "bob" in banjie.directory().persons
    assert "ann" not in banjie.directory().persons


def test_two_imports_and_confirmations_at_once_leave_one_in_force(founded):
    def bring(name):
        banjie = another_process(founded)
        kept = propose(banjie, with_administrators(**{name: "handler"}), by="sys")
        return confirm(banjie, kept.number, by="sec")

    def tried(name):
        try:
            return bring(name)
        except BanjieError as error:
            return error

    names = [f"new{number}" for number in range(6)]
    with ThreadPoolExecutor(len(names)) as pool:
        came = list(pool.map(tried, names))

    refused = [one for one in came if isinstance(one, BanjieError)]
    confirmed = [one for one in came if not isinstance(one, BanjieError)]
    assert {type(one) for one in refused} <= {DirectoryMoved}
    in_force = another_process(founded).directory()
    assert founded.store.directory.revision() == 1 + len(confirmed)
    assert in_force.version == max(confirmed, key=lambda one: one.revision).version
    kept = [one for one in founded.store.directory.kept() if one.revision is not None]
    assert sorted(one.base for one in kept) == [0, *sorted(one.number for one in kept)[:-1]]


def test_absences_at_once_are_all_recorded(founded):
    people = ["anna", "bo", "chen", "dong", "clerk"]
    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(lambda person: record(another_process(founded), away(person), by=person), people))

    assert founded.store.directory.revision() == 1 + len(people)
    assert all(founded.banjie.directory().absent(person, TODAY) for person in people)


# --- cases follow --------------------------------------------------------------------------------------------------------


def test_a_running_case_uses_the_new_directory_at_its_next_step(office):
    """In a process that has kept the old one, and in the version that the event records."""
    other = another_process(office)
    filed = office.file()
    office.act(filed, "clerk", "accept")
    propose(other, with_administrators(newcomer="handler"), by="sys")
    with pytest.raises(UnknownPerson):
        office.act(filed, "newcomer", "order_hearing")
    kept = confirm(other, by="sec")

    office.act(filed, "newcomer", "order_hearing")
    envelope, _ = office.store.history(filed.case_id)[-1]
    assert envelope.facts["directory"] == kept.version


def test_an_absence_counts_at_once_and_in_the_version_of_the_next_event(office):
    before = office.banjie.directory().version
    kept = record(office.banjie, away("anna", days=2), by="anna")
    filed = office.file()

    (envelope, _), *_ = office.store.history(filed.case_id)
    assert envelope.facts["directory"] == office.banjie.directory().version != before
    assert office.banjie.directory().present("office", "handler", TODAY)[0] == "bo"
    cancel(office.banjie, kept.number, by="anna")
    assert office.banjie.directory().version == before
    assert not office.banjie.directory().absent("anna", TODAY)


# --- absences ------------------------------------------------------------------------------------------------------------


def test_who_may_record_an_absence_and_which(founded):
    banjie = founded.banjie
    own = record(banjie, away("anna"), by="anna")
    assert record(banjie, away("anna"), by="anna") == own
    record(banjie, away("bo"), by="hana")
    record(banjie, away("dong"), by="sys")
    with pytest.raises(MayNotRecordAbsence):
        record(banjie, away("clerk"), by="anna")
    with pytest.raises(UnknownPerson):
        record(banjie, away("nobody"), by="sys")
    with pytest.raises(AbsenceOver):
        record(banjie, away("anna", ahead=-3), by="anna")
    with pytest.raises(BadInput):
        record(banjie, away("anna", days=-1, ahead=5), by="anna")
    with pytest.raises(UnknownAbsence):
        cancel(banjie, 99, by="sys")
    with pytest.raises(MayNotRecordAbsence):
        cancel(banjie, own.number, by="clerk")

    assert len(founded.store.directory.absences()) == 3


def test_absences_outlive_a_new_directory_and_come_with_one(founded):
    banjie = founded.banjie
    record(banjie, away("anna", days=9), by="anna")
    new = replace(banjie.directory(), absences=(*banjie.directory().absences, away("bo", days=3)))
    new = with_administrators(new, ann="handler")
    kept = propose(banjie, new, by="sys")
    record(banjie, away("chen", days=1), by="chen")
    confirm(banjie, kept.number, by="sec")

    in_force = another_process(founded).directory()
    assert {one.person for one in in_force.absences} == {"anna", "bo", "chen"}
    assert "ann" in in_force.persons
    recorded = {one.absence.person: one.recorded_by for one in founded.store.directory.absences()}
    assert recorded == {"anna": "anna", "bo": "sys", "chen": "chen"}


# --- what stays -----------------------------------------------------------------------------------------------------------


def test_the_log_tells_who_did_what_by_which_rule(founded):
    record(founded.banjie, away("anna"), by="hana")

    deeds = [(deed.actor, deed.act, deed.subject, deed.rule) for deed in founded.store.directory.deeds()]
    assert deeds == [
        ("hana", "absence.recorded", "anna", "absence.head"),
        ("sec", "directory.confirmed", "1", "administration.security"),
        ("sys", "directory.proposed", "1", "administration.system"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        update(d.administration).values(actor="x"),
        delete(d.administration),
        update(d.directory_revisions).values(body=b"{}"),
        update(d.directory_revisions).values(confirmed_by="x"),
        delete(d.directory_revisions),
        update(d.absences).values(person="x"),
        update(d.absences).values(until=date(2030, 1, 1)),
        delete(d.absences),
    ],
    ids=str,
)
def test_nothing_that_was_confirmed_recorded_or_logged_can_be_changed(founded, change):
    record(founded.banjie, away("anna"), by="anna")
    with pytest.raises(DBAPIError), founded.store.engine.begin() as connection:
        connection.execute(change)


def test_one_directory_at_most_follows_another(founded):
    kept = propose(founded.banjie, with_administrators(ann="handler"), by="sys")
    confirm(founded.banjie, kept.number, by="sec")
    row = {"number": 9, "base": 1, "version": "v", "body": b"", "absences": b"[]", "note": ""}
    told = {
        "proposed_by": "a",
        "proposed_at": START,
        "confirmed_by": "b",
        "confirmed_at": START,
        "revision": 9,
    }
    with pytest.raises(DBAPIError), founded.store.engine.begin() as connection:
        connection.execute(insert(d.directory_revisions).values(**row, **told))


def test_an_older_revision_can_still_be_read(founded):
    record(founded.banjie, away("anna"), by="anna")

    fresh = another_process(founded)
    assert fresh.directory(0) == sample.directory()
    assert not fresh.directory(1).absences
    assert fresh.directory(2).absent("anna", TODAY)
    with founded.store.read() as connection:
        assert connection.execute(t.installation.select()).one().directory_revision == 2


def test_the_version_in_an_event_leads_to_the_directory_it_was_decided_by(founded):
    record(founded.banjie, away("anna"), by="anna")
    filed = founded.file()
    record(founded.banjie, away("bo"), by="bo")

    (envelope, _), *_ = founded.store.history(filed.case_id)
    version, _, revision = envelope.facts["directory"].partition("+")
    then = another_process(founded).directory(int(revision))
    assert version == founded.store.directory.kept()[0].version
    assert (then.absent("anna", TODAY), then.absent("bo", TODAY)) == (True, False)


def test_a_process_keeps_a_few_revisions_and_can_read_any(founded):
    people = ["anna", "bo", "chen", "dong", "clerk", "hana"]
    for number, person in enumerate(people, 2):
        record(founded.banjie, away(person), by=person)
        assert founded.banjie.directory() is founded.banjie.directory(number)

    for number, person in enumerate(people, 2):
        then = founded.banjie.directory(number)
        assert then.absent(person, TODAY)
        assert len(then.absences) == number - 1
