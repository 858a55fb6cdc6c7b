"""`banjie case material`, filing with files, the receipt, and `banjie materials sweep`, line by line."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from tests.integration.transfers import FILER, FORM, MATERIALS, MATTER
from workflow.testing import files

DESK = "pan-haiyan"


@pytest.fixture
def papers(tmp_path):
    """Files on the disk, named as people name them."""
    folder = tmp_path / "papers"
    folder.mkdir()
    made = {
        "学位证书.PDF": files.PDF,
        "photo.jpeg": files.JPG,
        "virus.pdf": b"MZ" + bytes(64),
        "情况.txt": files.TXT,
    }
    for name, body in made.items():
        (folder / name).write_bytes(body)
    return folder


@pytest.fixture
def no(banjie, home, filing):
    return banjie("case", "submit", MATTER, "--file", filing(), "--json").json["no"]


def states(banjie, no):
    listed = banjie("case", "material", "list", no, "--json").json["materials"]
    return {line["material"]: line["state"] for line in listed}


def test_a_filing_comes_with_its_files(banjie, home, filing, papers, transfers):
    path = filing(materials=[name for name in MATERIALS if name not in ("degree_certificate", "appraisal")])
    degree = f"degree_certificate={papers / '学位证书.PDF'}"
    line = ("case", "submit", MATTER, "--file", path, "--material", degree, "--json")
    filed = banjie(*line).json
    assert banjie(*line).json == {**filed, "repeated": True}
    no = filed["no"]
    transfers.settle()

    found = states(banjie, no)
    assert (found["degree_certificate"], found["appraisal"]) == ("received", "required")
    got = banjie("case", "material", "get", no, "degree_certificate", "--out", papers.parent, "--json").json
    assert got == {
        "file": str(papers.parent / "学位证书.pdf"),
        "media_type": "application/pdf",
        "size": len(files.PDF),
    }
    assert (papers.parent / "学位证书.pdf").read_bytes() == files.PDF
    other = banjie(*line[:-2], f"degree_certificate={papers / 'photo.jpeg'}", "--json").json
    assert other["no"] != no


def test_a_material_from_paper_to_a_corrected_file(banjie, no, papers, transfers):
    said = banjie(
        "case",
        "material",
        "add",
        no,
        "identity_card",
        "--paper",
        "--copies",
        2,
        "--pages",
        1,
        "--original",
        "--as",
        DESK,
    )
    assert (said.code, said.out) == (0, f"{no}：居民身份证，已收到\n")
    said = banjie(
        "case", "material", "defective", no, "degree_certificate", "--reason", "看不清", "--as", DESK
    )
    assert said.out == f"{no}：学历、学位证书，不符合要求\n"

    added = banjie(
        "case",
        "material",
        "add",
        no,
        "degree_certificate",
        "--file",
        papers / "photo.jpeg",
        "--as",
        FILER,
        "--json",
    ).json
    assert (added["state"], added["no"]) == ("corrected", no)

    page = banjie("case", "material", "list", no).out
    assert "学历、学位证书" in page
    assert "photo" not in page
    assert "photo.jpg" in banjie("case", "material", "list", no, "--personal").out
    listed = banjie("case", "material", "list", no, "--json").json["materials"]
    [card] = next(line["versions"] for line in listed if line["material"] == "identity_card")
    assert (card["channel"], card["copies"], card["pages"], card["original"]) == ("paper", 2, 1, True)
    assert banjie("case", "material", "return-original", no, "identity_card", "--as", DESK).code == 0
    history = banjie("case", "history", no).out
    assert "材料不符合要求：学历、学位证书" in history
    assert "退还原件：居民身份证" in history


def test_waived_and_taken_back(banjie, no):
    assert banjie("case", "material", "withdraw", no, "appraisal", "--as", FILER).code == 0
    assert (
        banjie("case", "material", "waive", no, "appraisal", "--reason", "系统内可查", "--as", DESK).code == 0
    )
    assert states(banjie, no)["appraisal"] == "waived"


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (
            ("add", "NO", "degree_certificate", "--file", "PAPERS/virus.pdf", "--as", FILER),
            1,
            "file_is_program",
        ),
        (("add", "NO", "passport", "--paper", "--as", FILER), 1, "unknown_material"),
        (("add", "NO", "passport", "--as", FILER), 2, "bad_usage"),
        (("defective", "NO", "degree_certificate", "--reason", "x", "--as", FILER), 1, "not_authorised"),
        (("get", "NO", "degree_certificate", "--out", "PAPERS/x"), 1, "no_such_version"),
        (("return-original", "NO", "appraisal", "--as", DESK), 1, "material_refused"),
        (("accept", "NO", "decision_copy", "--from", "NO", "--as", FILER), 1, "nothing_offered"),
        (("receipt", "NO", "--out", "PAPERS/x.doc", "--as", DESK), 2, "bad_usage"),
        (("receipt", "NO", "--again", "--out", "PAPERS/x.pdf"), 1, "not_found"),
        (("list", "JWDG-2026-99999"), 1, "unknown_case"),
    ],
)
def test_what_is_refused(banjie, no, papers, words, code, error):
    given = [
        word.replace("NO", no).replace("PAPERS", str(papers)) if word.isascii() else word for word in words
    ]

    said = banjie("case", "material", *given, "--json")

    assert said.code == code
    assert said.error["code"] == error


def test_a_refusal_is_told_in_words(banjie, no):
    said = banjie("case", "material", "return-original", no, "appraisal", "--as", DESK)

    assert "材料“appraisal”在本办件中的状态为“已收到”" in said.err
    assert "原件由本机关暂存的材料" in said.err


def test_what_another_case_holds_is_offered_and_accepted(banjie, no, filing, papers, transfers):
    banjie(
        "case", "material", "add", no, "discipline_statement", "--file", papers / "情况.txt", "--as", FILER
    )
    again = filing(form={**FORM, "receiving_post": "研究员"})
    second = banjie("case", "submit", MATTER, "--file", again, "--json").json["no"]

    assert f"办件 {no} 自" in banjie("case", "material", "offers", second).out
    [offer] = banjie("case", "material", "offers", second, "--json").json["offers"]
    assert (offer["material"], offer["from_case"]) == ("discipline_statement", no)
    assert states(banjie, second)["discipline_statement"] == "optional"
    line = ("case", "material", "accept", second, "discipline_statement", "--from", no)
    assert banjie(*line, "--as", DESK).code == 1
    assert banjie(*line, "--as", FILER).out == f"{second}：无违纪违法情况说明，已有，无须再交\n"
    out = papers.parent / "copy.txt"
    assert banjie("case", "material", "get", second, "discipline_statement", "--out", out).code == 0
    assert out.read_bytes() == files.TXT
    assert banjie("audit", "verify").code == 0


def test_the_receipt_as_page_and_as_pdf(banjie, no, papers):
    banjie("case", "material", "add", no, "identity_card", "--paper", "--copies", 2, "--as", DESK)
    page, pdf = papers / "r.html", papers / "r.pdf"
    assert banjie("case", "material", "receipt", no, "--out", page, "--as", DESK).code == 0
    assert banjie("case", "material", "receipt", no, "--out", pdf, "--again").code == 0
    english = banjie("--lang", "en", "case", "material", "receipt", no, "--out", papers / "e.html", "--again")

    assert english.code == 0
    told = page.read_text("utf-8")
    for words in ("收件凭证", no, "居民身份证", "2026年9月7日"):
        assert words in told
    assert FORM["name"] not in told
    assert "Receipt of materials" in (papers / "e.html").read_text("utf-8")
    assert "收件凭证" in PdfReader(io.BytesIO(pdf.read_bytes())).pages[0].extract_text()


def test_files_that_no_case_named_are_swept(banjie, no, papers, store):
    banjie("case", "material", "add", no, "appraisal", "--file", papers / "学位证书.PDF", "--as", "nobody")
    assert banjie("materials", "sweep", "--json").json == {"condemned": 0, "removed": 0, "waiting": 1}
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE blobs SET staged_at = '2020-01-01T00:00:00.000000Z'"))

    assert banjie("materials", "sweep").out == "清除 1 个文件；另有 0 个尚未被办件引用\n"
