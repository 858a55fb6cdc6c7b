"""Traces."""

from __future__ import annotations

from workflow.engine.watching import Watch
from workflow.operation.metrics import WATCH


def watched() -> Watch:
    """The `watch` of this process."""
    return WATCH
