"""One line for each request: its id, which kind of page, how it ended and how long it took.

Never the address as it was typed: it may hold a query code, which opens a case, or somebody's name. The server's own log
of requests, which would repeat it, is silent (`workflow.operation.logs`). The id is the caller's `X-Request-ID` if it is
one, and is given back; with the command that came of the request it stands in the same line.
"""

from __future__ import annotations

import re
from time import perf_counter
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workflow.operation import doing
from workflow.operation.logs import Log
from workflow.operation.metrics import request_answered
from workflow.operation.tracing import request_span

HEADER: Final = "x-request-id"
OFTEN: Final = frozenset({"/healthz", "/readyz", "/metrics", "/static"})
"""Asked by machines every few seconds; told in the metrics only, unless they fail."""

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BROKEN: Final = 500

log = Log("portal.requests")


class Requests:
    """Gives each request its id, and tells of it when it has been answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request = request_id(headers.get(HEADER, ""))
        doing.begin(request)
        began, status = perf_counter(), _BROKEN

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request
            await send(message)

        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        with request_span(method, headers) as span:
            try:
                await self._app(scope, receive, sending)
            finally:
                took = perf_counter() - began
                route = route_of(scope)
                span.answered(route, status)
                request_answered(route, status, took)
                if route not in OFTEN or status >= _BROKEN:
                    ms = round(took * 1000, 1)
                    log.info("request", method=method, route=route, status=status, ms=ms)


def request_id(asked: str) -> str:
    """The caller's id where it is one and cannot be somebody's number, else a new one."""
    return asked if _ID.fullmatch(asked) and doing.told(asked) == asked else str(uuid4())


def route_of(scope: Scope) -> str:
    """The pattern of the address, as `/cases/{no}`; a dash where nothing has that address."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) and path else "-"
