"""Logs of the worker stack; see `workflow.operation.logs`."""

from __future__ import annotations

from workflow.operation.logs import Log, configure_logs

__all__ = ["Log", "configure_logs"]
