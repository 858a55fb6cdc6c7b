"""The walls of the house: what may import what, how long a file may be, and what nobody may do.

Every rule is a function from a file's text to its faults, and is tried here on a sample that breaks it, so no rule can
fall silent.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("workflow", "workers", "portal")
LONGEST = 400

# What the domain may import: nothing here does I/O, reads a clock, or is different the second time.
PURE = frozenset(
    re.findall(
        r"\w+",
        """__future__ abc bisect calendar collections contextlib copy dataclasses datetime decimal enum fractions functools
        hashlib heapq hmac itertools json math operator re string textwrap types typing unicodedata zoneinfo""",
    )
)
CLOCK_READS = frozenset(
    {"now", "utcnow", "today", "time_ns", "monotonic", "perf_counter", "uuid1", "uuid4", "uuid7"}
)
CANVAS = frozenset({"chain", "chord", "group", "celery.chain", "celery.chord", "celery.group"})


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def faults(check: Callable[[str], list[str]], paths: Iterator[Path]) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{fault}" for path in paths for fault in check(path.read_text("utf-8"))]


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def called(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of every call, as written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def impure_imports(text: str) -> list[str]:
    return [
        f"{line}: imports {name}, which is not in PURE"
        for line, name in imported(ast.parse(text))
        if name.split(".")[0] not in PURE
        and not name.startswith(("workflow.domain", "workflow.errors"))
        and name != "transitions"
    ]


def clock_reads(text: str) -> list[str]:
    return [
        f"{line}: calls {name}()"
        for line, name in called(ast.parse(text))
        if name.split(".")[-1] in CLOCK_READS or name == "time.time" or name.startswith("random.")
    ]


def sleeps(text: str) -> list[str]:
    """`sleep` is sought as a name, so an alias or `from time import sleep` does not hide it."""
    return [
        f"{line}: calls {name}()" for line, name in called(ast.parse(text)) if "sleep" in name.split(".")[-1]
    ]


def celery_timers(text: str) -> list[str]:
    tree = ast.parse(text)
    options = [
        f"{node.value.lineno}: passes {node.arg}= to a task"
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in {"countdown", "eta"}
    ]
    keys = [
        f"{node.lineno}: names the option {node.value!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in ("countdown", "eta")
    ]
    canvas = [
        f"{line}: builds a canvas or waits for a result with {name}()"
        for line, name in called(tree)
        if name in CANVAS or name.endswith("AsyncResult")
    ]
    return options + keys + canvas


def excuses(text: str) -> list[str]:
    """Skips and expected failures: a test either holds or is not there."""
    names = re.compile(
        r"^(unittest\.|pytest\.)(mark\.)?(skip|skipif|skipIf|skipUnless|xfail|importorskip|expectedFailure)$"
    )
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and names.match(ast.unparse(node))
    ]


def too_long(text: str) -> list[str]:
    lines = text.count("\n")
    return [f"{lines}: lines; past {LONGEST} a file has two jobs"] if lines > LONGEST else []


def index_addresses(text: str) -> list[str]:
    """Anything that would tie a lock to one package index: an address, an index option, a direct reference."""
    forbidden = re.compile(r"(?i)\w+://|--(extra-)?index|--find-links|--trusted-host|^-[if] | @ ")
    return [f"{number}: {line}" for number, line in enumerate(text.splitlines(), 1) if forbidden.search(line)]


def two_jobs(name: str) -> bool:
    """Whether a file name says nothing about what is inside."""
    return bool(re.search(r"(^|_)(utils?|helpers?|managers?|misc|commons?)(_|\.py$)", name))


@pytest.mark.parametrize(
    ("check", "broken", "sound"),
    [
        (impure_imports, "import os", "from datetime import date"),
        (impure_imports, "from sqlalchemy import select", "from transitions import Machine"),
        (impure_imports, "from workflow.storage import tables", "from workflow.domain.case import Case"),
        (impure_imports, "from . import case", "import collections.abc"),
        (clock_reads, "datetime.now(tz)", "now.astimezone(tz)"),
        (clock_reads, "d = datetime.date.today()", "today = case.today"),
        (clock_reads, "uuid.uuid4()", "uuid.UUID(text)"),
        (clock_reads, "random.choice(x)", "choose(x)"),
        (clock_reads, "time.time()", "datetime.combine(day, time(23), tz)"),
        (sleeps, "time.sleep(1)", "clock.step(1)"),
        (sleeps, "from time import sleep\nsleep(1)", "asleep = 1"),
        (celery_timers, "look.apply_async((1,), countdown=5)", "look.apply_async((1,))"),
        (celery_timers, "options = {'eta': due}", "options = {'queue': 'work'}"),
        (celery_timers, "chain(a, b)", "itertools.chain(a); match.group(1)"),
        (
            excuses,
            "@pytest.mark.skip\ndef test(): ...",
            "@pytest.mark.parametrize('a', [1])\ndef test(a): ...",
        ),
        (excuses, "pytest.importorskip('docker')", "pytest.fail('no docker')"),
        (too_long, "\n" * 401, "\n" * 400),
        (index_addresses, "https://example.org/simple", "celery==5.7.0 \\"),
        (index_addresses, "--index-url x", "    --hash=sha256:00"),
        (index_addresses, "a @ file:///a.whl", "a==1 ; sys_platform == 'linux'"),
    ],
)
def test_each_rule_finds_its_fault_and_only_that(check, broken, sound):
    assert check(broken)
    assert not check(sound)


def test_imports_follow_the_arrows():
    # A process of its own: the linter switches off every logger of the one it runs in.
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_of_the_engine_has_a_place_in_the_arrows():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    placed = set(re.findall(r"[\w.]+", " ".join(contracts[0]["layers"])))

    there = {
        f"workflow.{path.stem}"
        for path in (ROOT / "workflow").iterdir()
        if path.suffix == ".py" or is_package(path)
    }

    assert there - {"workflow.__init__"} <= placed


def is_package(path: Path) -> bool:
    return (path / "__init__.py").exists()


def test_no_file_is_longer_than_one_job():
    assert faults(too_long, sources(*PACKAGES, "tests", "benchmarks")) == []


def test_files_say_in_their_name_what_they_do():
    assert [str(path) for path in sources(*PACKAGES, "tests", "benchmarks") if two_jobs(path.name)] == []
    assert two_jobs("string_utils.py")
    assert not two_jobs("case_commands.py")


def test_the_domain_imports_nothing_that_does_io():
    assert faults(impure_imports, sources("workflow/domain")) == []


def test_the_domain_reads_no_clock_and_makes_no_ids():
    assert faults(clock_reads, sources("workflow/domain")) == []


def test_nothing_in_the_tests_sleeps():
    assert faults(sleeps, sources("tests")) == []


def test_nothing_in_the_tests_is_excused():
    assert faults(excuses, sources("tests")) == []


def test_no_celery_message_carries_a_time():
    assert faults(celery_timers, sources("workers")) == []


def test_locks_name_no_index():
    locks = sorted((ROOT / "requirements").glob("*.txt"))

    assert len(locks) == 6
    assert faults(index_addresses, iter(locks)) == []
