"""The portal over a database in which transfers are walked by the people of the sample directory."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from portal.app import app
from portal.standby import Standby
from tests.integration.transfers import Transfers
from workflow.domain.publication import SLIP_CODE
from workflow.storage import tables as t


@pytest.fixture
def transfers(store):
    """On each kind of database, at nine o'clock on Monday, 7 September 2026."""
    return Transfers(store)


@pytest.fixture
def client(transfers):
    """A browser without pictures; what fails inside comes out as the page that a reader would see."""
    standby = Standby(lambda: transfers.banjie)
    with TestClient(app(standby), raise_server_exceptions=False, follow_redirects=False) as browser:
        yield browser


@pytest.fixture
def code_of(store):
    """The query code on the slip of a case."""

    def found(no: str) -> str:
        values = t.personal_values
        query = select(values.c.value).where(
            values.c.case_id == store.case_id(no), values.c.field == SLIP_CODE
        )
        with store.read() as connection:
            return str(connection.execute(query).scalar_one())

    return found
