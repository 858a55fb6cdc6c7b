"""`banjie replay` on a slice of the real log: both verdicts, every difference explained, and bad input writes nothing.

What the slice should give is reckoned here a second time, with nothing of ours: lxml, zoneinfo and a sum.
"""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from workflow.cli.main import run
from workflow.storage.store import open_store
from workflow.texts import shipped_definitions

SLICE = Path(__file__).parents[1] / "data" / "receipt-slice.xes.gz"
MAP = shipped_definitions() / "maps" / "wabo-receipt.yaml"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")

Replay = Callable[..., tuple[int, str, str]]


@pytest.fixture
def replay(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Replay:
    """Runs the command in a folder of its own; gives exit code, output and what was said beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BANJIE_LANG", "en")

    def replay(*words: str | Path) -> tuple[int, str, str]:
        code = run(["replay", *(str(word) for word in words)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return replay


def expected() -> dict[str, Any]:
    """The slice by hand: eight weeks on the wall clock of Amsterdam against the log's own deadline."""
    with gzip.open(SLICE) as file:
        traces = [trace for trace in etree.parse(file).getroot() if str(trace.tag).endswith("trace")]
    told: dict[str, Any] = {
        "cases": len(traces),
        "concluded": 0,
        "by_log": set(),
        "by_rule": set(),
        "equal": 0,
    }
    for trace in traces:
        said = {child.get("key"): child.get("value") for child in trace}
        began, deadline = (datetime.fromisoformat(said[key]) for key in ("startdate", "deadline"))
        local = began.astimezone(AMSTERDAM).replace(tzinfo=None) + timedelta(weeks=8)
        due = local.replace(tzinfo=AMSTERDAM)
        told["equal"] += abs(due.timestamp() - deadline.timestamp()) < 60
        if "enddate" in said:
            told["concluded"] += 1
            ended = datetime.fromisoformat(said["enddate"]).timestamp()
            if ended > deadline.timestamp():
                told["by_log"].add(said["concept:name"])
            if ended >= due.timestamp():
                told["by_rule"].add(said["concept:name"])
    return told


def test_the_slice_of_the_real_log_on_both_databases(
    replay: Replay, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANJIE_DATABASE_URL", database_url)
    code, out, err = replay(SLICE, "--map", MAP, "--json")
    assert (code, err) == (0, "")
    told, by_hand = json.loads(out), expected()

    assert told["cases"] == by_hand["cases"] == 30
    assert told["concluded"] == by_hand["concluded"] == 29
    assert told["late_by_log"] == len(by_hand["by_log"])
    assert told["late_by_rule"] == len(by_hand["by_rule"])
    assert {case["case"] for case in told["disagreements"]} == by_hand["by_log"] ^ by_hand["by_rule"]
    assert told["due_dates"]["compared"] == 30
    assert told["due_dates"]["equal"] == by_hand["equal"]

    assert told["classes"] == Counter(case["class"] for case in told["disagreements"])
    assert set(told["classes"]) == {
        "deadline_on_another_rule",
        "extended_without_logged_extension",
        "shorter_than_the_rule",
        "time_out_without_logged_hold",
    }
    assert set(told["due_dates"]["classes"]) == set(told["classes"]) | {
        "day_of_receipt",
        "minute_of_the_day",
        "mistyped_year",
        "rest_day",
        "time_out_with_logged_hold",
    }
    assert sum(told["due_dates"]["classes"].values()) == 30 - told["due_dates"]["equal"]
    (extensive,) = (case for case in told["disagreements"] if case["length"] == "26w")
    assert (extensive["case"], extensive["rule"]) == ("case-9089", "nl.wabo.extensive")

    # Every case that is late by the rule has a red card, and none has without being so.
    assert told["red_cards"] == {
        "late": len(by_hand["by_log"] & by_hand["by_rule"]),
        "in_time": len(by_hand["by_rule"] - by_hand["by_log"]),
        "open": told["findings"]["red"] - told["late_by_rule"],
        "unlike": [],
    }
    assert told["findings"]["yellow"] == 0
    for case in told["disagreements"]:
        assert (case["nearest"] is None) is (case["beyond"] is None)
        assert case["rule"] is None or case["nearest"] is None

    assert told["log_events"] == 186
    assert told["commands"] == 186 + 30 + 29
    assert told["moved"] == 7
    assert told["folded"] == 30
    store = open_store(database_url)
    recorded = sum(len(store.history(case_id)) for case_id in store.case_ids())
    store.close()
    assert told["events"] == recorded


def test_without_a_database_of_its_own_it_leaves_nothing_behind(replay: Replay, tmp_path: Path) -> None:
    code, out, err = replay(SLICE, "--map", MAP, "--limit", "3", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["cases"] == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["Late by the rule alone", "Another rule", "Every case folded again"]),
        ("zh-CN", ["仅按规则超期", "适用另一期限", "均与现状完全一致"]),
    ],
)
def test_people_read_a_table_in_their_language(
    replay: Replay, monkeypatch: pytest.MonkeyPatch, lang: str, words: list[str]
) -> None:
    monkeypatch.setenv("BANJIE_LANG", lang)
    code, out, err = replay(SLICE, "--map", MAP, "--limit", "12")
    assert (code, err) == (0, "")
    for word in words:
        assert word in out


def refusal(told: tuple[int, str, str]) -> str:
    """The one line of an error, which is all there is."""
    code, out, err = told
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    return err


def test_bad_input_is_one_line_with_its_code_and_nothing_is_written(
    replay: Replay, tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANJIE_DATABASE_URL", sqlite_url)
    letter = tmp_path / "letter.xes"
    letter.write_text("Approval of cadres")
    unknown_activity = tmp_path / "activity.xes"
    unknown_activity.write_bytes(gzip.decompress(SLICE.read_bytes()).replace(b"T02 Check", b"T99 Check", 1))
    unknown_action = tmp_path / "action.yaml"
    unknown_action.write_text(MAP.read_text().replace("receipt: confirm_receipt", "receipt: confirm_reciept"))
    unknown_matter = tmp_path / "matter.yaml"
    unknown_matter.write_text(MAP.read_text().replace("environmental-permit-nl", "environmental-permit-de"))

    assert refusal(replay(tmp_path / "nothing.xes", "--map", MAP)).startswith("bad_log: ")
    assert refusal(replay(letter, "--map", MAP)).startswith("bad_log: ")
    assert "T99 Check confirmation of receipt" in refusal(replay(unknown_activity, "--map", MAP))
    assert refusal(replay(SLICE, "--map", tmp_path / "nothing.yaml")).startswith("bad_map: ")
    assert "confirm_reciept" in refusal(replay(SLICE, "--map", unknown_action))
    assert refusal(replay(SLICE, "--map", unknown_matter)).startswith("unknown_matter: ")

    store = open_store(sqlite_url)
    assert store.case_ids() == []
    store.close()


def test_a_database_of_real_time_is_left_alone(
    replay: Replay, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(sqlite_url)
    store.create_clock("real")
    monkeypatch.setenv("BANJIE_DATABASE_URL", sqlite_url)
    assert refusal(replay(SLICE, "--map", MAP)).startswith("conflict: ")
    assert store.case_ids() == []
    store.close()


def test_bad_usage_is_told_apart(replay: Replay) -> None:
    assert replay(SLICE)[0] == 2
    assert replay(SLICE, "--map", MAP, "--limit", "0")[0] == 2
