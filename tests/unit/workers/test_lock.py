"""One stack per home, for as long as its holder lives."""

from __future__ import annotations

import os

import pytest

from workers.lock import only_one
from workflow.errors import StackFailed


def test_a_second_holder_is_refused_by_name_and_let_in_afterwards(tmp_path):
    home = tmp_path / "new" / "home"
    refused = pytest.raises(StackFailed, match=f"process {os.getpid()}.*{home}")
    with only_one(home), refused, only_one(home):
        pass
    with only_one(home):
        assert home.stat().st_mode & 0o777 == 0o700


def test_two_homes_do_not_meet(tmp_path):
    with only_one(tmp_path / "a"), only_one(tmp_path / "b"):
        pass


def test_a_home_that_cannot_be_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StackFailed, match=r"file.*Not a directory"), only_one(tmp_path / "file" / "home"):
        pass
