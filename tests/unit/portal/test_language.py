"""The reader's language: the address first, then what was chosen before, then what the browser asks for."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import Response

from portal.language import accepted, chosen, known, remember


def request(*, query: str = "", cookie: str = "", accept: str = "", scheme: str = "http") -> Request:
    headers = [(b"accept-language", accept.encode()), (b"cookie", cookie.encode())]
    given = {"type": "http", "method": "GET", "path": "/", "scheme": scheme, "server": ("portal", 80)}
    return Request({**given, "query_string": query.encode(), "headers": headers})


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", None),
        ("*", None),
        ("de-DE,fr;q=0.9", None),
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW", "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("fr, en;q=0.2, zh;q=0.7", "zh-CN"),
        ("en;q=0, zh;q=0.1", "zh-CN"),
        ("en;q=1.0,zh;q=1.0", "en"),
        ("en;q=nonsense", None),
        (",;q=,,", None),
    ],
)
def test_what_a_browser_asks_for(header, language):
    assert accepted(header) == language


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-CN", "zh-CN"),
        ("zh", "zh-CN"),
        ("EN-us", "en"),
        (" en ", "en"),
        ("fr", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_means_a_language_of_ours_or_none(tag, language):
    assert known(tag) == language


def test_the_address_comes_before_the_cookie_before_the_browser():
    assert chosen(request(query="lang=en", cookie="lang=zh-CN", accept="zh")) == "en"
    assert chosen(request(cookie="lang=en", accept="zh")) == "en"
    assert chosen(request(accept="en")) == "en"
    assert chosen(request()) == "zh-CN"
    assert chosen(request(query="lang=xx", cookie="lang=..", accept="??")) == "zh-CN"


def test_only_a_language_that_was_asked_for_is_kept():
    asked, silent = Response(), Response()
    remember(request(query="lang=en", scheme="https"), asked)
    remember(request(accept="en"), silent)

    cookie = asked.headers["set-cookie"]
    assert cookie.startswith("lang=en;")
    assert {"HttpOnly", "SameSite=lax", "Secure"} <= {part.strip() for part in cookie.split(";")}
    assert "set-cookie" not in silent.headers
