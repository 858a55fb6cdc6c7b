"""What a file is, by its content alone; and every reason for which one is refused."""

from __future__ import annotations

import io

import pytest

from workflow import errors
from workflow.blobs.kinds import KINDS, kind_of
from workflow.testing import files


def judged(content: bytes):
    return kind_of(io.BytesIO(content), len(content))


def encrypted(package: bytes) -> bytes:
    """The package with the flag of encryption set in its directory."""
    at = package.index(b"PK\x01\x02") + 8
    return package[:at] + bytes([package[at] | 1]) + package[at + 1 :]


def test_there_is_a_sample_of_every_kind():
    assert files.GOOD.keys() == KINDS.keys()


@pytest.mark.parametrize("name", files.GOOD)
def test_each_kind_is_known_by_its_content(name):
    assert judged(files.GOOD[name]) is KINDS[name]


def test_chinese_text_in_the_old_encoding_is_text():
    assert judged("情况说明".encode("gb18030")).name == "txt"


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        pytest.param(b"", errors.FileEmpty, id="nothing"),
        pytest.param(b"MZ\x90\x00" + bytes(64), errors.FileIsProgram, id="windows"),
        pytest.param(b"\x7fELF\x02\x01" + bytes(64), errors.FileIsProgram, id="linux"),
        pytest.param(b"#!/bin/sh\nrm -rf /\n", errors.FileIsProgram, id="script"),
        pytest.param(b"\xca\xfe\xba\xbe\x00\x00\x00\x34", errors.FileIsProgram, id="java"),
        pytest.param(b"<!DOCTYPE html><p>hello", errors.FileIsMarkup, id="html"),
        pytest.param(b"  \n <svg xmlns='x'>", errors.FileIsMarkup, id="svg"),
        pytest.param(b"hello\n" * 4000 + b"<script>alert(1)</script>", errors.FileIsMarkup, id="html later on"),
        pytest.param(b"GIF89a" + bytes(32), errors.FileKindRefused, id="gif"),
        pytest.param(b"Rar!\x1a\x07\x00" + bytes(32), errors.FileKindRefused, id="rar"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), errors.FileKindRefused, id="old word"),
        pytest.param(files.package({"a.txt": b"hello"}), errors.FileKindRefused, id="archive"),
        pytest.param(bytes(range(256)), errors.FileKindRefused, id="noise"),
        pytest.param(files.PDF[:-8], errors.FileBroken, id="pdf cut off"),
        pytest.param(files.PNG[:-8], errors.FileBroken, id="png cut off"),
        pytest.param(files.JPG[:-2], errors.FileBroken, id="jpg cut off"),
        pytest.param(files.DOCX[:-30], errors.FileBroken, id="docx cut off"),
        pytest.param(encrypted(files.DOCX), errors.FileEncrypted, id="docx encrypted"),
        pytest.param(
            files.PDF.replace(b"/Root", b"/Encrypt 5 0 R/Root"), errors.FileEncrypted, id="pdf encrypted"
        ),
        pytest.param(
            files.PDF.replace(b"/Type", b"/OpenAction<</S/JavaScript/JS(x)>>/Type"),
            errors.FileIsActive,
            id="pdf with a program",
        ),
        pytest.param(
            files.package({"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b"x"}),
            errors.FileIsActive,
            id="macros",
        ),
        pytest.param(
            files.package({"[Content_Types].xml": b"", "word/document.xml": b"", "word/run.EXE": b"x"}),
            errors.FileIsProgram,
            id="docx with a program",
        ),
        pytest.param(
            files.package({"OFD.xml": b"", "../../evil.xml": b"x"}), errors.FileBroken, id="leads out"
        ),
        pytest.param(
            files.package({"OFD.xml": b"", "big.xml": bytes(8 * 1024 * 1024)}), errors.FileIsBomb, id="bomb"
        ),
        pytest.param(
            files.package({f"{n}.xml": b"" for n in range(5001)} | {"OFD.xml": b""}),
            errors.FileIsBomb,
            id="many parts",
        ),
        pytest.param(files.PNG + files.DOCX, errors.FileIsTwoThings, id="png and zip"),
        pytest.param(files.JPG + files.package({"a": b"b"}, comment=b"c" * 4000), errors.FileBroken,
                     id="jpg and zip with a long comment"),
        pytest.param(files.PDF + files.DOCX + b"%%EOF", errors.FileIsTwoThings, id="pdf and zip"),
        pytest.param(b"%PDF-1.4 <html><script>x</script>\n%%EOF", errors.FileIsTwoThings, id="pdf and html"),
        pytest.param(b"junk" + files.DOCX, errors.FileKindRefused, id="zip behind something"),
        pytest.param(
            files.package({"OFD.xml": b"x"}, comment=b"<html>"), errors.FileIsTwoThings, id="zip with a comment"
        ),
    ],
)  # fmt: skip
def test_what_is_refused_and_why(content, refusal):
    with pytest.raises(errors.FileRefused) as refused:
        judged(content)

    assert type(refused.value) is refusal


def test_a_refusal_names_what_it_seems_to_be():
    with pytest.raises(errors.FileKindRefused) as refused:
        judged(b"GIF89a" + bytes(32))

    assert "Graphics" in refused.value.message
