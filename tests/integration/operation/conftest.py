"""The command line, in a home of its own."""

from __future__ import annotations

from tests.integration.cli.conftest import banjie, empty_home, home

__all__ = ["banjie", "empty_home", "home"]
