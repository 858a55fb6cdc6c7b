"""What goes wrong is one line with a code; programs get the same as an object."""

from __future__ import annotations

import json

import pytest
import typer

from workflow.cli.failures import told
from workflow.errors import CaseHasMoved, UnknownCase


@pytest.fixture(autouse=True)
def chinese(monkeypatch, tmp_path):
    monkeypatch.setenv("BANJIE_LANG", "zh-CN")
    monkeypatch.setenv("BANJIE_HOME", str(tmp_path))


def test_a_refusal_is_its_code_and_its_text(capsys):
    assert told(UnknownCase(what="case", name="X-1"), []) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("unknown_case: ")
    assert "X-1" in said.err


def test_programs_get_code_message_and_fields(capsys):
    assert told(CaseHasMoved(version=4, seen=2), ["case", "act", "--json"]) == 1

    error = json.loads(capsys.readouterr().err)["error"]
    assert (error["code"], error["fields"]) == ("case_has_moved", {"version": 4, "seen": 2})
    assert error["message"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), typer.Abort()])
def test_ctrl_c_says_nothing(capsys, stop):
    assert told(stop, []) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("left", "code"), [(SystemExit(3), 3), (SystemExit("x"), 1), (SystemExit(None), 1)])
def test_whoever_leaves_by_itself_leaves_with_its_code(left, code):
    assert told(left, []) == code


def test_what_nobody_foresaw_is_one_line_and_is_kept_in_a_log(capsys, tmp_path):
    with pytest.raises(LookupError) as caught:
        {}["first\nsecond"]

    assert told(caught.value, ["case", "list"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("internal: 程序内部出错（KeyError: 'first\\nsecond'）")
    assert said.count("\n") == 1
    log = (tmp_path / "log" / "cli.log").read_text("utf-8")
    assert "banjie case list" in log
    assert json.loads(log)["trace"].startswith("KeyError(KeyError) at ")
    assert "second" not in log


def test_the_log_keeps_no_value_of_a_command(capsys, tmp_path):
    words = ["window", "handout", "JWDG-2026-00001", "--recipient", "李四", "--note=身份证", "--json"]
    assert told(LookupError("x"), words) == 1

    log = (tmp_path / "log" / "cli.log").read_text("utf-8")
    assert "banjie window handout … --recipient … --note=… --json" in log


def test_a_log_that_cannot_be_written_is_no_second_error(capsys, tmp_path, monkeypatch):
    (tmp_path / "log").write_text("a file where a folder should be")

    assert told(LookupError("x"), []) == 1
    assert "记在 -" in capsys.readouterr().err
