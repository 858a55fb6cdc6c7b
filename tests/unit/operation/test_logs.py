"""One line of JSON per event, with the ids of what the thread is at, and nothing of people in it."""

from __future__ import annotations

import io
import json
import logging
import warnings

import pytest

from workflow.errors import BadInput, DatabaseUnavailable
from workflow.operation import doing
from workflow.operation.logs import Log, configure_logs, line

NAME, ID, PHONE, MAIL = "王小明", "11010519491231002X", "13812345678", "wang@example.cn"


@pytest.fixture
def stderr(monkeypatch):
    """Logging as a process has it, and as it was afterwards; gives where it goes."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with warnings.catch_warnings():
        configure_logs("portal")
        yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def logs(stderr):
    """The lines said so far."""
    return lambda: [json.loads(one) for one in stderr.getvalue().splitlines()]


@pytest.fixture
def at():
    """What this thread is at, and then nothing."""
    yield doing
    doing._NOW.set(None)


def test_a_line_says_what_the_thread_is_at(logs, at):
    at.begin("req-1")
    at.note("0f4d1a0e-5c58-4d25-9a4f-0d2a34a8f7a1", "filing:1")
    Log("portal.x").info("said")

    (said,) = logs()
    assert said["event"] == "said"
    assert said["request_id"] == "req-1"
    assert said["case_id"] == "0f4d1a0e-5c58-4d25-9a4f-0d2a34a8f7a1"
    assert said["command_id"] == "filing:1"


def test_a_request_stays_what_it_is_and_a_look_does_not(logs, at):
    at.note("c", "k")
    at.end()
    Log("workers.x").info("between")
    at.begin("req-2")
    at.note("c", "k")
    at.end()
    Log("portal.x").info("answered")

    between, answered = logs()
    assert "case_id" not in between
    assert answered["case_id"] == "c"


@pytest.mark.parametrize("key", [ID, PHONE, f"{NAME}:1", "a b", "x" * 101, "line\nbreak", f"row-{ID}"])
def test_a_key_that_may_be_somebodys_is_told_as_its_hash(key):
    assert doing.told(key).startswith("sha256:")


@pytest.mark.parametrize(
    "key", ["job:7:automatic", "0f4d1a0e-5c58-4d25-9a4f-0d2a34a8f7a1", "rung:acceptance:1:yellow:1"]
)
def test_a_key_of_the_machine_is_told_as_it_is(key):
    assert doing.told(key) == key


def nothing_of_people(text):
    return not [one for one in (NAME, ID, PHONE, MAIL) if one in text]


def test_fields_and_libraries_lose_what_may_be_somebodys(stderr):
    Log("workers.x").error("odd", reason=f"{NAME} {ID}", more={"tel": [PHONE]}, mail=MAIL)
    logging.getLogger("kombu").error("sent to %s, %s", NAME, ID)
    logging.getLogger("kombu").error(f"sent to {NAME}, {PHONE}, {MAIL}")  # noqa: G004 - as libraries do
    logging.getLogger("apprise").error(f"no mail to {MAIL}")  # noqa: G004
    logging.getLogger("uvicorn.access").error("GET /cases?code=SECRET")

    text = stderr.getvalue()
    assert nothing_of_people(text)
    assert [json.loads(one)["event"] for one in text.splitlines()] == [
        "odd",
        "sent to %s, %s",
        "sent to …, …, …",
    ]


def refuse():
    """What a fault of ours looks like: one error behind another, with somebody's values in both."""
    try:
        int(f"{NAME} {ID}")
    except ValueError as error:
        raise BadInput(reason=f"{PHONE} is no number") from error


def unavailable(reason):
    raise DatabaseUnavailable(reason=reason)


def test_of_an_exception_the_kind_and_place_are_told_not_the_message(stderr):
    try:
        refuse()
    except BadInput:
        Log("portal.x").exception("request_failed")

    text = stderr.getvalue()
    assert nothing_of_people(text)
    trace = json.loads(text)["trace"]
    assert "ValueError" in trace
    assert "BadInput(bad_input)" in trace
    assert "test_logs.py:" in trace


def test_the_reason_of_machinery_is_kept_without_its_password(logs):
    try:
        unavailable("致命错误: postgresql://banjie:geheim@db refuses")
    except DatabaseUnavailable:
        Log("workers.x").exception("skipped")

    (said,) = logs()
    assert "致命错误" in said["trace"]
    assert "geheim" not in said["trace"]


@pytest.mark.parametrize("evil", ["a\r\nb", "\x1b[31mred", "\x9b31m", "\u202eright", "\u2028next", "\x00"])
def test_nothing_breaks_a_line_or_steers_a_terminal(stderr, evil):
    Log("workers.x").warning("odd", field=evil)
    logging.getLogger("kombu").warning(evil)

    text = stderr.getvalue()
    lines = text.split("\n")
    assert len(lines) == 3
    assert lines[2] == ""
    assert all(one.isprintable() for one in lines)
    assert json.loads(lines[0])["field"] == evil


def test_dates_are_nobodys_numbers(logs):
    Log("workers.x").info("seen", at="2026-09-07 01:00:00.123456+00:00", on="2026-09-07", no="A-2026-00001")

    (said,) = logs()
    assert said["at_"] == "2026-09-07 01:00:00.123456+00:00"
    assert (said["on"], said["no"]) == ("2026-09-07", "A-2026-00001")


def test_a_line_of_a_file_is_as_safe():
    said = json.loads(line("command_failed", "cli", command=f"case show {ID}", reason=NAME))

    assert nothing_of_people(json.dumps(said, ensure_ascii=False))
    assert said["event"] == "command_failed"
