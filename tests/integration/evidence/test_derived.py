"""Whatever is altered, added or removed by hand in a table made from events is found and named, on both databases."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import Boolean, Date, Integer, LargeBinary, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from tests.integration.evidence.world import Record
from workflow.evidence.derived import CHECKED, ELSEWHERE, KEYS, UNTOLD
from workflow.evidence.verify import Flaw
from workflow.evidence.walk import walk
from workflow.storage import tables as t
from workflow.storage.columns import Instant
from workflow.storage.tables import metadata

REGISTERED = {"blob_salts", "notifications", "desk_runs", "bulk_items"}
"""Tables with the id of a case that are no record of it: salts, outboxes, runs."""


@pytest.fixture
def record(store):
    return Record(store)


@pytest.fixture
def no(store, record):
    """A transfer from its filing to the archive, in a database whose owner has done away with what protects its rows."""
    no = record.whole()
    catalogue = {
        "sqlite": "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger"
        " WHERE NOT tgisinternal",
    }
    with store.engine.begin() as connection:
        for statement in connection.execute(text(catalogue[store.dialect])).scalars().all():
            connection.execute(text(statement))
    return no


@pytest.fixture
def look(store, record):
    def look(no=None):
        return walk(store, no=no, figures=record.figures)

    return look


def rows_of(store, table, case_id):
    with store.read() as connection:
        found = connection.execute(
            select(table).where(table.c.case_id == case_id).order_by(*table.primary_key)
        )
        rows = [dict(row) for row in found.mappings()]
    # What a letter asks of its cases goes back to no event of the case; see the test of its own.
    return [row for row in rows if table.name != "jobs" or row["kind"] == "automatic"]


def run(store, statement):
    """Whether the database lets its owner do it."""
    try:
        with store.engine.begin() as connection:
            connection.execute(statement)
    except DBAPIError:
        return False
    return True


def another(column, value):
    """Something else that the column takes."""
    if isinstance(column.type, Boolean):
        return not value
    if isinstance(column.type, Integer):
        return (value or 0) + 1
    if isinstance(column.type, Date):
        return date(2027, 1, 2)
    if isinstance(column.type, Instant):
        return datetime.fromisoformat("2027-01-02T00:00:00+00:00")
    if isinstance(column.type, LargeBinary):
        return b"\x00" * 32
    return f"{value or ''}x"


def key_of(table, row):
    return [table.c[name] == row[name] for name in KEYS[table.name]]


def test_a_whole_record_is_whole_and_fills_every_table(store, record, no, look):
    report = look()

    assert report.broken == []
    assert report.opened > 0
    assert report.rows > 50
    filled = {name for name, table in CHECKED.items() if rows_of(store, table, store.case_id(no))}
    assert set(CHECKED) - filled == {"case_exclusions"} & (set(CHECKED) - filled)


def test_every_table_of_a_case_is_looked_at_or_is_no_record():
    of_cases = {table.name for table in metadata.sorted_tables if "case_id" in table.columns}

    assert of_cases - set(CHECKED) - ELSEWHERE <= REGISTERED


def test_whatever_is_altered_is_named(store, no, look):
    case_id = store.case_id(no)
    tried = refused = 0
    for name, table in CHECKED.items():
        for row in rows_of(store, table, case_id)[:1]:
            for column in table.columns:
                if column.name in (*KEYS[name], *UNTOLD.get(name, ()), "case_id"):
                    continue
                if (name, column.name) == ("jobs", "done_at"):
                    continue  # told by no event where a job was called for no more
                forged = another(column, row[column.name])
                if not run(store, update(table).where(*key_of(table, row)).values({column.name: forged})):
                    refused += 1
                    continue
                tried += 1
                found = {(one.table, one.field) for one in look(no).broken}
                assert found == {(name, column.name)}, (name, column.name)
                assert run(store, update(table).where(*key_of(table, row)).values(row))
    assert look(no).broken == []
    assert tried > 60
    assert refused < tried


def test_whatever_is_removed_is_named(store, no, look):
    case_id = store.case_id(no)
    for name, table in CHECKED.items():
        for row in rows_of(store, table, case_id)[:1]:
            assert run(store, delete(table).where(*key_of(table, row))), name
            (broken,) = look(no).broken
            assert (broken.table, broken.flaw, broken.field) == (name, Flaw.TABLE, "")
            assert broken.expected
            assert run(store, insert(table).values(row))
    assert look(no).broken == []


def test_whatever_is_added_is_named(store, no, look):
    case_id = store.case_id(no)
    for name, table in CHECKED.items():
        for row in rows_of(store, table, case_id)[:1]:
            changed = {
                column: row[column] + 900 if isinstance(row[column], int) else f"{row[column]}x"
                for column in KEYS[name]
                if column not in ("case_id", "actor")
            }
            if name in ("case_facts", "commands", "documents"):
                continue  # one row a case; the others below, and a document number is the country's
            added = {**row, **changed}
            assert run(store, insert(table).values(added)), name
            (broken,) = look(no).broken
            assert (broken.table, broken.flaw, broken.expected) == (name, Flaw.TABLE, "")
            assert run(store, delete(table).where(*key_of(table, added)))


def test_a_job_that_no_letter_of_the_case_asks(store, no, look):
    jobs = t.jobs.c
    asked = update(t.jobs).where(jobs.case_id == store.case_id(no), jobs.kind == "reply")
    assert run(store, asked.values(action="水人函〔2026〕99号"))

    (broken,) = look(no).broken
    assert (broken.table, broken.field) == ("jobs", "")


def test_a_command_that_never_was(store, no, look):
    case_id = store.case_id(no)
    forged = {
        "actor": "gu-weimin",
        "key": "never",
        "request_hash": b"x",
        "case_id": case_id,
        "seq": 3,
        "accepted_at": datetime.fromisoformat("2026-09-07T01:00:00+00:00"),
    }
    assert run(store, insert(t.commands).values(forged))

    (broken,) = look().broken
    assert (broken.table, broken.seq, broken.key) == ("commands", 3, "actor=gu-weimin, key=never")


def test_a_personal_value_must_open_its_commitment(store, no, look):
    assert run(
        store, update(t.personal_values).where(t.personal_values.c.field == "form.name").values(value="李四")
    )

    (broken,) = look().broken
    assert (broken.flaw, broken.no, broken.seq) == (Flaw.VALUE, no, 1)
    assert "form.name" in broken.key
    assert "李四" not in repr(broken)


def test_an_erased_value_is_told_as_erased(store, no, look):
    before = look()
    assert run(store, delete(t.personal_values).where(t.personal_values.c.field == "form.name"))

    after = look()
    assert after.broken == []
    assert (after.opened, after.erased) == (before.opened - 1, 1)


def test_a_value_that_nobody_gave(store, no, look):
    row = rows_of(store, t.personal_values, store.case_id(no))[0]
    assert run(store, insert(t.personal_values).values({**row, "field": "form.nickname"}))

    (broken,) = look().broken
    assert broken.flaw is Flaw.VALUE


def test_a_walk_that_was_stopped_goes_on_after_the_last_case(store, record, look):
    for number in range(5):
        record.file(f"case-{number}")
    whole = look()
    stops = []

    def stop(report):
        stops.append((report.cases, report.after))
        if len(stops) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        walk(store, chunk=1, on_chunk=stop)
    begun = type(whole)(cases=stops[-1][0], after=stops[-1][1], events=0)
    rest = walk(store, begun=begun)

    assert rest.cases == whole.cases == 5
    assert 0 < rest.events < whole.events
    assert rest.after == whole.after


def test_a_walk_from_a_case_on(store, record):
    for number in range(4):
        record.file(f"case-{number}")
    ids = store.case_ids()

    assert walk(store, since=ids[2]).cases == 2


def test_memory_does_not_grow_with_the_cases(store, record, monkeypatch):
    for number in range(6):
        record.file(f"case-{number}")
    sizes = []
    from workflow.evidence import walk as walking  # noqa: PLC0415

    together = walking._together
    monkeypatch.setattr(
        walking, "_together", lambda asked, ids: (sizes.append(len(ids)), together(asked, ids))[1]
    )

    assert walk(store, chunk=2).cases == 6
    assert sizes == [2, 2, 2]
