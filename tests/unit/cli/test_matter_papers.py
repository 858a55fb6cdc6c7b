"""`banjie matters draw`, `guide`, `catalogue`: what lands in the file or on stdout, and what is refused."""

from __future__ import annotations

import json

import pytest
from lxml import etree

from workflow.cli.main import run

LICENCE = "talent-agency-licence"


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    monkeypatch.setenv("BANJIE_LANG", "en")


def said(capfdbinary, *words: str) -> tuple[int, bytes, str]:
    code = run(["matters", *words])
    out, err = capfdbinary.readouterr()
    return code, out, err.decode()


def test_a_chart_in_the_language_asked_for_with_its_current_step(capfdbinary):
    code, out, _ = said(capfdbinary, "draw", LICENCE, "--lang", "zh-CN", "--state", "acceptance")
    drawn = etree.fromstring(out)

    assert code == 0
    assert drawn.findtext("{*}title") == "人才中介服务机构设立审批权力运行流程图"
    assert drawn.xpath("//*[@aria-current='step']/@id") == ["state-acceptance"]


def test_a_narrow_chart_is_narrow(capfdbinary):
    wide = etree.fromstring(said(capfdbinary, "draw", LICENCE)[1])
    narrow = etree.fromstring(said(capfdbinary, "draw", LICENCE, "--narrow")[1])

    assert int(narrow.get("width")) < 430 < int(wide.get("width"))


@pytest.mark.parametrize(
    ("form", "begins"), [("bpmn", b"<?xml"), ("mermaid", b"---\ntitle:"), ("svg", b"<svg")]
)
def test_every_format_into_a_file(capfdbinary, tmp_path, form, begins):
    path = tmp_path / "drawn"
    code, out, err = said(capfdbinary, "draw", LICENCE, "--format", form, "--out", str(path))

    assert (code, out) == (0, b"")
    assert path.read_bytes().startswith(begins)
    assert err == f"{path} written ({path.stat().st_size} bytes)\n"


def test_a_drawing_for_programs(capfdbinary):
    _, out, _ = said(capfdbinary, "draw", LICENCE, "--format", "mermaid", "--on", "2026-09-07", "--json")

    found = json.loads(out)
    assert (found["code"], found["format"], found["lang"], found["on"]) == (
        LICENCE,
        "mermaid",
        "en",
        "2026-09-07",
    )
    assert "stateDiagram-v2" in found["content"]


def test_a_matter_only_for_replay_can_be_drawn_but_has_no_guide(capfdbinary):
    assert said(capfdbinary, "draw", "environmental-permit-nl")[0] == 0
    code, out, err = said(capfdbinary, "guide", "environmental-permit-nl")
    assert (code, out) == (1, b"")
    assert err.startswith("unknown_matter: ")


def test_a_step_that_is_not_there_is_bad_usage_and_the_steps_are_named(capfdbinary):
    code, out, err = said(capfdbinary, "draw", LICENCE, "--state", "nowhere")

    assert (code, out) == (2, b"")
    assert "nowhere" in err
    assert "under_check" in err


@pytest.mark.parametrize("words", [("--lang", "fr"), ("--on", "tomorrow"), ("--format", "png")])
def test_other_bad_usage(capfdbinary, words):
    assert said(capfdbinary, "draw", LICENCE, *words)[0] == 2


def test_guide_and_card_as_page_and_pdf(capfdbinary, tmp_path):
    assert said(capfdbinary, "guide", LICENCE)[1].startswith(b"<!doctype html>")
    assert said(capfdbinary, "guide", LICENCE, "--format", "card")[1].startswith(b"<!doctype html>")
    assert said(capfdbinary, "guide", LICENCE, "--format", "pdf")[1].startswith(b"%PDF-")
    card = tmp_path / "card.pdf"
    assert said(capfdbinary, "guide", LICENCE, "--format", "card", "--out", str(card))[0] == 0
    assert card.read_bytes().startswith(b"%PDF-")


def test_a_guide_for_programs(capfdbinary):
    found = json.loads(said(capfdbinary, "guide", LICENCE, "--json")[1])

    assert found["card"]["code"] == LICENCE
    assert found["steps"][0]["state"] == "received"


def test_the_law_of_the_day_asked_for(capfdbinary):
    today = said(capfdbinary, "guide", LICENCE, "--on", "2026-09-07")[1].decode()

    assert "Made under the rules in force on 7 September 2026" in today


def test_the_catalogue_and_what_it_lacks(capfdbinary):
    _, out, err = said(capfdbinary, "catalogue", "--format", "csv")
    found = json.loads(said(capfdbinary, "catalogue", "--json")[1])

    assert out.decode("utf-8-sig").startswith("Category,Code,Matter,")
    assert "Categories with nothing in them: Functions of the organ" in err
    assert len(found["shelves"]) == 14
    assert "organs" in found["completeness"]["empty"]


def test_a_file_that_cannot_be_written_is_told_in_one_line(capfdbinary, tmp_path):
    code, _, err = said(capfdbinary, "draw", LICENCE, "--out", str(tmp_path / "none" / "a.svg"))

    assert code == 1
    assert err.startswith("bad_input: ")
    assert err.count("\n") == 1
