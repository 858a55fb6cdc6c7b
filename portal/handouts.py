"""What the public takes with it: flow charts, guides and cards to print, the disclosure catalogue. Nothing here writes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from portal.language import Reader
from portal.pages import page
from portal.standby import Here, Standby
from workflow.catalog.categories import load_categories
from workflow.catalog.disclosure import Disclosure, disclosure
from workflow.catalog.drawing.bpmn import bpmn
from workflow.catalog.drawing.chart import chart
from workflow.catalog.drawing.svg import svg
from workflow.catalog.guide import public_matter
from workflow.config import Settings
from workflow.documents.catalogue import catalogue_csv, catalogue_json, catalogue_sheet
from workflow.documents.handout import card_pdf, guide_pdf
from workflow.domain.reckoning import civil_date

if TYPE_CHECKING:
    from workflow.catalog.loader import Matter

router = APIRouter(include_in_schema=False)
shown_at = partial(router.api_route, methods=["GET", "HEAD"])

_KEPT: Final = 256
Step: TypeAlias = Annotated[str | None, Query(max_length=100)]
Shape: TypeAlias = Annotated[Literal["wide", "narrow"], Query()]


class _Shelf:
    """The last papers made: a definition, a language and a day always give the same bytes, so one is made once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._papers: OrderedDict[tuple[str, ...], bytes] = OrderedDict()

    def take(self, key: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
        """The paper of that key, made if it is not there. One at a time: making one takes a whole core."""
        with self._lock:
            if key not in self._papers:
                self._papers[key] = make()
                while len(self._papers) > _KEPT:
                    self._papers.popitem(last=False)
            self._papers.move_to_end(key)
            return self._papers[key]


_shelf = _Shelf()


@shown_at("/matters/{code}/chart.svg")
def flow_chart(standby: Here, lang: Reader, code: str, state: Step = None, shape: Shape = "wide") -> Response:
    """The flow chart; `state` is marked as the current step if the matter (still) has it."""
    matter = public_matter(standby.catalog(), code)
    current = state if state in matter.definition.states else None
    day = civil_date(standby.now(), matter.definition.zone)

    def make() -> bytes:
        drawn = chart(standby.catalog(), matter, lang, day, state=current, narrow=shape == "narrow")
        return svg(drawn).encode()

    key = ("chart", matter.definition.hash, code, lang, str(day), current or "", shape)
    return Response(_shelf.take(key, make), media_type="image/svg+xml", headers=_by_language())


@shown_at("/matters/{code}/process.bpmn")
def process_model(standby: Here, lang: Reader, code: str) -> Response:
    """The matter as BPMN 2.0, for modelling tools."""
    matter = public_matter(standby.catalog(), code)
    day = civil_date(standby.now(), matter.definition.zone)
    key = ("bpmn", matter.definition.hash, code, lang, str(day))
    content = _shelf.take(key, lambda: bpmn(standby.catalog(), matter, lang, day))
    return Response(content, media_type="application/xml", headers=_by_language(f"{code}.bpmn"))


@shown_at("/matters/{code}/guide.pdf")
def printed_guide(standby: Here, lang: Reader, code: str) -> Response:
    """The service guide (办事指南) to print."""
    matter = public_matter(standby.catalog(), code)
    content = _printed(
        "guide", standby, matter, lang, lambda now: guide_pdf(standby.catalog(), code, lang, now)
    )
    return Response(content, media_type="application/pdf", headers=_by_language(f"{code}-guide.pdf"))


@shown_at("/matters/{code}/card.pdf")
def printed_card(standby: Here, lang: Reader, code: str) -> Response:
    """The plain-language card (明白卡) to print."""
    matter = public_matter(standby.catalog(), code)
    content = _printed(
        "card", standby, matter, lang, lambda now: card_pdf(standby.catalog(), code, lang, now)
    )
    return Response(content, media_type="application/pdf", headers=_by_language(f"{code}-card.pdf"))


@shown_at("/catalogue")
def catalogue(request: Request, standby: Here, lang: Reader) -> Response:
    """The disclosure catalogue (公开目录) and what it lacks."""
    return page(request, "catalogue.html", sheet=catalogue_sheet(_disclosed(standby, lang), lang))


@shown_at("/catalogue.json")
def catalogue_as_json(standby: Here, lang: Reader) -> Response:
    """The catalogue for programs."""
    return JSONResponse(catalogue_json(_disclosed(standby, lang)), headers=_by_language())


@shown_at("/catalogue.csv")
def catalogue_as_csv(standby: Here, lang: Reader) -> Response:
    """The catalogue for spreadsheets."""
    content = catalogue_csv(_disclosed(standby, lang), lang)
    return Response(content, media_type="text/csv", headers=_by_language("catalogue.csv"))


def _printed(kind: str, standby: Standby, matter: Matter, lang: str, make: Callable[..., bytes]) -> bytes:
    now = standby.now()
    day = civil_date(now, matter.definition.zone)
    return _shelf.take((kind, matter.definition.hash, matter.code, lang, str(day)), lambda: make(now))


def _disclosed(standby: Standby, lang: str) -> Disclosure:
    categories = load_categories(Settings.from_environment().definition_folders())
    return disclosure(standby.catalog(), categories, lang, standby.now())


def _by_language(name: str | None = None) -> dict[str, str]:
    """Which answer this is depends on the reader; a named file keeps its name when it is saved."""
    vary = {"vary": "accept-language, cookie"}
    return vary if name is None else {**vary, "content-disposition": f'inline; filename="{name}"'}
