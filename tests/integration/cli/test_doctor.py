"""`banjie doctor` and `banjie db`: what is wrong is said with how to mend it, and told by the exit code."""

from __future__ import annotations

import pytest

from tests.integration.transfers import MATTER, TO_THE_NOTICE, Transfers
from workflow.storage.schema import WANTED
from workflow.storage.store import open_store
from workflow.testing.quotas import allot_samples


@pytest.fixture
def checks(banjie):
    """Runs the doctor; gives the exit code and the checks by name."""

    def call():
        said = banjie("doctor", "--json")
        told = said.json
        assert told["ok"] is (said.code == 0)
        return said.code, {check["name"]: check for check in told["checks"]}

    return call


@pytest.fixture
def real(empty_home, banjie):
    """A store on real time, made by `banjie db upgrade`."""
    assert banjie("db", "upgrade").code == 0
    store = open_store(f"sqlite:///{empty_home / 'banjie.db'}")
    allot_samples(store.engine)
    yield store
    store.close()


@pytest.fixture
def waiting(real):
    """A case on which the system has something to do; gives its number."""
    transfers = Transfers(real)
    transfers.settle = lambda: None
    no = transfers.file()
    for person, action, fields in TO_THE_NOTICE[:3]:
        transfers.act(no, person, action, **fields)
    return no


def test_a_fresh_home_is_well_and_stays_untouched(checks, empty_home):
    code, found = checks()

    assert code == 0
    assert set(found) == {
        "python",
        "home",
        "disk",
        "sqlite",
        "definitions",
        "zones",
        "database",
        "broker",
    }
    assert found["database"]["verdict"] == "note"
    assert not empty_home.exists()


def test_a_home_in_use_is_well(checks, home):
    code, found = checks()

    assert code == 0
    assert {name for name, check in found.items() if check["verdict"] == "well"} >= {
        "database",
        "clock",
        "work",
        "parked",
    }
    assert found["clock"]["found"].startswith("步进时间")


def test_people_are_told_line_by_line_how_to_mend(banjie, home, monkeypatch):
    monkeypatch.setenv("BANJIE_BROKER_URL", "redis://127.0.0.1:1/0")
    said = banjie("doctor")

    assert said.code == 1
    assert "[错] 消息代理  redis://127.0.0.1:1/0 连不上" in said.out
    assert "处理：查看消息代理是否在运行" in said.out
    assert said.out.endswith("有 1 处不对\n")


def test_a_password_is_not_told(banjie, home, monkeypatch):
    monkeypatch.setenv("BANJIE_BROKER_URL", "redis://:geheim@127.0.0.1:1/0")

    assert "geheim" not in banjie("doctor").out


def test_an_old_schema_is_to_be_upgraded_after_a_backup(checks, home, store):
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    code, found = checks()

    assert (code, found["database"]["verdict"]) == (1, "wrong")
    assert "banjie db upgrade" in found["database"]["mend"]


def test_a_database_that_is_none(checks, empty_home):
    empty_home.mkdir()
    (empty_home / "banjie.db").write_text(
        "this is not a database, though it is long enough to look like one" * 20
    )

    code, found = checks()

    assert (code, found["database"]["verdict"]) == (1, "wrong")


def test_a_server_that_is_away(checks, empty_home, monkeypatch):
    monkeypatch.setenv("BANJIE_DATABASE_URL", "postgresql://banjie:geheim@127.0.0.1:1/banjie")

    code, found = checks()

    assert (code, found["database"]["verdict"]) == (1, "wrong")
    assert "geheim" not in str(found)
    assert "sqlite" not in found


def test_faulty_definitions_are_told_with_the_first_fault(checks, home, tmp_path, monkeypatch):
    (tmp_path / "own" / "matters").mkdir(parents=True)
    (tmp_path / "own" / "matters" / "odd.yaml").write_text("matter: odd\n")
    monkeypatch.setenv("BANJIE_DEFINITIONS", str(tmp_path / "own"))

    code, found = checks()

    assert (code, found["definitions"]["verdict"]) == (1, "wrong")
    assert "odd.yaml:1:1" in found["definitions"]["found"]


