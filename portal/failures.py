"""Errors as people and programs see them: a page in the reader's language, or problem+json (RFC 9457) with the code.

What went wrong inside is written to the log and not told: a reason may name files, hosts and statements.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from portal.access_log import route_of
from portal.headers import ALWAYS
from portal.language import chosen
from portal.pages import page
from workflow.errors import BanjieError
from workflow.operation.logs import Log
from workflow.operation.redaction import reason
from workflow.texts import error_text, t

MEDIA: Final = "application/problem+json"
_LOG = Log("portal.failures")
_TOLD: Final = {400, 403, 404, 405, 422, 500, 503}
_CODES: Final = {
    400: "bad_input",
    403: "not_authorised",
    404: "not_found",
    405: "method_not_allowed",
    422: "bad_fields",
}


def install(app: FastAPI) -> None:
    """Answer every error of the tree, of the framework and of the program."""
    app.add_exception_handler(BanjieError, _banjie_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _wrong_fields)
    app.add_exception_handler(SQLAlchemyError, _unexpected)
    app.add_exception_handler(Exception, _unexpected)


def answer(
    request: Request, status: int, code: str, detail: str | None = None, headers: Any = None
) -> Response:
    """The error as a problem for programs under /api, as a page for everybody else."""
    lang = chosen(request)
    known = status if status in _TOLD else 500 if status >= 500 else 400
    title, advice = t(f"portal.errors.{known}", lang), t(f"portal.errors.advice.{known}", lang)
    if request.url.path.startswith("/api"):
        problem = {
            "type": f"urn:banjie:problem:{code}",
            "title": title,
            "status": status,
            "detail": detail or advice,
            "code": code,
        }
        response: Response = JSONResponse(problem, status, media_type=MEDIA)
        response.headers["content-language"] = lang
    else:
        response = page(request, "error.html", status=status, title=title, advice=advice, code=code)
    response.headers.update(headers or {})
    return response


def _banjie_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, BanjieError)  # noqa: S101 - this is the handler of that class
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.error("not_served", route=route_of(request.scope), code=error.code, reason=reason(error))
        retry = {"retry-after": "30"} if error.status == HTTPStatus.SERVICE_UNAVAILABLE else None
        return answer(request, error.status, error.code, headers=retry)
    return answer(request, error.status, error.code, error_text(error, chosen(request)))


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - this is the handler of that class
    code = _CODES.get(error.status_code, "bad_input" if error.status_code < 500 else "internal")
    return answer(request, error.status_code, code, headers=error.headers)


def _wrong_fields(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - this is the handler of that class
    # Only where and what kind: the value itself may be a query code.
    told = "; ".join(f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in error.errors())
    return answer(request, 422, "bad_fields", told)


def _unexpected(request: Request, error: Exception) -> Response:
    # Being handled here or not, it is told without its message, which may repeat what somebody typed.
    _LOG.failed("request_failed", error, route=route_of(request.scope))
    # This answer is made outside of everything that would add the headers.
    return answer(request, 500, BanjieError.code, headers=ALWAYS | {"cache-control": "no-store"})
