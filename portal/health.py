"""What machines ask: is the process alive, can it serve, and how much is waiting."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.responses import JSONResponse, PlainTextResponse

from portal.standby import Here
from workflow.domain.definition import Colour
from workflow.queries.gauges import Gauges, gauges

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def alive() -> JSONResponse:
    """The process answers; nothing else is looked at."""
    return JSONResponse({"alive": True})


@router.get("/readyz")
def ready(standby: Here) -> JSONResponse:
    """Whether the catalogue, the database and its schema are in order: 200, else 503 with the reasons."""
    faults = standby.check()
    able = not any(faults.values())
    body = {"ready": able, "checks": {part: fault or "ok" for part, fault in faults.items()}}
    if not able:
        body["checks"] = {part: fault for part, fault in faults.items() if fault}
    return JSONResponse(body, 200 if able else 503)


@router.get("/metrics")
def metrics(standby: Here) -> PlainTextResponse:
    """The gauges in Prometheus' text format 0.0.4."""
    text = "".join(_lines(gauges(standby.store())))
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4")


def _lines(now: Gauges) -> Iterator[str]:
    yield "# HELP banjie_oldest_due_seconds Seconds since the oldest undone work fell due.\n"
    yield "# TYPE banjie_oldest_due_seconds gauge\n"
    yield f"banjie_oldest_due_seconds {now.oldest_due_seconds}\n"
    yield "# HELP banjie_jobs_undone Automatic steps that are asked for and not done.\n"
    yield "# TYPE banjie_jobs_undone gauge\n"
    yield f"banjie_jobs_undone {now.jobs_undone}\n"
    yield "# HELP banjie_findings_open Accountability findings that stand.\n"
    yield "# TYPE banjie_findings_open gauge\n"
    for colour in Colour:
        yield f'banjie_findings_open{{colour="{colour}"}} {now.findings_open.get(colour, 0)}\n'
