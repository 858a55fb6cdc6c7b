"""The portal: `uvicorn portal.app:app --factory`.

It is put together without touching database or definitions; they are opened when the first request needs them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from portal import failures, handouts, health, public
from portal.access_log import Requests
from portal.api import public as public_api
from portal.headers import SecurityHeaders
from portal.pages import STATIC
from portal.standby import Standby
from workflow.engine.presence import Presence
from workflow.operation.logs import configure_logs
from workflow.operation.tracing import begin_tracing


def app(standby: Standby | None = None) -> FastAPI:
    """The web application, on the installation that the environment names unless another is given."""
    if standby is None:
        # A process of our own, then: before the server says its first word.
        configure_logs("portal")
        begin_tracing("portal")
    standby = standby or Standby()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        presence = Presence("portal", standby.store, lambda _: standby.recheck())
        presence.start()
        yield
        presence.stop()
        standby.close()

    made = FastAPI(
        title="Banjie (办结)",
        version=version("banjie"),
        description="Administrative approvals in the open: matters, cases by their slips, public notices, statistics.",
        openapi_url="/api/openapi.json",
        # The pages of these would load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    made.state.standby = standby
    made.state.registry = health.registry_of(standby)
    made.include_router(health.router)
    made.include_router(public.router)
    made.include_router(handouts.router)
    made.include_router(public_api.router)
    made.mount("/static", StaticFiles(directory=STATIC), name="static")
    failures.install(made)
    made.add_middleware(SecurityHeaders)
    made.add_middleware(Requests)
    return made
