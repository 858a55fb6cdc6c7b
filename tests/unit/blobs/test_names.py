"""Names of files: harmless whatever was sent, and the same when made harmless twice."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.blobs.kinds import KINDS
from workflow.blobs.names import LONGEST, normalised


@pytest.mark.parametrize(
    ("given_name", "kind", "kept"),
    [
        ("学位证书.pdf", "pdf", "学位证书.pdf"),
        ("C:\\Users\\me\\证书.PDF", "pdf", "证书.pdf"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("证书\u202efdp.exe", "pdf", "证书fdp.exe.pdf"),
        ("a\x00b\r\nc.png", "png", "ab c.png"),
        ("照片.jpeg", "jpg", "照片.jpg"),
        ("报告.exe", "pdf", "报告.exe.pdf"),
        ("", "pdf", "file.pdf"),
        ("...", "pdf", "file.pdf"),
        ("CON", "txt", "_CON.txt"),
        ("a<b>:c.txt", "txt", "a_b__c.txt"),
        ("e\u0301.txt", "txt", "é.txt"),
        ("  many   spaces .txt", "txt", "many spaces.txt"),
    ],
)
def test_what_becomes_of_a_name(given_name, kind, kept):
    assert normalised(given_name, kind) == kept


@given(st.text(max_size=400), st.sampled_from(sorted(KINDS)))
def test_every_name_is_harmless(name, kind):
    kept = normalised(name, kind)

    assert kept.endswith(f".{kind}")
    assert len(kept) <= LONGEST
    assert len(kept.encode()) <= 255
    assert not set(kept) & set('/\\<>:"|?*')
    assert all(unicodedata.category(sign) not in ("Cc", "Cf", "Zl", "Zp") for sign in kept)
    assert unicodedata.is_normalized("NFC", kept)
    assert kept.strip(". ") == kept
    assert normalised(kept, kind) == kept
