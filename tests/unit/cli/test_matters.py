"""`banjie matters`: what is printed for people and for programs, and the exit codes."""

from __future__ import annotations

import json

import pytest

from workflow.catalog.loader import Catalog, load
from workflow.cli.main import run
from workflow.texts import shipped_definitions

BEIJING = "matters/transfer-into-beijing.yaml"


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    monkeypatch.setenv("BANJIE_LANG", "en")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def said(capsys, *words: str) -> tuple[int, str, str]:
    code = run(["matters", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_list_names_each_matter_with_its_regime_and_provenance(capsys):
    code, out, _ = said(capsys, "list")

    assert code == 0
    line = next(line for line in out.splitlines() if line.startswith("transfer-into-beijing"))
    assert "non-licensing approval" in line
    assert "attested" in line


def test_the_list_for_programs(capsys, catalog):
    code, out, _ = said(capsys, "list", "--json")

    entries = {entry["code"]: entry for entry in json.loads(out)}
    assert code == 0
    assert entries.keys() == catalog.matters.keys()
    assert entries["environmental-permit-nl"]["audience"] == "replay"
    assert entries["transfer-into-beijing"]["title"] == {
        "zh-CN": "京外调干审批",
        "en": "Transfer of cadres into Beijing from outside",
    }


def test_a_matter_is_shown_in_both_languages(capsys, monkeypatch):
    english = said(capsys, "show", "talent-agency-licence")[1]
    monkeypatch.setenv("BANJIE_LANG", "zh-CN")
    chinese = said(capsys, "show", "talent-agency-licence")[1]

    assert "deemed accepted" in english
    assert "Division of Talent Market Administration (sample)" in english
    assert "即为受理" in chinese
    assert "人才中介服务许可证" in chinese


def test_a_matter_for_programs_has_its_definition_and_texts(capsys, catalog):
    code, out, _ = said(capsys, "show", "transfer-into-beijing", "--json")

    shown = json.loads(out)
    assert code == 0
    assert shown["hash"] == catalog.matter("transfer-into-beijing").definition.hash
    assert shown["definition"]["states"]["publicity"]["stage"] == "publicize"
    assert shown["texts"]["zh-CN"]["states.publicity"] == "公示"


def test_an_unknown_matter_is_refused_in_one_line(capsys):
    code, out, err = said(capsys, "show", "nothing")

    assert (code, out) == (1, "")
    assert err.startswith("unknown_matter: ")
    assert err.count("\n") == 1


def test_the_shipped_files_are_found_sound(capsys, catalog):
    code, out, _ = said(capsys, "check")

    assert (code, out) == (0, f"no fault in the definitions: {len(catalog.matters)} matters\n")


def test_each_fault_is_told_with_file_line_rule_and_how_to_mend(capsys, tmp_path):
    path = tmp_path / "transfer-into-beijing.yaml"
    text = (shipped_definitions() / BEIJING).read_text("utf-8")
    path.write_text(text.replace("series: JWDG\n", "series: jwdg\nextra: on\n"), "utf-8")

    code, out, _ = said(capsys, "check", str(path))

    line = text[: text.index("series: JWDG")].count("\n") + 1
    assert code == 1
    assert f"{path}:{line}:1: shape.pattern: 'jwdg' is not written as it should be\n" in out
    assert f"{path}:{line + 1}:8: yaml.boolean: unquoted 'on' would be read as true or false\n" in out
    assert f"{path}:{line + 1}:1: shape.unknown_key: unknown key 'extra'\n" in out
    assert out.count("\n  mend: ") == 3
    assert out.endswith("3 faults\n")


def test_faults_for_programs(capsys, tmp_path):
    (tmp_path / "matters").mkdir()
    (tmp_path / "matters" / "new.yaml").write_text(
        "matter: new\nprocess: none\ntitle: {zh-CN: 新, en: New}\n"
    )

    code, out, _ = said(capsys, "check", str(tmp_path), "--json")

    (fault,) = json.loads(out)["faults"]
    assert code == 1
    assert (fault["rule"], fault["line"]) == ("file.unknown_process", 2)
    assert fault["says"]["zh-CN"] == "没有流程“none”"
    assert "licensing" in fault["mend"]["en"]


def test_only_the_files_named_are_judged(capsys, tmp_path):
    (tmp_path / "matters").mkdir()
    bad, good = tmp_path / "matters" / "bad.yaml", tmp_path / "transfer-into-beijing.yaml"
    bad.write_text("matter: bad\n")
    good.write_text((shipped_definitions() / BEIJING).read_text("utf-8"), "utf-8")

    assert said(capsys, "check", str(good))[0] == 0
    assert said(capsys, "check", str(good), str(bad))[0] == 1


def test_a_broken_law_is_told_before_anything_else(capsys, tmp_path, monkeypatch):
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "own.yaml").write_text("rules: yes\n")
    monkeypatch.setenv("BANJIE_DEFINITIONS", str(tmp_path))

    code, out, _ = said(capsys, "check")

    assert code == 1
    assert f"{tmp_path / 'law' / 'own.yaml'}:1:" in out


def test_a_path_that_is_not_there_is_bad_usage(capsys, tmp_path):
    assert said(capsys, "check", str(tmp_path / "none.yaml"))[0] == 2
