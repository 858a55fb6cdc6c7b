"""What holds for every test: the same examples from Hypothesis on every run, and nothing taken from the surroundings."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# Seconds differ between machines, so no deadline; a failing example is found again because the search is the same each run.
settings.register_profile("banjie", deadline=None, derandomize=True, print_blob=False)
settings.load_profile("banjie")


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch):
    """A developer's own BANJIE_ settings must not reach a test; BANJIE_TEST_ ones are meant for it."""
    for name in list(os.environ):
        if name.startswith("BANJIE_") and not name.startswith("BANJIE_TEST_"):
            monkeypatch.delenv(name)
