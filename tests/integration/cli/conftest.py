"""The command line in a home of its own: called in this process as it is from a shell, on a clock that the test moves."""

from __future__ import annotations

import io
import json
import shutil
import sys
from dataclasses import dataclass

import pytest
import yaml
from sqlalchemy import func, select

from tests.conftest import START
from tests.integration.transfers import FILER, FORM, MATERIALS, Transfers, shipped
from workflow.cli.main import run
from workflow.storage import tables
from workflow.storage.store import open_store


@dataclass
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        return json.loads(self.err)["error"]


@pytest.fixture
def empty_home(tmp_path, monkeypatch):
    """A home without anything in it, and nobody's language."""
    home = tmp_path / "home"
    monkeypatch.setenv("BANJIE_HOME", str(home))
    monkeypatch.setenv("BANJIE_LANG", "zh-CN")
    return home


@pytest.fixture
def home(empty_home, sqlite_template):
    """A home with a database on a stepped clock."""
    empty_home.mkdir()
    shutil.copy(sqlite_template, empty_home / "banjie.db")
    store = open_store(f"sqlite:///{empty_home / 'banjie.db'}")
    store.create_clock("stepped", START)
    store.close()
    return empty_home


@pytest.fixture
def banjie(capsys, monkeypatch):
    """Run a command line in this process. The catalogue is read once for all of them, being a third of a second."""
    monkeypatch.setattr("workflow.bootstrap.load", lambda _: shipped())

    def call(*words, stdin=""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


@pytest.fixture
def store(home):
    store = open_store(f"sqlite:///{home / 'banjie.db'}")
    yield store
    store.close()


@pytest.fixture
def transfers(store):
    """The same installation, without the command line in between."""
    return Transfers(store)


@pytest.fixture
def filing(tmp_path):
    """Writes a filing; what is given replaces parts of a sound one, None takes a part away."""

    def write(name="filing.yaml", **changed):
        content = {"as": FILER, "form": FORM, "materials": list(MATERIALS)} | changed
        content = {key: value for key, value in content.items() if value is not None}
        path = tmp_path / name
        text = json.dumps(content) if name.endswith(".json") else yaml.safe_dump(content, allow_unicode=True)
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.fixture
def rows(store):
    """How many rows there are, table by table."""

    def count():
        with store.read() as connection:
            counted = {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in tables.metadata.sorted_tables
            }
        return {name: number for name, number in counted.items() if number}

    return count
