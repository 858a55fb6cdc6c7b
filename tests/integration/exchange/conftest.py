"""Logs made up for one test, as the unit tests make them."""

from tests.unit.exchange.conftest import write_log

__all__ = ["write_log"]
