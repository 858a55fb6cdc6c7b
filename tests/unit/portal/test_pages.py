"""Pages: the style sheet's address, notices of a kind together, and links that carry no code."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request

from portal.pages import _address, by_notice, static
from workflow.queries.notices import Standing


def standing(matter: str, title: str, day: int) -> Standing:
    return Standing(
        matter=matter,
        matter_title=matter,
        notice=title,
        title=title,
        before_effect=True,
        published_on=date(2026, 9, day),
        provisional=False,
        facts=(),
    )


def request(path: str, query: str) -> Request:
    given = {"type": "http", "method": "GET", "path": path, "scheme": "http", "server": ("portal", 80)}
    return Request({**given, "query_string": query.encode(), "headers": []})


def test_a_file_that_changes_gets_another_address():
    address = static("portal.css")

    assert address.startswith("/static/portal.css?v=")
    assert len(address.partition("=")[2]) == 12
    assert address.partition("=")[2] != static("seal.svg").partition("=")[2]


def test_notices_of_one_kind_stand_together_where_the_first_stood():
    mixed = [standing("a", "x", 3), standing("b", "y", 2), standing("a", "x", 1)]

    groups = by_notice(mixed)

    assert [key for key, _ in groups] == [("a", "x"), ("b", "y")]
    assert [len(found) for _, found in groups] == [2, 1]


def test_the_link_to_the_other_language_keeps_the_question_but_never_the_code():
    address = _address(request("/cases", "no=A-1&code=SECRET&lang=zh-CN"), "en")

    assert address == "/cases?no=A-1&lang=en"
