"""What machines ask of the portal: alive, ready or why not, and how much waits."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from portal.app import app
from portal.standby import Standby
from workflow.bootstrap import bootstrap
from workflow.config import Settings
from workflow.storage.store import open_store


@pytest.fixture
def waiting(tmp_path):
    """A portal whose database is not there."""
    settings = Settings.from_environment({"BANJIE_HOME": str(tmp_path / "home")})
    with TestClient(app(Standby(lambda: bootstrap(settings))), raise_server_exceptions=False) as browser:
        yield browser


def test_ready_when_everything_is(client):
    assert client.get("/healthz").json() == {"alive": True}
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "checks": {"catalogue": "ok", "database": "ok", "schema": "ok"}}


def test_without_a_database_it_lives_is_not_ready_and_says_why(waiting, tmp_path):
    assert waiting.get("/healthz").status_code == 200
    answer = waiting.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert "banjie db upgrade" in answer.json()["checks"]["database"]
    assert not (tmp_path / "home").exists()


def test_without_a_database_the_guides_are_read_and_the_rest_says_sorry(waiting):
    assert waiting.get("/").status_code == 200
    assert waiting.get("/matters/transfer-into-beijing").status_code == 200

    page = waiting.get("/notices")
    assert page.status_code == 503
    assert "暂时不能服务" in page.text
    assert "banjie.db" not in page.text
    assert page.headers["retry-after"] == "30"

    problem = waiting.get("/api/v1/notices")
    assert problem.status_code == 503
    assert problem.json()["code"] == "database_unavailable"
    assert "banjie.db" not in problem.text
    assert "banjie_database_up 0.0" in waiting.get("/metrics").text


def test_a_server_that_does_not_answer_is_told(tmp_path):
    settings = Settings.from_environment(
        {"BANJIE_HOME": str(tmp_path), "BANJIE_DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:1/none"}
    )
    with TestClient(app(Standby(lambda: bootstrap(settings))), raise_server_exceptions=False) as browser:
        answer = browser.get("/readyz")
        page = browser.get("/statistics")

    assert answer.status_code == 503
    assert "secret" not in answer.text
    assert page.status_code == 503


def test_an_empty_database_is_not_ready(tmp_path):
    settings = Settings.from_environment({"BANJIE_HOME": str(tmp_path)})
    made = open_store(settings.database_url)
    with made.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    made.close()
    with TestClient(app(Standby(lambda: bootstrap(settings))), raise_server_exceptions=False) as browser:
        answer = browser.get("/readyz")

    assert answer.status_code == 503
    assert "banjie db upgrade" in " ".join(answer.json()["checks"].values())


def numbers(client):
    """What stands at /metrics, by name and labels."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        name: float(value)
        for name, value in (
            line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")
        )
    }


def test_the_gauges(client, transfers):
    transfers.file()
    transfers.days(8)

    found = numbers(client)

    assert found["banjie_database_up"] == 1
    assert found["banjie_oldest_due_seconds"] == found["banjie_relay_lag_seconds"] == 0
    assert found["banjie_jobs_undone"] == found['banjie_queue_depth{queue="jobs"}'] == 0
    assert found['banjie_findings_open{colour="yellow"}'] >= 1
    assert found['banjie_findings_open{colour="red"}'] >= 0
    assert found["banjie_work_parked"] == found["banjie_outcomes_frozen"] == 0
    assert found['banjie_alarms_standing{alarm="work_parked"}'] == 0
    assert found['banjie_process_memory_bytes{part="portal"}'] > 10_000_000


def test_steps_are_timed_once_the_portal_has_the_engine(client, transfers):
    what = 'banjie_step_seconds_count{result="done",what="SubmitFiling"}'
    client.get("/")
    before = numbers(client).get(what, 0)
    transfers.file()

    assert numbers(client)[what] == before + 1
    assert numbers(client)['banjie_request_seconds_count{route="/",status="200"}'] >= 1


def test_no_label_holds_an_id_or_a_person(client, transfers):
    no = transfers.file()
    transfers.days(8)
    text = client.get("/metrics").text

    assert no not in text
    assert transfers.store.case_id(no) not in text
    assert not [person for person in transfers.banjie.catalog.directory.persons if f'"{person}"' in text]


def test_without_its_broker_it_is_able_and_says_what_is_worse(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setenv("BANJIE_HOME", str(tmp_path))
    monkeypatch.setenv("BANJIE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("BANJIE_BROKER_URL", "redis://:geheim@127.0.0.1:1/0")
    made = open_store(sqlite_url)
    made.create_clock("real")
    made.close()
    with TestClient(app(Standby()), raise_server_exceptions=False) as browser:
        answer = browser.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert "a little later" in answer.json()["notes"]["broker"]
    assert "geheim" not in answer.text


def test_a_folder_without_definitions_is_told_by_name(tmp_path, monkeypatch):
    monkeypatch.setenv("BANJIE_HOME", str(tmp_path))
    monkeypatch.setenv("BANJIE_DEFINITIONS", str(tmp_path / "nowhere"))
    with TestClient(app(Standby()), raise_server_exceptions=False) as browser:
        answer = browser.get("/readyz")

    assert answer.status_code == 503
    assert set(answer.json()["checks"]) == {"catalogue"}
    assert "nowhere" in answer.json()["checks"]["catalogue"]
