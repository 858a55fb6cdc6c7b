"""What a stack says when it cannot start, and how its processes stop when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.integration.workers.conftest import Home, all_pids, is_alive
from workflow.cli.embedded import embedded_stack
from workflow.config import Settings, broker_socket
from workflow.errors import StackFailed
from workflow.testing.waiting import wait_until


def settings_of(home, **env):
    return Settings.from_environment({"BANJIE_HOME": str(home)} | env)


def supervise(settings, *arguments, module="workers.supervisor"):
    """Run a supervisor to its end; gives exit code, stdout, stderr."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **settings.to_environment(), "BANJIE_LANG": "en"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("BANJIE_LANG", "en")


def test_a_second_stack_on_the_same_home_is_refused_and_leaves_the_first_alone(home):
    with embedded_stack(home.settings) as stack:
        with (
            pytest.raises(StackFailed, match=f"process {stack.pids['supervisor']}") as refused,
            embedded_stack(home.settings),
        ):
            pass
        home.wait_until_done(home.file(), timeout=20)

    assert str(home.settings.home) in refused.value.message


def test_a_database_without_tables_is_named_with_what_to_do(tmp_path):
    code, said, complained = supervise(settings_of(tmp_path / "home"))

    assert code == 1
    assert "schema_out_of_date" in said
    assert "banjie db upgrade" in complained
    assert complained.splitlines()[-1].startswith("stack_failed: ")


def test_a_database_that_does_not_answer_is_named(tmp_path):
    away = settings_of(tmp_path / "home", BANJIE_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

    with pytest.raises(StackFailed, match="database_unavailable"), embedded_stack(away):
        pass


def test_faulty_definitions_are_named(home, tmp_path):
    folder = tmp_path / "definitions" / "matters"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text("matter: [\n")
    faulty = settings_of(home.settings.home, BANJIE_DEFINITIONS=str(folder.parent))

    with pytest.raises(StackFailed, match=r"bad_definition.*broken\.yaml"), embedded_stack(faulty):
        pass


@pytest.mark.parametrize(
    ("env", "arguments", "said"),
    [
        ({"BANJIE_BROKER_URL": "amqp://x"}, (), "bad_setting: The setting BANJIE_BROKER_URL is wrong"),
        ({}, ("--workers", "0"), "bad_input: "),
    ],
)
def test_bad_settings_are_one_line(tmp_path, env, arguments, said):
    done = subprocess.run(
        [sys.executable, "-m", "workers.supervisor", *arguments],
        env={**os.environ, "BANJIE_HOME": str(tmp_path), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1


def test_a_home_too_deep_for_a_socket_works(tmp_path):
    deep = Home(settings_of(tmp_path / ("deep" * 30)))
    try:
        with embedded_stack(deep.settings, workers=1) as stack:
            assert len(stack.broker) < 120
            case_ids = deep.file(3)
            deep.wait_until_done(case_ids, timeout=20)
            assert deep.done()["task"] == 3
        assert not broker_socket(deep.settings.home).parent.exists()
    finally:
        deep.store.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_in_order_while_it_is_busy(home, number):
    case_ids = home.file(60)
    with embedded_stack(home.settings) as stack:
        wait_until(lambda: sum(home.done().values()) > 0, 20, what="the work to begin")
        os.kill(stack.pids["supervisor"], number)

        assert stack.process.wait(15) == 0
        assert [pid for pid in all_pids(stack.pids) if is_alive(pid)] == []
        with pytest.raises(StackFailed, match="ended with code 0"):
            stack.check()

    with embedded_stack(home.settings):
        home.wait_until_done(case_ids, timeout=30)