def test_a_home_that_cannot_be_written(checks, empty_home, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)

    code, found = checks()

    assert (code, found["home"]["verdict"]) == (1, "wrong")


def test_work_that_is_due_this_moment_is_well(checks, waiting):
    code, found = checks()

    assert (code, found["work"]["verdict"]) == (0, "well")


def test_work_that_nobody_does_is_wrong(checks, real, waiting):
    with real.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE jobs SET due_at = '2026-01-05T01:00:00.000000Z'")

    code, found = checks()

    assert (code, found["work"]["verdict"]) == (1, "wrong")
    assert "2026-01-05 01:00:00" in found["work"]["found"]
    assert "banjie worker" in found["work"]["mend"]


def test_on_a_stepped_clock_time_waits_for_the_work(checks, transfers):
    transfers.settle = lambda: None
    no = transfers.file()
    for person, action, fields in TO_THE_NOTICE[:3]:
        transfers.act(no, person, action, **fields)

    assert checks()[0] == 0


def test_what_was_parked_is_told_with_its_case_and_can_be_released(banjie, checks, real, waiting):
    assert real.failed(real.case_id(waiting), "ValueError: boom", attempts=1)

    code, found = checks()
    assert (code, found["parked"]["verdict"]) == (1, "wrong")
    assert waiting in found["parked"]["found"]
    assert "boom" in found["parked"]["found"]
    assert f"banjie doctor --release {waiting}" in found["parked"]["mend"]

    assert banjie("doctor", "--release", waiting).code == 0
    assert checks()[0] == 0
    assert real.parked() == []
    assert banjie("doctor", "--release", "X").err.startswith("unknown_case: ")


def test_upgrading_makes_a_database_on_real_time_and_repeating_it_changes_nothing(banjie, empty_home):
    first = banjie("db", "upgrade", "--json").json
    second = banjie("db", "upgrade", "--json").json

    assert (first["before"], first["schema"], first["clock"]) == (None, WANTED, "real")
    assert second == {**first, "before": WANTED}
    assert banjie("db", "upgrade").out.startswith("已是所需结构")


def test_upgrading_leaves_a_simulated_clock_alone(banjie, home):
    assert banjie("db", "upgrade", "--json").json["clock"] == "stepped"


def test_verifying_is_told_to_people_and_to_programs(banjie, home, filing):
    banjie("case", "submit", MATTER, "--file", filing())

    said = banjie("audit", "verify")
    assert said.code == 0
    assert said.out.startswith("核验了 1 个办件、2 个事件、6 行：全部完整，未被改动")
    assert said.err == ""
    told = banjie("audit", "verify", "--json").json
    assert (told["ok"], told["cases"], told["events"], told["broken"]) == (True, 1, 2, [])


def test_a_tampered_event_is_named_and_the_exit_code_says_so(banjie, home, store, filing):
    no = banjie("case", "submit", MATTER, "--file", filing(), "--json").json["no"]
    banjie("case", "submit", MATTER, "--file", filing(), "--key", "other")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER events_no_update")
        connection.exec_driver_sql(
            "UPDATE events SET actor = 'x' WHERE seq = 2 AND case_id = (SELECT id FROM cases WHERE no = ?)",
            (no,),
        )

    said = banjie("audit", "verify")
    assert said.code == 1
    assert said.out.startswith(f"{no} 第 2 个事件：内容与其哈希不符，已被改动")
    told = banjie("audit", "verify", "--json")
    assert told.code == 1
    (broken,) = told.json["broken"]
    assert (broken["no"], broken["seq"], broken["flaw"]) == (no, 2, "altered")
    assert "altered" in banjie("--lang", "en", "audit", "verify", "--case", no).out
