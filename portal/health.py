"""What machines ask: is the process alive, can it serve, and what did it measure."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry
from starlette.responses import JSONResponse, Response

from portal.standby import Here, Standby
from workflow.operation.broker import broker_fault
from workflow.operation.exposition import Database, registry, text
from workflow.operation.metrics import note_memory

PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def alive() -> JSONResponse:
    """The process answers; nothing else is looked at."""
    return JSONResponse({"alive": True})


@router.get("/readyz")
def ready(standby: Here) -> JSONResponse:
    """Whether the catalogue, the database and its schema are in order: 200, else 503 with the reasons.

    What makes it worse and not unable is told in `notes`, and is still 200: without the broker everything happens, a little
    later.
    """
    faults = standby.check()
    able = not any(faults.values())
    body: dict[str, object] = {
        "ready": able,
        "checks": {part: fault or "ok" for part, fault in faults.items() if able or fault},
    }
    if notes := _notes(standby):
        body["notes"] = notes
    return JSONResponse(body, 200 if able else 503)


def _notes(standby: Standby) -> dict[str, str]:
    url = standby.broker_url
    fault = broker_fault(url) if url else None
    return {} if fault is None else {"broker": f"it does not answer; work is done a little later: {fault}"}


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """What this process measured, and the gauges of the database, in Prometheus' text format."""
    note_memory("portal")
    return Response(text(request.app.state.registry), media_type=PROMETHEUS)


def registry_of(standby: Standby) -> CollectorRegistry:
    """What `/metrics` of a portal tells."""
    return registry(Database(standby.store))
