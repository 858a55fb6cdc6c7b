"""The tutorial `docs/tutorials/add-a-matter.md`, done word by word in an empty folder: commands, files and answers."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from workflow.cli.main import run

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "add-a-matter.md"
FILE = Path("mine/matters/archive-consultation.yaml")


def blocks() -> Iterator[tuple[str, str, str]]:
    """Each block of code with its language and the paragraph before it."""
    text = TUTORIAL.read_text("utf-8")
    for found in re.finditer(r"([^\n]+(?:\n[^\n]+)*)?\n\n```(console|yaml)\n(.*?)```", text, re.DOTALL):
        yield found.group(2), found.group(3), (found.group(1) or "").strip()


def sessions(block: str) -> Iterator[tuple[str, list[str], int]]:
    """Each command of a console block, what its answer holds, and its exit code."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *answer = part.rstrip("\n").split("\n")
        code = next((int(line[6:-1]) for line in answer if line.startswith("[exit ")), 0)
        yield command, [line for line in answer if not line.startswith("[exit ")], code


def replaced(text: str, section: str, block: str) -> str:
    """The file with a section in the place of the one that has its name."""
    changed, count = re.subn(
        rf"^{section}:.*\n(?:[ #].*\n|\n(?=[ ]))*", lambda _: block, text, count=1, flags=re.MULTILINE
    )
    assert count == 1, section
    return changed


@pytest.fixture
def shell(tmp_path, monkeypatch, capsys):
    """Runs the few kinds of command that the tutorial has."""
    monkeypatch.chdir(tmp_path)

    def typed(command: str) -> tuple[int, str]:
        words = shlex.split(command.replace("$PWD", str(tmp_path)))
        match words:
            case ["mkdir", "-p", folder]:
                Path(folder).mkdir(parents=True)
                return 0, ""
            case ["export", setting]:
                monkeypatch.setenv(*setting.split("=", 1))
                return 0, ""
            case ["banjie", *rest]:
                capsys.readouterr()
                code = run(rest)
                said = capsys.readouterr()
                return code, said.out + said.err
        raise AssertionError(f"the tutorial types what the test does not know: {command}")

    return typed


@pytest.mark.timeout(300)
def test_the_tutorial_does_what_it_says(shell):
    commands = 0
    for language, block, before in blocks():
        written = re.search(r"Write `([\w.]+)`", before)
        section = re.search(r"[Rr]eplace the section `(\w+)` by", before)
        if language == "console":
            for command, answer, code in sessions(block):
                got, said = shell(command)
                assert got == code, (command, said)
                for line in answer:
                    assert line in said, (command, said)
                commands += 1
        elif written is not None:
            Path(written.group(1)).write_text(block, "utf-8")
        else:
            assert section is not None, before
            FILE.write_text(replaced(FILE.read_text("utf-8"), section.group(1), block), "utf-8")
    assert commands > 15
