"""A request is told by its kind, never by what somebody typed into the address."""

from __future__ import annotations

import logging

import pytest
from starlette.testclient import TestClient

from portal.access_log import request_id
from portal.app import app
from portal.standby import Standby
from workflow.bootstrap import bootstrap
from workflow.config import Settings


@pytest.fixture
def client(tmp_path):
    settings = Settings.from_environment({"BANJIE_HOME": str(tmp_path / "home")})
    with TestClient(app(Standby(lambda: bootstrap(settings))), raise_server_exceptions=False) as browser:
        yield browser


@pytest.fixture
def told(caplog):
    """The fields of the lines said so far, by event."""
    caplog.set_level(logging.INFO, "portal")
    return lambda: [
        (record.getMessage(), record.fields) for record in caplog.records if hasattr(record, "fields")
    ]


def test_a_request_is_told_once_by_its_pattern(client, told):
    answer = client.get(
        "/matters/transfer-into-beijing?q=王小明&code=SECRET", headers={"x-request-id": "abcd-1234"}
    )

    assert answer.headers["x-request-id"] == "abcd-1234"
    ((event, fields),) = told()
    assert event == "request"
    assert (fields["request_id"], fields["method"], fields["status"]) == ("abcd-1234", "GET", 200)
    assert fields["route"] == "/matters/{code}"
    assert "SECRET" not in str(fields)


def test_what_is_nowhere_is_not_repeated(client, told):
    assert client.get("/王小明/13812345678").status_code == 404

    ((_, fields),) = told()
    assert fields["route"] == "-"


def test_an_unknown_method_is_a_word_of_ours(client, told):
    client.request("13812345678", "/")

    ((_, fields),) = told()
    assert fields["method"] == "OTHER"


@pytest.mark.parametrize("asked", ["", "short", "x" * 65, "a b c d e f", "11010519491231002X", "line\nbreak"])
def test_an_id_that_is_none_is_replaced(asked):
    assert request_id(asked) != asked
    assert len(request_id(asked)) == 36


def test_what_machines_ask_all_day_is_told_only_when_it_fails(client, told):
    client.get("/healthz")
    assert told() == []
    client.get("/readyz")

    ((event, fields),) = told()
    assert (event, fields["status"]) == ("request", 503)
