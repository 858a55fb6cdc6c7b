"""`banjie report`: the same figures in every form, each with its cases, refused in words where the question is none."""

from __future__ import annotations

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from tests.integration.transfers import FILER, Transfers
from workflow.catalog.scoring import FILE
from workflow.storage.store import open_store
from workflow.texts import shipped_definitions


@pytest.fixture
def transfers(home):
    """Two transfers agreed to in September and one taken back."""
    store = open_store(f"sqlite:///{home / 'banjie.db'}")
    transfers = Transfers(store)
    transfers.nos = [transfers.file(f"filing-{number}") for number in range(3)]
    transfers.act(transfers.nos[2], FILER, "withdraw", reasons="本人不再申请")
    for no in transfers.nos[:2]:
        transfers.to_the_notice(no)
    transfers.days(9)
    for no in transfers.nos[:2]:
        transfers.act(no, "gu-weimin", "sign_and_issue")
    yield transfers
    store.close()


def test_the_table_says_its_denominator(banjie, transfers):
    said = banjie("report", "timeliness", "--month", "2026-09")

    assert said.code == 0
    assert "本期办结 3 件：办毕 2 件，不予受理 0 件，申请人撤回或者放弃 1 件。" in said.out
    assert "按时办结率 100.0%" in said.out
    assert "按时办结率 = 按时 ÷ 计时" in said.out


def test_json_csv_and_excel_say_the_same(banjie, transfers, tmp_path):
    told = banjie("report", "timeliness", "--month", "2026-09", "--json").json
    row = next(one for one in told["matter"] if one["key"] == "transfer-into-beijing")
    assert (row["concluded"], row["timed"], row["on_time"], row["rate"], row["median"]) == (
        3,
        2,
        2,
        "100.0",
        2,
    )
    assert next(one for one in told["matter"] if one["key"] == "total")["concluded"] == 3

    table = csv.DictReader(
        io.StringIO(banjie("report", "timeliness", "--month", "2026-09", "--format", "csv").out)
    )
    line = next(one for one in table if (one["table"], one["key"]) == ("matter", "transfer-into-beijing"))
    assert (line["concluded"], line["timed"], line["rate"], line["median"]) == ("3", "2", "100.0", "2")

    file = tmp_path / "september.xlsx"
    assert banjie("report", "timeliness", "--month", "2026-09", "--format", "xlsx", "--out", file).code == 0
    book = load_workbook(file)
    sheet = book["按事项"]
    heads = [cell.value for cell in sheet[1]]
    found = dict(zip(heads, [cell.value for cell in sheet[2]], strict=True))
    assert (found["办结"], found["计时"], float(found["按时率"])) == (3, 2, 100.0)
    assert len(sheet._charts) == 1
    assert {row[0].value for row in book["所据办件"].iter_rows(min_row=2)} == set(transfers.nos)


def test_a_pdf_in_both_languages(banjie, transfers, tmp_path):
    for lang in ("zh-CN", "en"):
        file = tmp_path / f"{lang}.pdf"
        said = banjie(
            "--lang", lang, "report", "timeliness", "--month", "2026-09", "--format", "pdf", "--out", file
        )
        assert said.code == 0
        assert file.read_bytes().startswith(b"%PDF-")


def test_a_figure_names_its_cases(banjie, transfers):
    told = banjie("report", "timeliness", "--month", "2026-09", "--cases", "withdrawn", "--json").json

    assert [case["no"] for case in told["cases"]] == [transfers.nos[2]]
    refused = banjie("report", "timeliness", "--month", "2026-09", "--cases", "nonsense")
    assert refused.code == 2
    assert "withdrawn" in refused.err


@pytest.mark.parametrize(
    "question",
    [
        ("timeliness",),
        ("timeliness", "--month", "2026-13"),
        ("timeliness", "--month", "2026-09", "--from", "2026-09-01"),
        ("timeliness", "--from", "2026-09-02", "--to", "2026-09-01"),
        ("timeliness", "--month", "2026-09", "--format", "pdf"),
        ("timeliness", "--month", "2026-09", "--format", "csv", "--json"),
        ("overdue", "--as-of", "soon"),
        ("score", "--quarter", "2026Q5"),
        ("score", "--quarter", "2026Q3", "--by", "person"),
        ("league", "--month", "2026-09", "--by", "person"),
    ],
)
def test_a_question_that_is_none_is_refused(banjie, home, question):
    assert banjie("report", *question).code == 2


def test_scores_are_traced_and_other_rules_can_be_tried(banjie, transfers, tmp_path):
    said = banjie("report", "score", "--quarter", "2026Q3", "--by", "organ", "--trace", "--json")
    score = next(one for one in said.json["score"] if one["key"] == "ministry-of-personnel")
    assert (score["points"], score["bonus"], score["grade"]) == ("110.0", "10.0", "优秀")
    assert [(one["key"], one["points"]) for one in said.json["trace"]] == [("ministry-of-personnel", "+10.0")]

    rules = tmp_path / "rules.yaml"
    shipped = (shipped_definitions() / FILE).read_text("utf-8")
    rules.write_text(shipped.replace("most: 10}", "most: 2}"), "utf-8")
    tried = banjie("report", "score", "--quarter", "2026Q3", "--by", "organ", "--rules", rules, "--json").json
    assert next(one for one in tried["score"] if one["key"] == "ministry-of-personnel")["points"] == "102.0"

    rules.write_text(shipped.replace("base: 100", "base: 90"), "utf-8")
    assert banjie("report", "score", "--quarter", "2026Q3", "--rules", rules).code == 1


def test_whose_the_days_of_a_case_were(banjie, transfers):
    told = banjie("report", "attribution", transfers.nos[0], "--json").json["attribution"]

    assert told[-1]["key"] == "total"
    assert sum(row["days"] for row in told[:-1]) == told[-1]["days"] == 7


def test_verify_finds_what_was_changed_and_rebuild_mends_it(banjie, transfers):
    assert banjie("report", "verify", "--month", "2026-09", "--json").json["differ"] == []
    with transfers.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE case_facts SET used = 99 WHERE no = ?", (transfers.nos[0],))
    broken = banjie("report", "verify", "--month", "2026-09", "--json")
    assert (broken.code, broken.json["differ"]) == (1, [transfers.nos[0]])
    assert banjie("report", "rebuild", "--json").json == {"cases": 3}
    assert banjie("report", "verify", "--month", "2026-09").code == 0


def test_persons_are_listed_only_when_asked(banjie, transfers):
    for by in ("organ", "unit", "post"):
        out = banjie("report", "league", "--month", "2026-09", "--by", by).out
        assert "顾维民" not in out
    assert "顾维民" in banjie("report", "league", "--month", "2026-09", "--by", "person", "--persons").out


def test_open_data_is_written_with_its_dictionary(banjie, transfers, tmp_path):
    said = banjie("report", "open-data", "--year", "2026", "--out", tmp_path / "open", "--json")

    assert said.code == 0
    told = json.loads((tmp_path / "open" / "timeliness-2026.json").read_text("utf-8"))
    row = next(one for one in told["rows"] if one["matter"] == "transfer-into-beijing")
    assert row["concluded"] is None  # three
    names = csv.reader(io.StringIO((tmp_path / "open" / "timeliness-2026.csv").read_text("utf-8-sig")))
    assert next(names) == [column["column"] for column in told["columns"]]


@pytest.mark.parametrize("name", ["board", "disclosure"])
def test_the_other_reports_answer(banjie, transfers, name):
    assert banjie("report", name, *(["2026"] if name == "disclosure" else []), "--json").code == 0
