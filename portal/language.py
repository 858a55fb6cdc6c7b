"""Which language a reader gets: what the address says, else what he chose before, else what his browser asks for."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.responses import Response

from workflow.texts import CHINESE, ENGLISH, Language

COOKIE: Final = "lang"
_YEAR: Final = 365 * 24 * 3600


def chosen(request: Request) -> Language:
    """`?lang=`, the cookie, `Accept-Language`, in this order; Chinese when none of them says."""
    return (
        known(request.query_params.get("lang"))
        or known(request.cookies.get(COOKIE))
        or accepted(request.headers.get("accept-language", ""))
        or CHINESE
    )


def known(tag: str | None) -> Language | None:
    """The language that a tag such as `en-GB` or `zh` means, None if it is none of ours."""
    primary = (tag or "").strip().lower().partition("-")[0]
    return {"zh": CHINESE, "en": ENGLISH}.get(primary)


def accepted(header: str) -> Language | None:
    """The language of ours that an Accept-Language header weighs most (RFC 9110 §12.5.4); the first of equals."""
    best: tuple[float, Language] | None = None
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        language = known(tag)
        quality = _quality(weight)
        if language is not None and quality > 0 and (best is None or quality > best[0]):
            best = (quality, language)
    return best[1] if best else None


def remember(request: Request, response: Response) -> None:
    """Keep the language that the address asked for; nothing else is kept about a reader."""
    asked = known(request.query_params.get("lang"))
    if asked is not None:
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, asked, max_age=_YEAR, httponly=True, samesite="lax", secure=secure)


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


Reader = Annotated[Language, Depends(chosen)]
"""An endpoint's parameter: the reader's language."""
