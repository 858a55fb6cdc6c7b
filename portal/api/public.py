"""`/api/v1` for everybody: matters, a case by its slip, notices and statistics. Every request only reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Response

from portal.language import Reader
from portal.standby import Here
from workflow.catalog.guide import Guide, MatterCard, cards, guide
from workflow.exchange.figures.open_data import as_csv, open_data, plain
from workflow.queries.notices import PAGE, NoticePage, standing
from workflow.queries.public import CaseStatus, status
from workflow.queries.statistics import Statistics, statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error (RFC 9457); `code` is stable and meant for programs."""

    type: str
    title: str
    status: int
    detail: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matters:
    """The matters that are shown to the public."""

    matters: tuple[MatterCard, ...]


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "model": Problem}


_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    422: _problem("A parameter is missing or wrong"),
    503: _problem("The database or the catalogue cannot be used at present"),
}
_NOT_FOUND: Final[dict[int | str, dict[str, Any]]] = {
    404: _problem("There is no such thing, or the code is wrong")
}

router = APIRouter(prefix="/api/v1", responses=_PROBLEMS)

Lang = Annotated[
    Literal["zh-CN", "en"] | None,
    Query(description="Language of texts; else the Accept-Language header decides"),
]


@router.get("/matters", tags=["matters"], summary="All matters with their regime and provenance")
def all_matters(standby: Here, reader: Reader, lang: Lang = None) -> Matters:
    return Matters(matters=cards(standby.catalog(), lang or reader, standby.now()))


@router.get(
    "/matters/{code}", tags=["matters"], summary="The service guide of a matter", responses=_NOT_FOUND
)
def one_matter(
    standby: Here, reader: Reader, code: Annotated[str, Path(max_length=100)], lang: Lang = None
) -> Guide:
    return guide(standby.catalog(), code, lang or reader, standby.now())


@router.get(
    "/public/cases/{no}",
    tags=["cases"],
    summary="Where a case is, by its number and the query code of its slip",
    responses=_NOT_FOUND,
)
def one_case(
    standby: Here,
    reader: Reader,
    no: Annotated[str, Path(max_length=100)],
    code: Annotated[
        str, Query(max_length=100, description="The query code printed on the slip (人事服务单)")
    ],
    lang: Lang = None,
) -> CaseStatus:
    return status(standby.store(), standby.present_catalog(), no, code, lang or reader)


@router.get("/notices", tags=["notices"], summary="Notices that stand now, the latest first")
def all_notices(
    standby: Here,
    reader: Reader,
    kind: Annotated[
        Literal["before", "after"],
        Query(description="before: 公示, before the decision takes effect; after: 公开"),
    ] = "before",
    after: Annotated[str | None, Query(max_length=200, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
    lang: Lang = None,
) -> NoticePage:
    return standing(
        standby.store(),
        standby.catalog(),
        lang or reader,
        before_effect=kind == "before",
        after=after,
        limit=limit,
    )


@router.get("/public/statistics", tags=["statistics"], summary="Filed, concluded, on time, by matter")
def all_figures(standby: Here, reader: Reader, lang: Lang = None) -> Statistics:
    return statistics(standby.store(), standby.catalog(), lang or reader)


Year = Annotated[int, Path(ge=2000, le=2400, description="Year of the conclusion")]


@router.get("/public/statistics/{year}.csv", tags=["statistics"], summary="Open data of a year as CSV")
def figures_of_a_year_as_csv(standby: Here, year: Year) -> Response:
    content = as_csv(open_data(standby.store(), standby.catalog(), year))
    return Response(content, media_type="text/csv; charset=utf-8")


@router.get(
    "/public/statistics/{year}", tags=["statistics"], summary="Open data of a year, small counts held back"
)
def figures_of_a_year(standby: Here, year: Year) -> dict[str, Any]:
    return plain(open_data(standby.store(), standby.catalog(), year))
