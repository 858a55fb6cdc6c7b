"""What the acceptance tests share: the catalogue, read once."""

from __future__ import annotations

import pytest

from workflow.catalog.loader import Catalog, load
from workflow.texts import shipped_definitions


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The shipped definitions."""
    return load((shipped_definitions(),))
