"""The pages for everybody: guides, looking up a case by its slip, public notices, statistics. Nothing here writes."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, Response

from portal.language import Reader
from portal.pages import page
from portal.standby import Here, of
from workflow.catalog.guide import cards, guide
from workflow.documents.rendering import style_source
from workflow.documents.slip import slip, slip_facts
from workflow.domain.publication import SMALL
from workflow.domain.reckoning import civil_date
from workflow.errors import UnknownCase
from workflow.queries.notices import ended, standing
from workflow.queries.public import opened, status, tidy
from workflow.queries.statistics import statistics

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
shown_at = partial(router.api_route, methods=["GET", "HEAD"])

ZONE: Final = "Asia/Shanghai"
"""The zone of the site's own dates; a case's dates are those of its matter."""

Given = Annotated[str, Form(max_length=200)]
Asked = Annotated[str, Query(max_length=200)]


def _with_time(request: Request, template: str, **given: Any) -> HTMLResponse:
    """A page whose dates are those of the database; a simulated clock is announced on it."""
    clock = of(request).store().clock()
    today = civil_date(clock.now, ZONE)
    return page(request, template, today=today, simulated=clock.mode != "real", **given)


@shown_at("/")
def home(request: Request, standby: Here, lang: Reader) -> Response:
    return page(request, "home.html", matters=cards(standby.catalog(), lang, standby.now()))


@shown_at("/matters")
def matters(request: Request, standby: Here, lang: Reader) -> Response:
    return page(request, "matters.html", matters=cards(standby.catalog(), lang, standby.now()))


@shown_at("/matters/{code}")
def matter(request: Request, standby: Here, lang: Reader, code: str) -> Response:
    return page(request, "matter.html", guide=guide(standby.catalog(), code, lang, standby.now()))


@shown_at("/cases")
def look_up(request: Request, lang: Reader, no: Asked = "", code: Asked = "") -> Response:
    """The form; with both fields in the address, as a slip's link has them, the case itself."""
    if code:
        return _found(request, lang, no, code)
    return _with_time(request, "cases.html", no=no, wrong=False, empty=())


@router.post("/cases")
def looked_up(request: Request, lang: Reader, no: Given = "", code: Given = "") -> Response:
    """The case that number and code open. It is a POST so that the code stays out of addresses, histories and logs."""
    return _found(request, lang, no, code)


@router.post("/cases/slip")
def printed(request: Request, standby: Here, lang: Reader, no: Given = "", code: Given = "") -> Response:
    """The slip, to be printed again by who holds it."""
    store, catalog = standby.store(), standby.present_catalog()
    try:
        found = opened(store, no, code)
    except UnknownCase:
        return _nothing(request, no)
    facts = slip_facts(
        store.history(found.case.id),
        found.case,
        found.pinned,
        catalog,
        code=found.code,
        name=found.name,
        now=store.clock().now,
        lang=lang,
    )
    only_its_style = (
        f"default-src 'none'; style-src {style_source()}; base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(slip(facts, lang), headers={"content-security-policy": only_its_style})


@shown_at("/notices")
def notices(request: Request, standby: Here, lang: Reader, before: Asked = "", after: Asked = "") -> Response:
    """Both lists; `before` and `after` go on in the list of public notices and in that of disclosures."""
    store, catalog = standby.store(), standby.catalog()
    return _with_time(
        request,
        "notices.html",
        intended=standing(store, catalog, lang, before_effect=True, after=before or None),
        decided=standing(store, catalog, lang, before_effect=False, after=after or None),
        further=bool(before or after),
        ended=ended(store, catalog, lang),
        smallest=SMALL,
    )


@shown_at("/statistics")
def figures(request: Request, standby: Here, lang: Reader) -> Response:
    return _with_time(
        request, "statistics.html", figures=statistics(standby.store(), standby.catalog(), lang)
    )


def _found(request: Request, lang: str, no: str, code: str) -> Response:
    empty = tuple(name for name, value in (("no", no), ("code", code)) if not value.strip())
    if empty:
        return _with_time(request, "cases.html", status=422, no=no, wrong=False, empty=empty)
    standby = of(request)
    try:
        case = status(standby.store(), standby.present_catalog(), no, code, lang)
    except UnknownCase:
        return _nothing(request, no)
    given = {"no": case.no, "code": tidy(code)}
    return _with_time(request, "case.html", case=case, repost=given, given=given)


def _nothing(request: Request, no: str) -> Response:
    """One answer for a number that does not exist and for a code that is wrong."""
    return _with_time(request, "cases.html", status=404, no=no, wrong=True, empty=())
