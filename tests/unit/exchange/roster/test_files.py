"""What a file may be, and how it is read: encodings of CSV, and workbooks that are no rosters but traps."""

from __future__ import annotations

import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from tests.unit.exchange.roster.conftest import filing, told
from workflow.errors import BadInput
from workflow.exchange.roster import gate, reading
from workflow.exchange.roster.reading import read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("name", ["王秀华", "李㛃", "阿依古丽·买买提", "𠮷野"])
def test_csv_in_each_encoding(clerk, encoding, name):
    checked = clerk.check(clerk.csv([filing(name=name)], encoding=encoding))

    assert told(checked) == []
    assert checked.rows[0].form["name"] == name


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_each_separator(clerk, delimiter):
    path = clerk.csv([filing()])
    path.write_text(path.read_text("utf-8-sig").replace(",", delimiter), "utf-8")

    assert told(clerk.check(path)) == []


def test_a_formula_in_csv_is_a_fault(clerk):
    path = clerk.rows(["form.name", "form.accompanying"], ['="王华"', "=1+1"])

    assert [one for one in told(clerk.check(path)) if one[0] in ("A2", "B2")] == [
        ("A2", "roster.fault.formula"),
        ("B2", "roster.fault.formula"),
    ]


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00\x01\xff\xff", "姓名,性别\n".encode("utf-16"), b'"a","b\nc,d\n', b"\x80\x81\xff\xff,\n"],
    ids=["bytes", "utf-16", "open quotation", "no encoding"],
)
def test_what_is_no_csv_is_refused(tmp_path, content):
    path = tmp_path / "roster.csv"
    path.write_bytes(content)

    with pytest.raises(BadInput):
        read(path)


def test_other_files_are_refused_by_name(tmp_path):
    (tmp_path / "roster.ods").write_bytes(b"PK")
    for path in (tmp_path / "roster.ods", tmp_path, tmp_path / "none.xlsx"):
        with pytest.raises(BadInput):
            read(path)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), b"name\n"]
)
def test_what_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "roster.xlsx"
    path.write_bytes(content)

    with pytest.raises(BadInput, match=r"roster\.xlsx"):
        read(path)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "roster.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")

    with pytest.raises(BadInput):
        read(path)


def rebuilt(path, **parts):
    """The workbook with parts added or replaced by name (dots and slashes as in the mapping)."""
    changed = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in parts:
                new.writestr(info.filename, old.read(info))
        for name, content in parts.items():
            new.writestr(name, content)
    return changed


def test_a_bomb_is_refused_before_it_goes_off(clerk, monkeypatch):
    path = rebuilt(clerk.workbook([filing()]), **{"xl/media/bomb.bin": bytes(3_000_000)})
    monkeypatch.setattr(gate, "MAX_UNPACKED", 2_000_000)

    assert path.stat().st_size < 100_000
    with pytest.raises(BadInput, match="1 MB"):
        read(path)


def test_a_file_that_is_too_large_is_refused(clerk, monkeypatch):
    monkeypatch.setattr(gate, "MAX_FILE", 1000)

    with pytest.raises(BadInput):
        read(clerk.workbook([filing()]))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/externalLinks/externalLink1.xml", "<externalLink/>"),
        ("xl/vbaProject.bin", "macro"),
        ("xl/embeddings/oleObject1.bin", "object"),
        ("xl/connections.xml", "<connections/>"),
        (
            "xl/evil.xml",
            '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        ),
        ("xl/evil.xml", "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a><a/>".encode("utf-16")),
        ("xl/evil.xml", "<!--" + "x" * (1 << 20) + "--><!DOCTYPE a><a/>"),
        (
            "xl/worksheets/_rels/sheet9.xml.rels",
            '<a><Relationship Id="r1" Type="http://x/image" Target="http://x/y" TargetMode="External"/></a>',
        ),
    ],
)
def test_what_reaches_out_of_the_workbook_is_refused(clerk, part, content):
    with pytest.raises(BadInput, match=part.rpartition("/")[2]):
        read(rebuilt(clerk.workbook([filing()]), **{part: content}))


def test_an_address_that_excel_made_a_link_is_no_reason_to_refuse(clerk):
    path = clerk.workbook([filing()])
    book = load_workbook(path)
    book.worksheets[0]["D3"].hyperlink = "mailto:sample@example.org"
    book.save(path)

    assert told(clerk.check(path)) == []


def test_a_cell_far_out_costs_little(clerk, monkeypatch):
    monkeypatch.setattr(reading, "MAX_CELLS", 5000)
    path = clerk.workbook([filing()])
    book = load_workbook(path)
    book.worksheets[0].cell(row=1_048_576, column=2, value="x")
    book.save(path)

    with pytest.raises(BadInput, match="5000"):
        read(path)


def test_too_many_columns_are_refused(clerk):
    path = clerk.workbook([filing()])
    book = load_workbook(path)
    book.worksheets[0].cell(row=3, column=400, value="x")
    book.save(path)

    with pytest.raises(BadInput, match="300"):
        read(path)


def test_hidden_sheets_and_sheets_before_the_roster_are_passed_over(clerk):
    path = clerk.workbook([filing()])
    book = load_workbook(path)
    book.create_sheet("说明", 0)["A1"] = "请先阅读"
    book.save(path)
    checked = clerk.check(path)

    assert told(checked) == []
    assert checked.layout.sheet.name == "申报名册"


def test_a_workbook_by_another_program_is_read_by_its_titles(clerk, tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["京外调干名册"])
    sheet.append([column.titles["zh-CN"] for column in clerk.columns])
    lines = clerk.csv([filing()]).read_text("utf-8-sig").splitlines()
    sheet.append(lines[1].split(","))
    path = tmp_path / "other.xlsx"
    book.save(path)

    assert told(clerk.check(path)) == []
