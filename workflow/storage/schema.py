"""The schema of a database: bring it up to date, and refuse to run on one that is not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from workflow.errors import SchemaOutOfDate
from workflow.storage.faults import faults_told

if TYPE_CHECKING:
    from alembic.config import Config

WANTED = "0018"
"""The revision this program needs: the newest file in `migrations/versions`."""

_UPGRADE_LOCK = 0x62616E6A6965  # "banjie": one upgrade at a time


def upgrade(engine: Engine) -> None:
    """Create the tables, or migrate them to this program's schema, in one transaction. Repeating it does nothing.

    Raises DatabaseUnavailable, TryAgain.
    """
    with faults_told(engine), engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
        if found_revision(connection) != WANTED:
            from alembic import command  # noqa: PLC0415 - slow to import, and hardly ever wanted

            command.upgrade(alembic_config(connection), "head")
        connection.commit()


def check_schema(engine: Engine) -> None:
    """Raises SchemaOutOfDate unless the database has this program's schema; DatabaseUnavailable if it cannot be read."""
    found = None
    if not _missing(engine):
        with faults_told(engine), engine.connect() as connection:
            found = found_revision(connection)
    if found != WANTED:
        raise SchemaOutOfDate(found=found or "none", wanted=WANTED)


def _missing(engine: Engine) -> bool:
    """Whether the SQLite file is not there; connecting would make one, and a question must not leave an empty database."""
    return engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists()


def found_revision(connection: Connection) -> str | None:
    """The revision a database is at, or None when it has no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings without a file: the migrations travel inside the package."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
