"""What every answer tells the browser: load nothing from elsewhere, be framed by nobody, pass no address on, keep nothing
that concerns a case.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

ALWAYS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

_A_YEAR: Final = 31_536_000


class SecurityHeaders:
    """Sets the headers on every answer, errors included; an endpoint's own value for one of them stands."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", _caching(scope["path"]))
                if scope["scheme"] == "https":
                    headers.setdefault("strict-transport-security", f"max-age={_A_YEAR}")
            await send(message)

        await self.app(scope, receive, told)


def _caching(path: str) -> str:
    """Style and icon carry their digest in the address; everything else depends on the reader and the moment."""
    if path.startswith("/static/"):
        return f"public, max-age={_A_YEAR}, immutable"
    return "no-store" if "/cases" in path else "no-cache"
