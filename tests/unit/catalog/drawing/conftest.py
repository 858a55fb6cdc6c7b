"""Every shipped matter, to be drawn."""

from __future__ import annotations

import pytest

from tests.unit.catalog.drawing.machines import CATALOG
from workflow.catalog.loader import Catalog, Matter


@pytest.fixture(scope="session", params=sorted(CATALOG.matters))
def matter(request: pytest.FixtureRequest) -> Matter:
    """Each shipped matter in turn."""
    return CATALOG.matters[request.param]


@pytest.fixture(scope="session")
def shipped() -> Catalog:
    """The shipped catalogue; it never changes."""
    return CATALOG
