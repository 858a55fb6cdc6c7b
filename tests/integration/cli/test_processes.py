"""`banjie` as a process of its own: what is imported, what becomes of its signals, its pipes and its crashes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.integration.transfers import FILER, MATTER, Transfers
from workflow.storage.store import open_store
from workflow.testing.quotas import allot_samples
from workflow.testing.waiting import wait_until

BANJIE = [sys.executable, "-m", "workflow.cli.main"]
PATIENCE = 60


@pytest.fixture
def env(empty_home):
    return {**os.environ, "BANJIE_HOME": str(empty_home), "BANJIE_LANG": "en", "PYTHONUNBUFFERED": ""}


def call(env, *words, **more):
    return subprocess.run(
        [*BANJIE, *words], env=env, capture_output=True, text=True, timeout=PATIENCE, check=False, **more
    )


def test_a_command_line_does_what_it_does_in_process(env, filing):
    filed = call(env, "case", "submit", MATTER, "--file", str(filing()), "--json")
    assert filed.returncode == 0
    no = json.loads(filed.stdout)["no"]

    assert no in call(env, "case", "show", no).stdout
    refused = call(env, "case", "act", no, "dance", "--as", FILER)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("action_not_available: ")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["deadline", "add", "2026-09-30", "20wd", "--json"]]
)
def test_quick_commands_import_neither_database_nor_broker(env, words):
    script = f"""
import sys
from workflow.cli.main import run
code = run({words!r})
slow = {{"sqlalchemy", "alembic", "celery", "kombu", "redis", "fastapi", "rich", "psycopg", "transitions"}}
slow &= set(sys.modules)
assert code == 0 and not slow, (code, slow)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_a_reader_that_goes_away_is_no_error_to_talk_about(env):
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [*BANJIE, "--help"], env=env, stdout=writing, stderr=subprocess.PIPE, text=True
    )
    os.close(reading)
    os.close(writing)

    _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (1, "")


def test_ctrl_c_is_130_without_a_word(env, tmp_path):
    fifo = tmp_path / "never.yaml"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [*BANJIE, "case", "submit", MATTER, "--file", str(fifo)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # This returns when the command has opened its end, and nothing will ever be written.
    writing = os.open(fifo, os.O_WRONLY)
    process.send_signal(signal.SIGINT)

    out, err = process.communicate(timeout=PATIENCE)
    os.close(writing)
    assert (process.returncode, out, err) == (130, "", "")


def test_what_nobody_foresaw_is_one_line_and_a_log(env, empty_home):
    script = """
import sys
import workflow.cli.opening
from workflow.cli.main import run
def broken(*_, **__): raise RuntimeError("two\\nlines")
workflow.cli.opening.open_banjie = broken
sys.exit(run(["case", "list"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(
        "internal: Something went wrong inside the program (RuntimeError: two lines)"
    )
    log = empty_home / "log" / "cli.log"
    assert "RuntimeError" in log.read_text("utf-8")
    assert "two" not in log.read_text("utf-8")
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_worker_does_what_is_automatic_and_stops_when_told(env, empty_home):
    assert call(env, "db", "upgrade").returncode == 0
    store = open_store(f"sqlite:///{empty_home / 'banjie.db'}")
    allot_samples(store.engine)
    process = subprocess.Popen(
        [*BANJIE, "worker", "--workers", "1"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        # No broker was named and none is brought along: the pulse finds the work without it.
        no = reported_up(store)
        wait_until(lambda: state(store, no) == "acceptance", PATIENCE, what="the pre-check by the system")
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
        store.close()
    assert process.returncode == 0


def test_a_worker_says_in_one_line_why_it_cannot_start(env):
    done = call(env, "worker")

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("database_unavailable: ")


def reported_up(store):
    """A case that now waits for the system; gives its number."""
    transfers = Transfers(store)
    transfers.settle = lambda: None
    no = transfers.file()
    transfers.act(no, "pan-haiyan", "endorse", text="符合条件")
    transfers.act(no, "jiang-yuanbo", "approve_report")
    transfers.act(no, "shui-qingqing", "report_up", letter="水人函〔2026〕7号", signer="江远波")
    return no


def state(store, no):
    return store.case(store.case_id(no)).state
