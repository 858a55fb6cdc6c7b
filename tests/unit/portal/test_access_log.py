"""No query code in the log of requests."""

from __future__ import annotations

import logging

import pytest

from portal.access_log import WithoutCodes, blotted, install


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("/cases?no=A-1&code=ABC", "/cases?no=A-1&code=***"),
        ("/api/v1/public/cases/A-1?code=ABC&lang=en", "/api/v1/public/cases/A-1?code=***&lang=en"),
        ("/cases?CODE=ABC", "/cases?CODE=***"),
        ("/cases?code=", "/cases?code=***"),
        ("/notices?after=code", "/notices?after=code"),
        ("/matters/code=1", "/matters/code=1"),
    ],
)
def test_a_code_is_blotted_out_of_an_address(address, written):
    assert blotted(address) == written


def test_the_servers_own_record_passes_without_it(caplog):
    install()
    install()
    log = logging.getLogger("uvicorn.access")

    assert len([one for one in log.filters if isinstance(one, WithoutCodes)]) == 1
    with caplog.at_level(logging.INFO, "uvicorn.access"):
        log.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", "/cases?no=A&code=SECRET", "1.1", 200)
    assert "SECRET" not in caplog.text
    assert "code=*** HTTP/1.1" in caplog.text
