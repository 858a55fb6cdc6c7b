"""Pages from templates: the words of the reader's language, the menu, and the version of the style sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from portal.language import chosen, remember
from workflow.documents.dates import in_words
from workflow.queries.notices import Standing
from workflow.texts import CHINESE, ENGLISH, t

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"

MENU: Final = (
    ("home", "/"),
    ("matters", "/matters"),
    ("cases", "/cases"),
    ("notices", "/notices"),
    ("statistics", "/statistics"),
)


def page(
    request: Request, template: str, *, status: int = 200, repost: dict[str, str] | None = None, **given: Any
) -> HTMLResponse:
    """A page. With `repost` the other language is reached by sending these fields again, not by a link that shows them."""
    lang = chosen(request)
    other = ENGLISH if lang == CHINESE else CHINESE

    def words(key: str, **fields: Any) -> str:
        return t(f"portal.{key}", lang, **fields)

    html = (
        environment()
        .get_template(template)
        .render(
            lang=lang,
            other=other,
            switch=_address(request, other),
            repost=repost,
            path=request.url.path,
            menu=MENU,
            sample=request.app.state.standby.shows_samples(),
            t=words,
            say=lambda key, **fields: t(key, lang, **fields),
            day=lambda on: in_words(on, lang),
            **given,
        )
    )
    response = HTMLResponse(html, status_code=status, headers={"vary": "accept-language, cookie"})
    remember(request, response)
    return response


def _address(request: Request, lang: str) -> str:
    """The same page in another language; a query code is never written into a link."""
    asked = [
        (name, value) for name, value in request.query_params.multi_items() if name not in {"lang", "code"}
    ]
    return f"{request.url.path}?{urlencode([*asked, ('lang', lang)])}"


@cache
def environment() -> Environment:
    """The templates; a name that is not given fails instead of being blank."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["static"] = static
    templates.filters["by_notice"] = by_notice
    return templates


def by_notice(notices: Iterable[Standing]) -> list[tuple[tuple[str, str], list[Standing]]]:
    """Notices of the same matter and kind together, each group where its first stands."""
    groups: dict[tuple[str, str], list[Standing]] = {}
    for notice in notices:
        groups.setdefault((notice.matter_title, notice.title), []).append(notice)
    return list(groups.items())


@cache
def static(name: str) -> str:
    """The address of a file in `static/`, with a digest of its content: a browser may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
