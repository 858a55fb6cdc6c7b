"""The old version and a newer one side by side on one database and one broker, and one replaced by the other under load."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from tests.integration.workers.conftest import Home, broker_on, children, is_alive
from tests.integration.workers.newer import NEXT, ROOT, Newer, stack_in
from workers.celery_app import publishing_app
from workers.celery_settings import TASK
from workflow.config import Settings
from workflow.domain.commands import TakeAction
from workflow.engine.handle import handle
from workflow.errors import NeedsNewerProgram
from workflow.storage.schema import WANTED
from workflow.testing.waiting import wait_until

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def home(postgres_url, tmp_path):
    env = {
        "BANJIE_HOME": str(tmp_path / "home"),
        "BANJIE_BROKER_URL": f"unix://{tmp_path}/b",
        "BANJIE_DATABASE_URL": postgres_url,
    }
    (tmp_path / "home").mkdir()
    with broker_on(tmp_path / "b"):
        home = Home(Settings.from_environment(env))
        yield home
        home.store.close()


def tries(home, case_ids):
    """How often what is due on these cases was tried, and how much of it is parked."""
    with home.store.read() as connection:
        rows = connection.execute(
            text("SELECT attempts, parked_at FROM jobs WHERE done_at IS NULL AND case_id = ANY(:ids)"),
            {"ids": case_ids},
        ).all()
    return [row.attempts for row in rows], [row.parked_at for row in rows if row.parked_at]


def done(home, case_ids):
    """Which of these cases have been pre-checked; an older program counts rows, since it may not read them."""
    with home.store.read() as connection:
        found = connection.execute(
            text(
                "SELECT case_id, count(*) FROM jobs WHERE done_at IS NOT NULL AND case_id = ANY(:i) GROUP BY 1"
            ),
            {"i": case_ids},
        ).all()
    assert all(count == 1 for _, count in found)
    return {case_id for case_id, _ in found}


def at_work(home):
    with home.store.read() as connection:
        rows = connection.execute(text("SELECT revision FROM programs"))
        return sorted({row.revision for row in rows})


def send_messages_of_a_newer_shape(home, case_id):
    """One that says more than the older version knows, and one of a task that only the newer would know."""
    app = publishing_app(home.settings.broker_url)
    app.send_task(TASK, args=[case_id], kwargs={"why": "newer"})
    app.send_task("banjie.newer", args=[case_id])
    app.close()


def test_one_version_is_replaced_by_the_next_under_load(home, tmp_path):
    env = home.settings.to_environment()
    newer = Newer(tmp_path / "newer", env)
    with stack_in(ROOT, env) as old:
        home.wait_until_done(home.file(5), timeout=60)
        code, said, complained = newer.banjie("db", "upgrade", "--check", "--json")
        assert code == 0, complained
        told = json.loads(said)
        assert [step["revision"] for step in told["steps"]] == [NEXT]
        assert told["found_goes_on"]
        assert newer.banjie("db", "upgrade")[0] == 0

        # Expanded under the old version's feet, and it goes on.
        ours = home.file(5)
        home.wait_until_done(ours, timeout=60)
        assert at_work(home) == [WANTED]

        # Only the old version is there to work: what needs the newer one waits, and nothing else does.
        novel = newer.file(1, 4)
        ours += home.file(5)
        wait_until(lambda: done(home, ours) == set(ours), 60, what="the old version to go on")
        with pytest.raises(NeedsNewerProgram):
            home.store.case(novel[0])
        act = TakeAction(case_id=novel[0], key="k", actor="system", action="accept", fields={})
        with pytest.raises(NeedsNewerProgram):
            handle(home.banjie, act)
        wait_until(lambda: max(tries(home, novel)[0]) <= 1, 20, what="that nothing is counted")
        assert done(home, novel) == set()
        assert tries(home, novel)[1] == []

        with newer.stack() as new:
            wait_until(lambda: done(home, novel) == set(novel), 60, what="the newer version")
            wait_until(lambda: at_work(home) == [WANTED, NEXT], 30, what="both versions")
            novel += newer.file(5, 10)
            ours += home.file(20)
            send_messages_of_a_newer_shape(home, ours[-1])
            wait_until(lambda: done(home, ours + novel) == {*ours, *novel}, 90, what="both versions")
            assert home.store.parked() == []

            old.terminate()
            old.wait(20)
            novel += newer.file(15, 5)
            ours += home.file(5)
            wait_until(
                lambda: done(home, ours + novel) == {*ours, *novel}, 90, what="the newer version alone"
            )
            assert at_work(home) == [NEXT]
            parts = children(new.pid)

    assert (old.returncode, new.returncode) == (0, 0)
    assert [pid for pid in parts if is_alive(pid)] == []
    assert at_work(home) == []
    for process in (old, new):
        assert "case_parked" not in process.said
    assert home.store.quiet()
    code, said, complained = newer.banjie("audit", "verify", "--json")
    assert code == 0, (said, complained)
