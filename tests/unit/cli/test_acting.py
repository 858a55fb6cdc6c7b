"""Who acts, and under which key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from workflow.cli.acting import actor, fresh_key, key_of_filing
from workflow.errors import BadInput, BadSetting

CONTENT = {"form": {"name": "王小明"}, "materials": ["a"], "parties": {}, "letter": None}


def test_who_acts_is_said_on_the_line_then_in_the_file_then_by_the_login(monkeypatch):
    monkeypatch.setenv("LOGNAME", "login")

    assert actor("line", "file") == "line"
    assert actor(None, "file") == "file"
    assert actor(None) == "login"


def test_nobody_is_logged_in(monkeypatch):
    def nobody():
        raise KeyError("uid")

    monkeypatch.setattr("getpass.getuser", nobody)

    with pytest.raises(BadInput, match="--as"):
        actor(None)


def test_the_same_content_has_the_same_key_in_the_same_home_only(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"

    assert key_of_filing(one, "m", CONTENT) == key_of_filing(one, "m", dict(reversed(CONTENT.items())))
    assert key_of_filing(one, "m", CONTENT) != key_of_filing(other, "m", CONTENT)
    assert key_of_filing(one, "m", CONTENT) != key_of_filing(one, "n", CONTENT)
    assert key_of_filing(one, "m", CONTENT) != key_of_filing(one, "m", {**CONTENT, "letter": "x"})


def test_many_that_begin_at_once_agree_on_one_secret(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: key_of_filing(tmp_path / "home", "m", CONTENT), range(32)))

    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["filing.secret"]


def test_a_secret_that_is_none_is_not_used(tmp_path):
    (tmp_path / "filing.secret").write_bytes(b"short")

    with pytest.raises(BadSetting, match="BANJIE_HOME"):
        key_of_filing(tmp_path, "m", CONTENT)


def test_a_home_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(BadSetting, match="BANJIE_HOME"):
        key_of_filing(tmp_path / "file" / "home", "m", CONTENT)


def test_what_has_no_canonical_form_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"1\.5"):
        key_of_filing(tmp_path, "m", {**CONTENT, "form": {"n": 1.5}})


def test_every_act_has_a_key_of_its_own():
    assert fresh_key() != fresh_key()
