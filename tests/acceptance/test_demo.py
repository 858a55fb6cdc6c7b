"""`banjie demo` as anybody runs it: a process, real workers, a summary; the same seed gives the same figures."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from workflow.errors import BanjieError
from workflow.queries.queue import waiting
from workflow.storage.store import open_store
from workflow.testing.waiting import wait_until

BANJIE = Path(sys.executable).with_name("banjie")


def start(home: Path, *words: str, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [BANJIE, "demo", *words],
        env={**os.environ, "BANJIE_HOME": str(home), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def demo(home: Path, *words: str, **env: str) -> tuple[int, str, str]:
    with start(home, *words, **env) as process:
        said, complained = process.communicate(timeout=100)
    return process.returncode, said, complained


def figures(home: Path, *words: str) -> dict[str, object]:
    code, said, complained = demo(home, "--json", *words)
    assert (code, complained) == (0, "")
    return json.loads(said)


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Mapping[str, object]:
    return figures(tmp_path_factory.mktemp("first"), "--cases", "12", "--seed", "3")


def test_the_json_holds_what_scripts_rely_on(first):
    assert {"cases", "ended", "by_matter", "findings", "events", "seconds"} <= set(first)
    assert {"reminder", "yellow", "red"} <= set(first["findings"])
    for of in first["by_matter"].values():
        assert set(of) == {"cases", "ended", "outcomes"}
        assert sum(of["outcomes"].values()) == of["ended"]


def test_every_case_ends_and_the_work_is_done_by_tasks(first):
    assert first["cases"] == first["ended"] == 12
    assert first["work"]["task"] >= 0.95 * sum(first["work"].values())


def test_the_same_seed_gives_the_same_figures(first, tmp_path):
    again = figures(tmp_path, "--cases", "12", "--seed", "3", "--workers", "1")

    timeless = {
        "seconds",
        "work",
    }  # whose hand did the work depends on the machine; how much there was does not
    assert {k: v for k, v in again.items() if k not in timeless} == {
        k: v for k, v in first.items() if k not in timeless
    }
    assert sum(again["work"].values()) == sum(first["work"].values())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-CN", ("按时办结率", "黄牌", "各项期限", "国家人事行政部")),
        ("en", ("In time:", "yellow", "Its periods")),
    ],
)
def test_people_read_the_summary_in_their_language(tmp_path, language, words):
    code, said, complained = demo(tmp_path, "--cases", "5", BANJIE_LANG=language)

    assert code == 0
    assert str(tmp_path / "demo") in complained
    for word in words:
        assert word in said
    assert "banjie case history" in said


def test_an_interrupted_demonstration_leaves_nobody_behind_and_can_be_repeated(tmp_path):
    with start(tmp_path, "--cases", "100") as process:
        wait_until(lambda: filed(tmp_path), 60, what="the first filings")
        descendants = below(process.pid)
        assert len(descendants) >= 5, "supervisor, broker, relay and two workers"
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate(timeout=20)

    assert process.returncode == 130
    assert said == ""
    assert "Traceback" not in complained
    wait_until(lambda: not any(map(alive, descendants)), 5, what="the end of every process")
    assert figures(tmp_path, "--cases", "3")["ended"] == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--start", "tomorrow"), "bad_date"),
        (("--start", "2031-01-01"), "bad_input"),
        (("--start", "2003-01-06"), "no_rule_in_force"),
    ],
)
def test_what_cannot_be_played_is_refused_in_one_line(tmp_path, words, code):
    returned, said, complained = demo(tmp_path, *words)

    assert (returned, said) == (1, "")
    assert complained.startswith(f"{code}: ")
    assert complained.count("\n") == 1
    assert not (tmp_path / "demo").exists()


def filed(home: Path) -> int:
    """How many cases are open in the demonstration's database by now."""
    file = home / "demo" / "banjie.db"
    if not file.exists():
        return 0
    store = open_store(f"sqlite:///{file}")
    try:
        return len(waiting(store))
    except BanjieError:
        return 0
    finally:
        store.close()


def below(pid: int) -> list[int]:
    """Every process that this one started, and those that they started."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    parents = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    found = [pid]
    for parent in found:
        found += [child for child, above in parents if above == parent]
    return found[1:]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
