"""`banjie audit`, `case export` and `export` from the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import text

from tests.integration.evidence.world import Record

SLOW = """
import sys, time
from workflow.evidence import walk
together = walk._together
walk._together = lambda store, ids: (time.sleep(0.3), together(store, ids))[1]
from workflow.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture
def no(transfers):
    return transfers.file("one")


def test_a_sound_record_and_one_that_is_not(banjie, store, no):
    told = banjie("audit", "verify", "--json").json
    assert (told["ok"], told["cases"], told["broken"]) == (True, 1, [])
    assert told["rows"] > 0
    assert told["values"]["opened"] > 0

    with store.engine.begin() as connection:
        connection.execute(text("UPDATE work_items SET post = 'approver' WHERE closed_at IS NULL"))

    said = banjie("audit", "verify", "--json")
    assert (said.code, said.err) == (1, "")
    (broken,) = said.json["broken"]
    assert (broken["no"], broken["table"], broken["field"], broken["found"]) == (
        no,
        "work_items",
        "post",
        "approver",
    )
    assert "work_items" in banjie("audit", "verify").out


def test_a_walk_that_is_killed_goes_on_where_it_was(banjie, home, transfers):
    for key in ("a", "b", "c", "d"):
        transfers.file(key)
    assert banjie("audit", "verify", "--resume", "--json").error["code"] == "nothing_to_resume"
    env = {**os.environ, "BANJIE_HOME": str(home)}
    progress = home / "audit" / "verify.json"
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "audit", "verify", "--chunk", "1"], env=env, stdout=subprocess.DEVNULL
    )
    while not progress.exists() and process.poll() is None:
        os.sched_yield()
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = json.loads(progress.read_text())["report"]["cases"]
    assert 0 < done < 4

    told = banjie("audit", "verify", "--resume", "--chunk", "1", "--json").json
    assert (told["ok"], told["cases"]) == (True, 4)
    assert not progress.exists()


def test_heads_are_written_and_compared(banjie, no, tmp_path):
    written = banjie("audit", "heads", "--out", tmp_path / "heads", "--json").json
    assert (written["cases"], len(written["root"])) == (1, 64)
    assert banjie("audit", "verify", "--against", tmp_path / "heads", "--json").json["heads"] == 1
    assert banjie("audit", "verify", "--against", tmp_path / "none", "--json").error["code"] == "bad_evidence"


def test_a_dossier_from_the_command_line(banjie, no, tmp_path):
    path = tmp_path / "d.zip"
    made = banjie("case", "export", no, "--out", path, "--json").json
    told = banjie("audit", "verify", path, "--json").json
    assert (told["ok"], told["no"], told["manifest"], told["parts"]) == (
        True,
        no,
        made["manifest"],
        made["parts"],
    )

    path.write_bytes(path.read_bytes().replace(b"FilingSubmitted", b"FilingSubmittee"))
    said = banjie("audit", "verify", path)
    assert said.code == 1
    assert "events.jsonl" in said.out
    assert banjie("audit", "verify", path, "--resume").code == 2


def test_a_sample_is_drawn_by_an_auditor_and_proved(banjie, store):
    nos = [Record(store).whole()]
    month = months(store)[0]
    words = ("audit", "sample", "--month", month, "--size", 1, "--seed", "s", "--stratify", "organ", "--json")
    assert banjie(*words, "--as", "zhou-mingli").error["code"] == "not_authorised"
    drawn = banjie(*words, "--as", "tie-ruyun").json
    assert (drawn["population"], len(drawn["drawn"]), drawn["seed"]) == (1, 1, "s")
    assert drawn["drawn"][0]["no"] in nos
    assert banjie(*words, "--as", "ruan-qing").json["id"] == drawn["id"]
    assert [one["id"] for one in banjie("audit", "samples", "--json").json["samples"]] == [drawn["id"]]
    assert banjie("audit", "prove", drawn["id"], "--json").json["ok"]
    assert drawn["id"] in banjie("audit", "samples").out

    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM case_facts WHERE no = :no"), {"no": drawn["drawn"][0]["no"]})
    proved = banjie("audit", "prove", drawn["id"], "--json")
    assert (proved.code, proved.json["same_population"]) == (1, False)


def months(store):
    """The months in which cases were concluded."""
    with store.read() as connection:
        return list(
            connection.execute(text("SELECT DISTINCT month FROM case_facts ORDER BY month")).scalars()
        )


def test_an_event_log_from_the_command_line(banjie, home, no, tmp_path):
    for kind in ("xes", "ocel", "csv", "cloudevents"):
        told = banjie("export", kind, "--out", tmp_path / kind, "--json").json
        assert told["cases"] == 1
        assert told["events"] > 1
    assert (home / "pseudonym.secret").stat().st_mode & 0o077 == 0
    assert (tmp_path / "csv").read_bytes() == again(banjie, tmp_path)
    assert banjie("export", "csv", "--out", tmp_path / "x", "--from", "yesterday").code == 2


def again(banjie, tmp_path):
    banjie("export", "csv", "--out", tmp_path / "again")
    return (tmp_path / "again").read_bytes()
