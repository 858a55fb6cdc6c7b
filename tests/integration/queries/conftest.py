"""The office of the engine's tests, for what is read across its cases."""

from __future__ import annotations

from tests.integration.engine.conftest import office

__all__ = ["office"]
