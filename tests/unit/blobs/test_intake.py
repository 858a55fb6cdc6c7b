"""A file is counted, hashed and judged while it comes in."""

from __future__ import annotations

import hashlib

import pytest

from workflow import errors
from workflow.blobs.intake import MEGABYTE, salted, taken_in
from workflow.testing import files


def test_what_is_taken_is_what_was_sent():
    pieces = [files.PDF[:10], files.PDF[10:]]

    with taken_in(pieces, max_mb=1) as taken:
        assert taken.content.read() == files.PDF
        assert taken.size == len(files.PDF)
        assert taken.sha256 == hashlib.sha256(files.PDF).digest()
        assert taken.kind.name == "pdf"


def test_a_stream_that_is_too_large_is_not_read_to_its_end():
    read = []

    def endless():
        while True:
            read.append(1)
            yield bytes(MEGABYTE)

    with pytest.raises(errors.FileTooLarge, match="3 MB"), taken_in(endless(), max_mb=3):
        pass

    assert len(read) == 4


def test_a_material_may_take_fewer_kinds():
    refused = pytest.raises(errors.FileKindRefused, match="pdf, ofd")
    with refused, taken_in([files.TXT], max_mb=1, accept=("pdf", "ofd")):
        pass


def test_the_same_file_has_another_name_in_every_family():
    plain = hashlib.sha256(files.PDF).digest()

    assert salted(plain, b"one") == salted(plain, b"one")
    assert salted(plain, b"one") != salted(plain, b"two")
    assert plain.hex() not in salted(plain, b"one")
