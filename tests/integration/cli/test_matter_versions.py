"""Versions of a matter from the command line: published, compared, and running cases moved and moved back."""

from __future__ import annotations

import json

import pytest

from tests.integration.transfers import MATTER
from workflow.catalog.loader import load
from workflow.texts import shipped_definitions

PERSON = ("--as", "yan-zhengli")
FILE = f"matters/{MATTER}.yaml"


@pytest.fixture
def edited(tmp_path, monkeypatch, banjie):
    """Brings in the matter's file with the promise for the answer shortened; its catalogue stands from now on."""

    def bring(text="\nclocks:\n  handling: {promise: 19wd}\n"):
        folder = tmp_path / "definitions"
        (folder / "matters").mkdir(parents=True, exist_ok=True)
        shipped = (shipped_definitions() / FILE).read_text("utf-8")
        assert "\nclocks:\n" not in shipped
        (folder / FILE).write_text(shipped + text, "utf-8")
        monkeypatch.setenv("BANJIE_DEFINITIONS", str(folder))
        catalog = load([shipped_definitions(), folder])
        monkeypatch.setattr("workflow.bootstrap.load", lambda _: catalog)
        return folder / FILE

    return bring


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(f"migrate: {MATTER}\nreason: 承诺时限缩短\n", "utf-8")
    return path


def accepted(transfers) -> str:
    no = transfers.file()
    for person, action, fields in (
        ("pan-haiyan", "endorse", {"text": "符合条件"}),
        ("jiang-yuanbo", "approve_report", {}),
        ("shui-qingqing", "report_up", {"letter": "水人函〔2026〕7号", "signer": "江远波"}),
        ("lin-xiaotang", "accept", {}),
    ):
        transfers.act(no, person, action, **fields)
    return no


def test_a_version_is_published_and_listed(banjie, home):
    said = banjie("matters", "publish", MATTER, "--from", "2026-10-01", *PERSON)

    assert said.code == 0
    assert "自 2026-10-01 起施行" in said.out
    (listed,) = banjie("matters", "versions", "--json").json
    assert (listed["code"], listed["valid_from"], listed["valid_to"]) == (MATTER, "2026-10-01", None)
    assert listed["published_by"] == "yan-zhengli"
    assert listed["hash"][:12] in banjie("matters", "versions").out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nothing", "--from", "2026-10-01", *PERSON), "unknown_matter"),
        ((MATTER, "--from", "1 October", *PERSON), "bad_date"),
        ((MATTER, "--from", "2026-10-01", "--to", "2026-09-01", *PERSON), "bad_input"),
        ((MATTER, "--from", "2026-10-01", "--as", "nobody"), "unknown_person"),
    ],
)
def test_what_cannot_be_published_says_why(banjie, home, words, code):
    said = banjie("matters", "publish", *words)

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"{code}: ")


def test_a_file_is_compared_with_what_is_published_in_words(banjie, home, edited):
    banjie("matters", "publish", MATTER, "--from", "2026-09-01", *PERSON)
    path = edited()

    said = banjie("matters", "diff", f"{MATTER}@published", path)

    assert said.code == 0
    assert "期限“办理期限”：20 个工作日 → 19 个工作日" in said.out
    assert "  对申请人：申请人可以更早得到答复" in said.out
    (change,) = banjie("matters", "diff", f"{MATTER}@published", MATTER, "--json").json
    assert (change["part"], change["name"]) == ("clocks", "handling")
    assert change["says"]["en"] == "the period Handling: 20 working days → 19 working days"
    assert banjie("matters", "diff", MATTER, path).out == "没有差别\n"


def test_running_cases_are_moved_and_moved_back(banjie, home, transfers, edited, plan):
    no = accepted(transfers)
    edited()
    version = banjie("matters", "publish", MATTER, "--from", "2026-10-01", *PERSON, "--json").json
    move = ("matters", "migrate", MATTER, "--to", version["hash"][:12], "--plan", plan, *PERSON)

    before = banjie("case", "show", no, "--json").json
    dry = banjie(*move, "--dry-run", "--json")
    assert dry.code == 0
    assert dry.json["dry_run"] is True
    assert banjie("case", "show", no, "--json").json == before
    done = banjie(*move, "--json")
    assert done.json["cases"] == dry.json["cases"]
    (case,) = done.json["cases"]
    (moved,) = case["moves"]
    assert (case["no"], moved["clock"], moved["old"] > moved["new"]) == (no, "handling", True)
    assert banjie("audit", "verify", "--case", no).code == 0
    assert "转入事项的另一版本" in banjie("case", "history", no).out

    back = banjie("matters", "migrate", MATTER, "--undo", "--reason", "方案有误", *PERSON)
    assert (back.code, back.out.splitlines()[-1]) == (0, "已迁移 1 件，不能迁移 0 件")
    clocks = json.loads(banjie("case", "clocks", no, "--json").out)
    assert moved["old"] in json.dumps(clocks)
    assert banjie("audit", "verify", "--case", no).code == 0


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--to", "abc"),
        ("--undo",),
        ("--undo", "--reason", "误", "--to", "abc"),
    ],
)
def test_half_a_command_is_bad_usage(banjie, home, words):
    assert banjie("matters", "migrate", MATTER, *PERSON, *words).code == 2


def test_a_plan_with_faults_is_refused_with_file_and_line(banjie, home, plan):
    plan.write_text(f"migrate: {MATTER}\nreason: 误\nstate: {{a: b}}\n", "utf-8")

    said = banjie("matters", "migrate", MATTER, "--to", "abc", "--plan", plan, *PERSON)

    assert said.code == 1
    assert "plan.yaml:3:1" in said.err
