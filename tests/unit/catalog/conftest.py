"""Good definition files with one thing changed, and what the catalogue says to that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workflow.catalog.loader import Catalog, examine, load
from workflow.texts import shipped_definitions

Planted = Callable[[str, str, str], list[tuple[str, str]]]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The shipped catalogue; it never changes."""
    return load()


@pytest.fixture
def plant(tmp_path) -> Planted:
    """Change `old` into `new`, once, in a shipped file; gives the rule of each fault and the line it names, stripped."""

    def planted(file: str, old: str, new: str) -> list[tuple[str, str]]:
        text = (shipped_definitions() / file).read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        copy = tmp_path / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text.replace(old, new), "utf-8")
        _, faults = examine([shipped_definitions(), tmp_path])
        return [
            (fault.rule, Path(fault.mark.file).read_text("utf-8").splitlines()[fault.mark.line - 1].strip())
            for fault in faults
        ]

    return planted
