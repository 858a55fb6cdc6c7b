"""Traces, where an organ wants them: spans of requests, commands, looks and the relay's rounds (`banjie[otel]`).

They are made only if `OTEL_EXPORTER_OTLP_ENDPOINT` is set and the extra is installed; else nothing of it is imported and
nothing is paid. A span says the kind of command, the case as a hash and the command's id, which stands in the events as
well; never a value. The context of whoever calls the portal (`traceparent`) is taken up.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from workflow.engine.watching import Look, Watch
from workflow.operation import doing
from workflow.operation.logs import Log
from workflow.operation.metrics import WATCH

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

NAMES: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

log = Log("workflow.tracing")

_TRACER: list[Tracer] = []


def begin_tracing(part: str) -> bool:
    """Send spans to the collector that the environment names; whether this process now does. Called once, at its start."""
    if not any(os.environ.get(name) for name in NAMES) or os.environ.get("OTEL_SDK_DISABLED") == "true":
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError:
        log.warning("traces_not_installed", extra="banjie[otel]")
        return False
    provider = TracerProvider(resource=Resource.create({"service.name": f"banjie-{part}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    use(provider.get_tracer("banjie"))
    return True


def use(tracer: Tracer | None) -> None:
    """Make spans by this tracer, or none."""
    _TRACER[:] = [] if tracer is None else [tracer]


def watched() -> Watch:
    """The `watch` of this process: measured, and traced if traces are wanted."""
    return _traced if _TRACER else WATCH


def hashed(case_id: str) -> str:
    """A case as a trace has it: traces leave the house more easily than logs do."""
    return hashlib.sha256(case_id.encode()).hexdigest()[:16]


class _Traced:
    """One thing being done: measured, with a span around it."""

    __slots__ = ("_measured", "_span")

    def __init__(self, what: str, case_id: str, command: str) -> None:
        self._measured = WATCH(what, case_id, command)
        known = {"banjie.command": what, "banjie.case": hashed(case_id) if case_id else ""}
        known["banjie.command_id"] = doing.told(command) if command else ""
        given = {name: value for name, value in known.items() if value}
        kind = "advance" if what.startswith("advance") else "handle"
        # Neither the message of an error nor its trace: both may repeat a value.
        self._span: AbstractContextManager[Any] = _TRACER[0].start_as_current_span(
            f"{kind} {what}" if kind == "handle" else what,
            attributes=given,
            record_exception=False,
            set_status_on_exception=False,
        )

    def __enter__(self) -> Self:
        self._span.__enter__()
        self._measured.__enter__()
        return self

    def did(self, things: int, hand: str, late: Sequence[float]) -> None:
        self._measured.did(things, hand, late)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._measured.__exit__(kind, error, trace)
        if kind is not None:
            _current().set_attribute("error.type", getattr(kind, "code", kind.__name__))
        self._span.__exit__(kind, error, trace)


def _traced(what: str, case_id: str, command: str) -> Look:
    return _Traced(what, case_id, command)


def _current() -> Any:
    from opentelemetry.trace import get_current_span  # noqa: PLC0415 - only where there is one

    return get_current_span()


class RequestSpan(Protocol):
    """A request being answered."""

    def answered(self, route: str, status: int) -> None:
        """It has been answered."""


class _NoSpan:
    def answered(self, route: str, status: int) -> None:
        pass


class _Span:
    def __init__(self, method: str) -> None:
        self._method = method

    def answered(self, route: str, status: int) -> None:
        span = _current()
        span.update_name(f"{self._method} {route}")
        span.set_attribute("http.route", route)
        span.set_attribute("http.response.status_code", status)
        if told := doing.now().get("command_id"):
            span.set_attribute("banjie.command_id", told)


@contextmanager
def request_span(method: str, headers: Mapping[str, str]) -> Iterator[RequestSpan]:
    """A span around a request, in the context of whoever calls."""
    if not _TRACER:
        yield _NoSpan()
        return
    from opentelemetry.trace import SpanKind  # noqa: PLC0415 - an extra
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    carried = {name: headers[name] for name in ("traceparent", "tracestate") if name in headers}
    context = TraceContextTextMapPropagator().extract(carried)
    with _TRACER[0].start_as_current_span(
        method,
        context=context,
        kind=SpanKind.SERVER,
        attributes={"http.request.method": method},
        record_exception=False,
        set_status_on_exception=False,
    ):
        yield _Span(method)


def relay_span(cases: int) -> AbstractContextManager[Any]:
    """A span around a round of the relay that sends hints at so many cases."""
    if not _TRACER:
        return nullcontext()
    return _TRACER[0].start_as_current_span(
        "relay", attributes={"banjie.cases": cases}, record_exception=False, set_status_on_exception=False
    )
