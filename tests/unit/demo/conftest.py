"""The shipped catalogue, read once: what the scripts are about."""

from __future__ import annotations

from datetime import date

import pytest

from workflow.catalog.loader import Catalog, load
from workflow.demo.desk import Desk
from workflow.demo.hours import OfficeHours
from workflow.demo.stage import SCRIPTS


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load()


@pytest.fixture(scope="session")
def hours(catalog) -> OfficeHours:
    return OfficeHours(calendar=catalog.calendars["cn"], first=date(2026, 9, 14))


@pytest.fixture(scope="session")
def definitions(catalog):
    return {script.matter: catalog.matter(script.matter).definition for script in SCRIPTS}


@pytest.fixture(scope="session")
def desk(catalog, definitions) -> Desk:
    return Desk(
        definitions, directory=catalog.directory, law=catalog.law, calendar=catalog.calendars["cn"], seed="7"
    )
