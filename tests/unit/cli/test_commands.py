"""Every command there is: it can be imported, takes --json, has a help page, and a line about itself in both languages."""

from __future__ import annotations

import pytest

from workflow.cli.commands import MODULES, load
from workflow.cli.main import run
from workflow.texts import LANGUAGES, t

CONTRACT = {
    "demo": [],
    "serve": [],
    "worker": [],
    "db": ["upgrade"],
    "doctor": [],
    "deadline": ["add"],
    "calendar": ["impact", "import", "notices", "publish", "show"],
    "matters": ["check", "list", "show"],
    "case": ["act", "clocks", "history", "show", "submit"],
    "findings": ["list"],
    "replay": [],
    "audit": ["verify"],
    "directory": ["absence", "check", "confirm", "export", "history", "import", "log", "show"],
}
"""The names that outsiders may script against (design §8), as far as they are built."""


def leaves(command, path):
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name, child in below.items():
        yield from leaves(child, (*path, name))


@pytest.mark.parametrize("name", CONTRACT)
def test_the_names_of_the_contract_are_there(name):
    below = getattr(load(name), "commands", {})

    assert set(CONTRACT[name]) <= set(below)


@pytest.mark.parametrize("name", MODULES)
def test_every_command_takes_json_and_explains_itself(name, capsys):
    for path, command in leaves(load(name), (name,)):
        options = {word for param in command.params for word in param.opts}
        assert "--json" in options, path
        assert command.help, path
        assert run([*path, "--help"]) == 0
        said = capsys.readouterr().out
        assert " ".join(path) in said
        assert "completion" not in said
        assert "<str>" not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_has_its_line_on_the_first_page(lang):
    assert all(t(f"cli.commands.{name}", lang) for name in MODULES)


def test_the_first_page_imports_no_command(monkeypatch, capsys):
    monkeypatch.setattr("workflow.cli.commands.import_module", None)

    assert run(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in MODULES)


def test_a_group_without_a_command_shows_its_page_and_is_bad_usage(capsys):
    assert run(["case"]) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert "submit" in said.err


def test_the_version_is_told(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("banjie 0.")
