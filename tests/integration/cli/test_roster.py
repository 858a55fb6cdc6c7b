"""`banjie roster`: the empty roster, what is wrong with a filled-in one, and its rows as cases, from the command line."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from tests.integration.transfers import FILER, FORM, MATERIALS, MATTER, shipped
from workflow.exchange.roster.columns import columns_of
from workflow.testing.rosters import write_csv, write_roster

NUMBERS = ("11010519491231002X", "990000198001010012", "990000197502140021")


def filing(number, **form):
    return {
        "form": {**FORM, "name": f"王{number}", "id_number": NUMBERS[number], **form},
        "materials": MATERIALS,
    }


@pytest.fixture
def roster(tmp_path):
    """Writes a roster of transfers; one of its rows may be spoilt."""

    def write(name="roster.xlsx", *, rows=3, **spoilt):
        filings = [filing(number, **(spoilt if number == 1 else {})) for number in range(rows)]
        matter = shipped().matter(MATTER)
        columns = columns_of(matter, matter.order("form"))
        path = tmp_path / name
        if path.suffix == ".csv":
            write_csv(path, columns, filings)
        else:
            write_roster(path, matter, columns, filings)
        return path

    return write


# --- template --------------------------------------------------------------------------------------------------------


def test_an_empty_roster_needs_no_database(banjie, empty_home, tmp_path):
    said = banjie("roster", "template", MATTER, "--out", tmp_path / "a.xlsx", "--lang", "en", "--json")

    assert (said.code, said.err) == (0, "")
    assert said.json["definition"] == shipped().matter(MATTER).definition.hash
    assert said.json["columns"][0] == "form.name"
    assert load_workbook(tmp_path / "a.xlsx").worksheets[0]["A1"].value == "*Name"
    assert not empty_home.exists()


def test_nothing_is_overwritten(banjie, home, tmp_path, roster):
    (tmp_path / "a.xlsx").write_text("mine")
    for words in (
        ("roster", "template", MATTER, "--out", tmp_path / "a.xlsx"),
        ("roster", "check", roster(), "--out", tmp_path / "a.xlsx"),
        ("roster", "import", roster(), "--as", FILER, "--out", tmp_path / "a.xlsx"),
    ):
        said = banjie(*words, "--json")
        assert (said.code, said.error["code"]) == (1, "bad_input")
    assert (tmp_path / "a.xlsx").read_text() == "mine"


def test_a_matter_there_is_not(banjie, home, tmp_path):
    said = banjie("roster", "template", "nonsense", "--out", tmp_path / "a.xlsx", "--json")

    assert (said.code, said.error["code"]) == (1, "unknown_matter")


# --- check -----------------------------------------------------------------------------------------------------------


def test_a_sound_roster(banjie, home, roster):
    said = banjie("roster", "check", roster(), "--as", FILER)

    assert (said.code, said.out, said.err) == (0, "roster.xlsx：京外调干审批，3 行，没有差错\n", "")


def test_faults_in_both_languages(banjie, home, roster):
    path = roster(accompanying=12, receiving_unit="站" * 101)
    said = banjie("roster", "check", path)
    plain = banjie("roster", "check", path, "--json")
    english = banjie("--lang", "en", "roster", "check", path)

    assert said.code == plain.code == 1
    assert said.out.splitlines() == [
        "申报名册!F4 调入单位：不得超过 100 个字（forms.maxLength）",
        "申报名册!R4 随迁人数：不得大于 9（forms.maximum）",
        "roster.xlsx：京外调干审批，3 行，2 处差错，涉及 1 行",
    ]
    assert "F4 Receiving unit: at most 100 characters" in english.out
    assert [(fault["cell"], fault["rule"]) for fault in plain.json["faults"]] == [
        ("F4", "forms.maxLength"),
        ("R4", "forms.maximum"),
    ]
    assert plain.json["faults"][1]["text"] == {"zh-CN": "不得大于 9", "en": "not more than 9"}
    assert (plain.json["sound"], plain.json["rows"], plain.json["sheet"]) == (False, 3, "申报名册")


def test_the_marked_copy_is_mended_and_checked_again(banjie, home, roster, tmp_path):
    path = roster(accompanying=12)
    before = path.read_bytes()
    banjie("roster", "check", path, "--as", "zhou-mingli", "--out", tmp_path / "marked.xlsx")
    book = load_workbook(tmp_path / "marked.xlsx")
    sheet = book.worksheets[0]

    assert path.read_bytes() == before
    assert sheet["R4"].comment.text == "不得大于 9"
    assert sheet["R4"].fill.fgColor.rgb == "00FFC7CE"
    assert sheet["R3"].comment is None
    beside = sheet.cell(row=1, column=sheet.max_column)
    assert beside.value == "核对意见"
    assert "zhou-mingli" in sheet.cell(row=4, column=beside.column).value

    sheet["R4"].value = 2
    book.save(tmp_path / "mended.xlsx")
    assert banjie("roster", "check", tmp_path / "mended.xlsx", "--out", tmp_path / "again.xlsx").code == 0
    cleared = load_workbook(tmp_path / "again.xlsx").worksheets[0]
    assert cleared["R4"].comment is None
    assert "核对意见" not in [cell.value for cell in cleared[1]]
    assert cleared["A1"].comment is not None  # the template's own


def test_a_csv_file_needs_the_matter_and_can_be_marked_too(banjie, home, roster, tmp_path):
    path = roster("roster.csv", accompanying=12)

    assert banjie("roster", "check", path, "--json").error["code"] == "bad_input"
    said = banjie("roster", "check", path, MATTER, "--out", tmp_path / "marked.xlsx", "--json")
    assert [fault["cell"] for fault in said.json["faults"]] == ["R3"]
    assert load_workbook(tmp_path / "marked.xlsx").worksheets[0]["R3"].comment is not None


def test_a_roster_of_another_matter(banjie, home, roster):
    said = banjie("roster", "check", roster(), "talent-agency-licence", "--json")

    assert (said.code, said.error["code"]) == (1, "bad_input")
    assert MATTER in said.error["message"]


def test_a_file_that_is_not_there(banjie, home, tmp_path):
    assert banjie("roster", "check", tmp_path / "none.xlsx", "--json").error["code"] == "bad_input"


# --- import ----------------------------------------------------------------------------------------------------------


def test_imported_and_imported_again(banjie, home, roster, tmp_path, store, rows):
    path = roster()
    words = ("roster", "import", path, "--as", FILER, "--letter", "水人函〔2026〕7号")
    said = banjie(*words, "--out", tmp_path / "filed.xlsx")
    filed = rows()
    again = banjie(*words, "--json")

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[:2] == ["第 3 行：JWDG-2026-00001 已申报", "第 4 行：JWDG-2026-00002 已申报"]
    assert said.out.splitlines()[3] == "roster.xlsx：申报 3 件，此前已申报 0 件，未申报 0 行"
    assert (again.code, again.json["filed"], again.json["repeated"], again.json["refused"]) == (0, 0, 3, 0)
    assert rows() == filed
    codes = [row["query_code"] for row in again.json["rows"]]
    sheet = load_workbook(tmp_path / "filed.xlsx").worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    assert [sheet.cell(row=row, column=heads["办件编号"]).value for row in (3, 4, 5)] == [
        f"JWDG-2026-0000{number}" for number in (1, 2, 3)
    ]
    assert [sheet.cell(row=row, column=heads["查询码"]).value for row in (3, 4, 5)] == codes
    assert store.case(store.case_id("JWDG-2026-00002")).letter == "水人函〔2026〕7号"
    assert banjie("roster", "import", tmp_path / "filed.xlsx", *words[3:], "--json").json["repeated"] == 3


def test_one_faulty_row(banjie, home, roster, rows):
    path = roster(accompanying=12)
    said = banjie("roster", "import", path, "--as", FILER)
    assert said.code == 1
    assert "cases" not in rows()
    assert said.out.splitlines()[-1] == "名册有差错，一件也没有申报；先改正，或者加 --per-row 申报其余各行"

    apart = banjie("roster", "import", path, "--as", FILER, "--per-row", "--json")
    assert (apart.code, apart.json["filed"], apart.json["refused"]) == (1, 2, 1)
    assert [row["status"] for row in apart.json["rows"]] == ["filed", "refused", "filed"]
    assert apart.json["rows"][1]["faults"][0]["cell"] == "R4"
    assert rows()["cases"] == 2


def test_a_dry_run_files_nothing(banjie, home, roster, rows):
    said = banjie("roster", "import", roster(), "--as", FILER, "--dry-run", "--json")

    assert (said.code, said.json["dry_run"], said.json["filed"]) == (0, True, 3)
    assert "cases" not in rows()


def test_who_may_not_file_files_nothing(banjie, home, roster, rows):
    said = banjie("--lang", "en", "roster", "import", roster(), "--as", "zhou-mingli", "--per-row")

    assert said.code == 1
    assert said.out.count("not_authorised") == 3
    assert "cases" not in rows()


def test_wrong_headings_are_told(banjie, home, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("姓名,籍贯\n王华,北京\n", "utf-8")
    said = banjie("roster", "import", path, MATTER, "--as", FILER, "--per-row", "--json")

    assert said.code == 1
    assert "roster.fault.unknown_column" in {fault["rule"] for fault in said.json["faults"]}
    assert [row["status"] for row in said.json["rows"]] == ["refused"]
