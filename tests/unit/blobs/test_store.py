"""The store gives back what it was given, in a folder and in a bucket, which memory stands for."""

from __future__ import annotations

import hashlib
import io
import stat
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.store import MemoryStore

from workflow.blobs.intake import salted
from workflow.blobs.store import Blobs, checked_url
from workflow.errors import BadSetting, BlobDamaged, BlobsUnavailable

SALT = b"salt"


def digest(content: bytes) -> str:
    return salted(hashlib.sha256(content).digest(), SALT)


@pytest.fixture(params=["folder", "bucket"])
def blobs(request, tmp_path):
    return Blobs((tmp_path / "blobs").as_uri()) if request.param == "folder" else Blobs(store=MemoryStore())


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """The same two, kept for all examples of a property, with addresses that are never used twice."""
    folder = tmp_path_factory.mktemp("blobs")
    return (Blobs(folder.as_uri()), Blobs(store=MemoryStore())), count()


@given(content=st.binary(max_size=3000))
def test_what_was_put_is_what_comes_back(places, content):
    stores, numbers = places
    for blobs in stores:
        address = f"family/{next(numbers)}"
        blobs.put(address, io.BytesIO(content))

        assert b"".join(blobs.get(address, digest=digest(content), salt=SALT)) == content


def test_a_file_larger_than_a_part(blobs):
    content = bytes(range(256)) * 45_000  # 11 MB

    blobs.put("family/large", io.BytesIO(content))

    assert b"".join(blobs.get("family/large", digest=digest(content), salt=SALT)) == content


def test_a_file_is_removed_once_and_then_gone(blobs):
    blobs.put("a/one", io.BytesIO(b"1"))
    blobs.put("b/two", io.BytesIO(b"2"))
    assert blobs.addresses() == ["a/one", "b/two"]
    assert blobs.addresses("b") == ["b/two"]

    blobs.delete("a/one")
    blobs.delete("a/one")

    assert blobs.addresses() == ["b/two"]
    with pytest.raises(BlobsUnavailable):
        next(blobs.get("a/one", digest="x", salt=SALT))


def test_what_was_altered_in_the_store_is_noticed(blobs):
    blobs.put("a/one", io.BytesIO(b"altered"))

    with pytest.raises(BlobDamaged):
        list(blobs.get("a/one", digest=digest(b"as it was"), salt=SALT))


def test_the_folder_is_for_our_eyes_only(tmp_path):
    Blobs((tmp_path / "blobs").as_uri()).put("a/one", io.BytesIO(b"1"))

    assert stat.S_IMODE((tmp_path / "blobs").stat().st_mode) == 0o700


def test_a_store_that_cannot_be_used_says_so(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(BlobsUnavailable):
        Blobs((tmp_path / "file" / "below").as_uri()).put("a", io.BytesIO(b"1"))


def test_where_files_lie_unless_somebody_says(tmp_path):
    assert checked_url("", tmp_path) == (tmp_path / "blobs").as_uri()
    assert checked_url("s3://bucket/prefix", tmp_path) == "s3://bucket/prefix"
    assert checked_url("file:///srv/blobs", tmp_path) == "file:///srv/blobs"


@pytest.mark.parametrize(
    "url", ["http://x/y", "s3://", "file://host/x", "/srv/blobs", "s3://key:secret@bucket"]
)
def test_an_address_that_is_none_is_refused(url, tmp_path):
    with pytest.raises(BadSetting, match="BANJIE_BLOBS_URL"):
        checked_url(url, tmp_path)
