"""Rosters imported on both databases: all or none, row by row, once however often, and by whoever may."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from tests.conftest import START
from tests.integration.transfers import FILER, FORM, MATERIALS, MATTER, shipped
from workflow.demo.people import id_number
from workflow.domain import authority, chain
from workflow.domain.commands import PUBLIC
from workflow.domain.evolve import fold
from workflow.engine import filings as many
from workflow.engine.banjie import Banjie
from workflow.engine.handle import case_id_for
from workflow.exchange.roster.checking import check
from workflow.exchange.roster.columns import columns_of
from workflow.exchange.roster.importing import commands_of, import_rows, noted_before
from workflow.exchange.roster.matter import directory_today, matter_today
from workflow.exchange.roster.reading import read
from workflow.exchange.roster.rows import Filer
from workflow.storage import tables
from workflow.storage.codec import canonical, encode_case
from workflow.storage.faults import TryAgain
from workflow.storage.store import open_store
from workflow.testing.forms import filled_form
from workflow.testing.rosters import write_roster

ON = date(2026, 9, 7)


def people(count, seed=1):
    """So many sound filings, each of another person."""
    rng = Random(seed)
    return [
        {
            "form": {
                **FORM,
                "name": f"王{number}",
                "id_number": id_number(rng, date(1980, 1, 1) + timedelta(days=number), female=True),
            },
            "materials": MATERIALS,
        }
        for number in range(count)
    ]


class Ministry:
    """Files rosters on an installation."""

    def __init__(self, store, folder):
        self.banjie = Banjie(store=store, catalog=shipped())
        self.store = store
        self.folder = folder
        self.files = 0

    def write(self, filings, code=MATTER):
        self.files += 1
        path = self.folder / f"roster-{self.files}.xlsx"
        matter = shipped().matter(code)
        write_roster(path, matter, columns_of(matter, matter.order("form")), filings)
        return path

    def checked(self, path, code=MATTER, *, by=None, letter=None):
        matter, on = matter_today(self.banjie, code)
        directory = directory_today(self.banjie, matter)
        filer = Filer(by, on) if by else None
        return check(read(path), matter, columns_of(matter), directory, filer=filer, letter=letter)

    def commands(self, checked, code=MATTER, by=FILER):
        return commands_of(
            checked.rows, code, by, lambda content: hashlib.sha256(canonical(content)).hexdigest()
        )

    def imports(self, path, code=MATTER, *, by=FILER, letter=None, **how):
        checked = self.checked(path, code, letter=letter)
        return import_rows(self.banjie, checked, self.commands(checked, code, by), **how)

    def count(self, table):
        with self.store.read() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def ministry(store, tmp_path):
    return Ministry(store, tmp_path)


def statuses(results):
    return [one.status for one in results]


# --- all or none -----------------------------------------------------------------------------------------------------


def test_all_rows_are_filed_with_number_and_code_in_the_order_of_the_file(ministry, monkeypatch):
    monkeypatch.setattr(many, "AT_ONCE", 3)
    results = ministry.imports(ministry.write(people(8)), letter="水人函〔2026〕7号")

    assert statuses(results) == ["filed"] * 8
    assert [one.no for one in results] == [f"JWDG-2026-{number:05d}" for number in range(1, 9)]
    assert all(len(one.query_code) == 10 for one in results)
    assert [one.row for one in results] == list(range(3, 11))
    for number, one in enumerate(results):
        case_id = ministry.store.case_id(one.no)
        case = ministry.store.case(case_id)
        assert (case.letter, case.channel, case.state) == ("水人函〔2026〕7号", "roster", "internal_review")
        assert ministry.store.personal_values(case_id)["form.name"] == f"王{number}"


def test_each_case_is_what_its_events_come_to_and_each_chain_is_whole(ministry):
    for one in ministry.imports(ministry.write(people(3))):
        case_id = ministry.store.case_id(one.no)
        history = ministry.store.history(case_id)
        again = fold(((event, envelope.actor) for envelope, event in history), case_id=case_id)
        assert encode_case(again) == encode_case(ministry.store.case(case_id))
        assert [envelope.hash for envelope, _ in history] == [chain.link(envelope) for envelope, _ in history]


def test_one_faulty_row_keeps_all_from_being_filed(ministry):
    filings = people(3)
    filings[1]["form"]["name"] = "王" * 61
    results = ministry.imports(ministry.write(filings))

    assert statuses(results) == ["held_back", "refused", "held_back"]
    assert [fault.rule for fault in results[1].faults] == ["forms.maxLength"]
    assert ministry.count(tables.cases) == 0


def test_rights_are_judged_when_the_rows_run_and_then_nothing_is_left_behind(ministry, monkeypatch):
    """The check judged no right; the import does, row by row, after the first rows have been written."""
    monkeypatch.setattr(many, "AT_ONCE", 1)
    filings = people(3)
    filings[2]["parties"] = {"unit": "talent-market"}
    results = ministry.imports(ministry.write(filings))

    assert statuses(results) == ["held_back", "held_back", "refused"]
    assert [fault.error.code for fault in results[2].faults] == ["not_authorised"]
    assert {ministry.count(table) for table in (tables.cases, tables.events, tables.commands)} == {0}
    assert ministry.count(tables.number_counters) == 0


def test_a_dry_run_says_what_would_be_and_writes_nothing(ministry):
    results = ministry.imports(ministry.write(people(3)), dry_run=True)

    assert statuses(results) == ["would_be_filed"] * 3
    assert {one.no for one in results} == {""}
    assert ministry.count(tables.cases) == ministry.count(tables.number_counters) == 0


def test_when_the_database_asks_to_try_again_all_of_it_is_tried_again(ministry, monkeypatch):
    monkeypatch.setattr(many, "AT_ONCE", 2)
    planned, failures = many.planned, iter([None, None, TryAgain(reason="a busy moment")])

    def at_times(*given):
        if (failure := next(failures, None)) is not None:
            raise failure
        return planned(*given)

    monkeypatch.setattr(many, "planned", at_times)
    results = ministry.imports(ministry.write(people(5)))

    assert [one.no for one in results] == [f"JWDG-2026-{number:05d}" for number in range(1, 6)]
    assert ministry.count(tables.cases) == 5


# --- row by row ------------------------------------------------------------------------------------------------------


def test_row_by_row_what_can_be_filed_is_filed(ministry, monkeypatch):
    monkeypatch.setattr(many, "AT_ONCE", 2)
    filings = people(5)
    filings[1]["form"]["accompanying"] = 12
    filings[3]["parties"] = {"unit": "talent-market"}
    results = ministry.imports(ministry.write(filings), per_row=True)

    assert statuses(results) == ["filed", "refused", "filed", "refused", "filed"]
    assert [one.faults[0].plain()["rule"] for one in results if one.faults] == [
        "forms.maximum",
        "not_authorised",
    ]
    assert ministry.count(tables.cases) == 3


def test_headings_that_are_wrong_stop_every_row(ministry, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("form.name,nonsense\n王华,1\n", "utf-8")

    assert statuses(ministry.imports(path, per_row=True)) == ["refused"]


# --- again -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("per_row", [False, True])
def test_imported_again_it_files_nothing(ministry, per_row):
    path = ministry.write(people(4))
    first = ministry.imports(path, per_row=per_row)
    events = ministry.count(tables.events)
    second = ministry.imports(path, per_row=per_row)

    assert statuses(second) == ["repeated"] * 4
    assert [(one.no, one.query_code) for one in second] == [(one.no, one.query_code) for one in first]
    assert ministry.count(tables.events) == events


def test_a_corrected_file_files_what_is_new_and_tells_the_rest_as_repeated(ministry):
    filings = people(4)
    filings[2]["form"]["accompanying"] = 12
    ministry.imports(ministry.write(filings), per_row=True)
    filings[2]["form"]["accompanying"] = 2
    results = ministry.imports(ministry.write([*reversed(filings), *people(1, seed=2)]))

    assert statuses(results) == ["repeated", "filed", "repeated", "repeated", "filed"]
    assert ministry.count(tables.cases) == 5


def test_other_materials_or_another_letter_do_not_file_the_row_twice(ministry):
    filings = people(2)
    first = ministry.imports(ministry.write(filings), letter="甲函1号")
    filings[0]["materials"] = MATERIALS[:3]
    results = ministry.imports(ministry.write(filings), letter="甲函1号")

    assert statuses(results) == ["refused", "repeated"]
    assert [fault.rule for fault in results[0].faults] == ["roster.fault.filed_otherwise"]
    assert first[0].no in results[0].faults[0].text("en")
    assert ministry.count(tables.cases) == 2


def test_two_imports_at_once_file_each_row_once(ministry, tmp_path):
    filings = people(30)
    files = [ministry.write(filings), ministry.write(list(reversed(filings)))]
    ministry.imports(ministry.write(people(1, seed=9)))  # the definition is kept, the counter is there
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(ministry.imports, files)

    assert {one.no for one in first} == {one.no for one in second}
    assert sorted(set(statuses(first) + statuses(second))) == ["filed", "repeated"]
    assert ministry.count(tables.cases) == 31


def test_a_check_notes_what_was_filed_and_who_has_an_open_case(ministry):
    filings = people(2)
    nos = [one.no for one in ministry.imports(ministry.write(filings))]
    filings[1]["form"]["receiving_post"] = "工程师"
    checked = ministry.checked(ministry.write([*filings, *people(1, seed=2)]), by=FILER)
    notes = list(noted_before(ministry.banjie, checked, ministry.commands(checked), FILER))

    assert checked.sound
    assert [(note.cell, note.rule, note.fields["no"]) for note in notes] == [
        ("3:3", "roster.fault.filed_before", nos[0]),
        ("B4", "roster.fault.person_has_case", nos[1]),
    ]


# --- every matter ----------------------------------------------------------------------------------------------------

PUBLISHED = sorted(code for code, matter in shipped().matters.items() if matter.audience == "public")


def filer_of(definition, directory):
    """Somebody who may file the matter."""
    for holding in directory.holdings:
        parties = authority.parties_of(definition, holding.person, {}, directory, ON)
        right = authority.may_file(definition, parties, actor=holding.person, directory=directory, on=ON)
        if isinstance(right, authority.Allowed):
            return holding.person
    assert PUBLIC in definition.filed_by
    return PUBLIC


@pytest.mark.parametrize("code", PUBLISHED)
def test_every_matter_from_template_to_cases(code, sqlite_url, tmp_path):
    store = open_store(sqlite_url)
    store.create_clock("stepped", START)
    ministry = Ministry(store, tmp_path)
    matter = shipped().matter(code)
    who = filer_of(matter.definition, shipped().directory)
    rng = Random(code)
    filings = [
        {"form": filled_form(matter.definition, rng, ON), "materials": tuple(matter.definition.materials)}
        for _ in range(6)
    ]
    filings = list({canonical(filing["form"]): filing for filing in filings}.values())
    path = ministry.write(filings, code)
    checked = ministry.checked(path, code, by=who)
    results = ministry.imports(path, code, by=who)

    assert [fault.text("en") for fault in checked.faults if fault.severity == "fault"] == []
    assert statuses(results) == ["filed"] * len(filings)
    assert statuses(ministry.imports(path, code, by=who)) == ["repeated"] * len(filings)
    for one, filing in zip(results, filings, strict=True):
        case_id = store.case_id(one.no)
        kept = store.case(case_id).form
        personal = store.personal_values(case_id)
        for name, value in filing["form"].items():
            if name not in matter.definition.personal:
                assert kept[name] == value
            else:
                told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                assert personal[f"form.{name}"] == told
    store.close()


def test_a_key_of_a_row_makes_the_id_of_its_case(ministry):
    checked = ministry.checked(ministry.write(people(1)))
    (command,) = ministry.commands(checked).values()

    assert command.case_id == case_id_for(FILER, command.key)
