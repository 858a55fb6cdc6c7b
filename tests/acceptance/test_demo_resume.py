"""`banjie demo --resume`: killed anywhere and started again, every case ends, nothing happens twice, and the figures are
those of a demonstration that nobody disturbed.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import psycopg
import pytest

from workflow.storage.store import open_store
from workflow.testing.waiting import wait_until

BANJIE = Path(sys.executable).with_name("banjie")
pytestmark = pytest.mark.timeout(400)

CASES = ("--cases", "6", "--seed", "3")
TIMELESS = {"seconds", "work"}
"""How long it took and whose hand did what depends on the machine."""


def start(home, *words, **env):
    return subprocess.Popen(
        [BANJIE, "demo", *words],
        env={**os.environ, "BANJIE_HOME": str(home), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def ended(home, *words, **env):
    with start(home, *words, **env) as process:
        said, complained = process.communicate(timeout=120)
    return process.returncode, said, complained


def figures(home, *words):
    code, said, complained = ended(home, *words, "--json")
    assert (code, complained) == (0, "")
    return json.loads(said)


def events(url):
    """How many events there are by now; 0 as long as nobody can tell."""
    if url.startswith("sqlite:///"):
        try:
            with closing(
                sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True)
            ) as found:
                return found.execute("SELECT count(*) FROM events").fetchone()[0]
        except sqlite3.Error:
            return 0
    try:
        with psycopg.connect(url.replace("+psycopg", "")) as found:
            return found.execute("SELECT count(*) FROM events").fetchone()[0]
    except psycopg.Error:
        return 0


def database(home):
    return f"sqlite:///{home / 'demo' / 'banjie.db'}"


def below(pid):
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    parents = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    found = [pid]
    for parent in found:
        found += [child for child, above in parents if above == parent]
    return found


def killed(home, how, *words, at, url=None, **env):
    """Run it until there are so many events, and kill it: alone, with its group, or with all that it has started."""
    with start(home, *words, "--json", **env) as process:
        wait_until(lambda: events(url or database(home)) >= at, 60, every=0.1, what=f"{at} events")
        if how == "alone":
            process.kill()
        elif how == "group":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            for pid in below(process.pid):
                os.kill(pid, signal.SIGKILL)
        said, _ = process.communicate(timeout=20)
    assert said == ""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return figures(tmp_path_factory.mktemp("whole"), *CASES)


def timeless(told):
    return {name: value for name, value in told.items() if name not in TIMELESS}


def nothing_twice(url, told):
    store = open_store(url)
    try:
        for case_id in store.case_ids():
            history = [envelope for envelope, _ in store.history(case_id)]
            assert [one.seq for one in history] == list(range(1, len(history) + 1))
            acts = [one.command_id for one in history if one.type == "ActionTaken"]
            assert len(acts) == len(set(acts))
            assert [one.type for one in history].count("CaseArchived") == 1
        assert store.quiet()
        assert store.parked() == []
        assert len(store.case_ids()) == told["cases"]
    finally:
        store.close()


@pytest.mark.parametrize(("seed", "hows"), [(1, ["alone"]), (2, ["group", "all"])])
def test_killed_at_a_random_point_it_ends_as_if_nothing_had_happened(tmp_path, whole, seed, hows):
    points = sorted(Random(seed).sample(range(1, whole["events"] - 20), len(hows)))
    for number, (how, at) in enumerate(zip(hows, points, strict=True)):
        killed(tmp_path, how, *(("--resume",) if number else CASES), at=at)

    told = figures(tmp_path, "--resume")

    assert timeless(told) == timeless(whole)
    assert sum(told["work"].values()) == sum(whole["work"].values())
    nothing_twice(database(tmp_path), told)


def test_on_postgresql_too(tmp_path, postgres, whole):
    name = postgres.create()
    url = postgres.url(name)
    env = {"BANJIE_DATABASE_URL": url}
    at = Random(3).randrange(1, whole["events"] - 20)
    killed(tmp_path, "all", *CASES, at=at, url=url, **env)

    code, said, _ = ended(tmp_path, "--resume", "--json", **env)

    assert code == 0
    assert timeless(json.loads(said)) == timeless(whole)
    nothing_twice(url, whole)
    postgres.drop(name)


def test_terminated_it_stops_in_order_and_says_how_to_go_on(tmp_path, whole):
    with start(tmp_path, *CASES, BANJIE_LANG="en") as process:
        wait_until(lambda: events(database(tmp_path)) >= 30, 60, every=0.1, what="30 events")
        everybody = below(process.pid)
        process.terminate()
        said, complained = process.communicate(timeout=20)

    assert (process.returncode, said) == (128 + signal.SIGTERM, "")
    assert complained.splitlines()[-1] == "Stopped. To go on where it was: banjie demo --resume"
    assert [pid for pid in everybody if Path(f"/proc/{pid}").exists()] == []
    assert not list((tmp_path / "demo").glob("*.sock"))

    code, said, complained = ended(tmp_path, "--cases", "2", BANJIE_LANG="en")
    assert code == 0
    assert "6 cases (seed 3) was broken off" in complained
    assert "banjie demo --resume" in complained


@pytest.mark.parametrize(
    ("language", "words", "code", "told"),
    [
        ("en", ("--resume", "--cases", "5"), "bad_input", "begun with 2 cases, not 5"),
        ("zh-CN", ("--resume", "--seed", "8"), "bad_input", "种子为 7，不是 8"),
        ("en", ("--resume", "--start", "2026-09-15"), "bad_input", "not on 2026-09-15"),
        ("zh-CN", ("--resume", "--start", "2026-09-15"), "bad_input", "不是 2026-09-15"),
    ],
)
def test_it_goes_on_with_nothing_else_than_was_begun(begun, language, words, code, told):
    returned, said, complained = ended(begun, *words, BANJIE_LANG=language)

    assert (returned, said) == (1, "")
    assert complained.startswith(f"{code}: ")
    assert told in complained
    assert complained.count("\n") == 1


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    home = tmp_path_factory.mktemp("begun")
    figures(home, "--cases", "2")
    return home


@pytest.mark.parametrize(("language", "told"), [("en", "without --resume"), ("zh-CN", "不带 --resume")])
def test_with_nothing_begun_there_is_nothing_to_go_on_with(tmp_path, language, told):
    returned, said, complained = ended(tmp_path, "--resume", BANJIE_LANG=language)

    assert (returned, said) == (1, "")
    assert complained.startswith("nothing_begun: ")
    assert told in complained
    assert not (tmp_path / "demo").exists()
