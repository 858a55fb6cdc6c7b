"""The office in which the stories are told."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.acceptance.office.office import Office, Said
from workflow.catalog.loader import Catalog
from workflow.cli.embedded import embedded_stack
from workflow.cli.main import run
from workflow.config import Settings
from workflow.engine.banjie import Banjie
from workflow.storage.store import open_store

START = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
"""Monday, 7 September 2026, nine o'clock in Beijing."""


@pytest.fixture
def office(
    catalog: Catalog,
    sqlite_template: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Office]:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(sqlite_template, home / "banjie.db")
    monkeypatch.setenv("BANJIE_HOME", str(home))
    # The catalogue takes a third of a second to read, which a hundred commands need not do each.
    monkeypatch.setattr("workflow.bootstrap.load", lambda _: catalog)

    def call(*words: object, stdin: str = "") -> Said:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    settings = Settings.from_environment({"BANJIE_HOME": str(home)})
    store = open_store(settings.database_url)
    store.create_clock("stepped", START)
    try:
        with embedded_stack(settings) as stack:
            yield Office(call, Banjie(store=store, catalog=catalog), stack, tmp_path)
    finally:
        store.close()
