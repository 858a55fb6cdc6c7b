"""Good definition files with one thing changed, and what the catalogue says to that."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workflow.catalog.loader import Catalog, examine, load
from workflow.errors import BadDefinition
from workflow.texts import shipped_definitions

GOOD = Path(__file__).with_name("good")
"""Definitions without a fault, which stay as they are while the shipped ones change."""

Planted = Callable[[str, str, str], list[tuple[str, str]]]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The shipped catalogue; it never changes."""
    return load()


HEARD = Path(__file__).with_name("heard")
"""The same for the whole procedure of a licence: interested parties, hearings, time left out, refusals reported."""


@pytest.fixture
def plant(tmp_path) -> Planted:
    """Change `old` into `new`, once, in a good file; gives the rule of each fault and the line it names, stripped.

    What was changed before in the same test stays changed.
    """
    return planter(GOOD, tmp_path / "good")


@pytest.fixture
def plant_heard(tmp_path) -> Planted:
    """The same in the files of the whole procedure."""
    return planter(HEARD, tmp_path / "heard")


def planter(good: Path, folder: Path) -> Planted:
    """Plants in a copy of `good` at `folder`."""
    shutil.copytree(good, folder)

    def planted(file: str, old: str, new: str) -> list[tuple[str, str]]:
        path = folder / file
        text = (path if path.exists() else shipped_definitions() / file).read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace(old, new), "utf-8")
        try:
            _, found = examine([folder])
            faults = [fault.plain() for fault in found]
        except BadDefinition as refused:
            # The law cannot be read; the file stands in place of the shipped one.
            faults = refused.fields["faults"]
        return [(fault["rule"], _line(path, fault)) for fault in faults]

    return planted


def _line(planted: Path, fault: dict[str, Any]) -> str:
    named = Path(fault["file"])
    path = named if named.exists() else planted
    return path.read_text("utf-8").splitlines()[fault["line"] - 1].strip()
