"""The schema of a database: bring it up to date, and refuse to run on one that this program cannot work on.

A database may be newer than a program, as long as it was only expanded since; it says itself how old a program may be
(`schema_state.oldest_program`). It may never be older (docs/decisions/0018).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect, select, text, update

from workflow.errors import OlderProgramsAlive, ProgramOutOfDate, SchemaOutOfDate
from workflow.storage.faults import faults_told
from workflow.storage.program_tables import programs, schema_state
from workflow.storage.programs import Alive, alive

if TYPE_CHECKING:
    from alembic.config import Config

WANTED = "0018"
"""The revision this program needs: the newest file in `migrations/versions`."""

UPGRADE_LOCK = 0x62616E6A6965  # "banjie"
"""One upgrade at a time, and no program enters meanwhile: programs hold it shared while they say that they are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A migration to come. `oldest`: the program that may still work on the database after it; None: as before, because
    it only expands."""

    revision: str
    title: str
    oldest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an upgrade would do. `oldest` is how old a program may be afterwards; `in_the_way` are programs at work that
    are older, and while there are any the upgrade is refused."""

    found: str | None
    stages: tuple[Stage, ...]
    oldest: str
    in_the_way: tuple[Alive, ...]

    @property
    def found_goes_on(self) -> bool:
        """Whether programs that want the present schema may go on working afterwards."""
        return self.found is not None and self.found >= self.oldest


def upgrade(engine: Engine) -> None:
    """Create the tables, or migrate them to this program's schema, in one transaction. Repeating it does nothing, and
    neither does an older program on a database that is newer and that it may work on.

    Raises ProgramOutOfDate, OlderProgramsAlive, DatabaseUnavailable, TryAgain; then nothing has been changed.
    """
    with _alone(engine) as connection:
        found = found_revision(connection)
        if found is None or found < WANTED:
            from alembic import command  # noqa: PLC0415 - slow to import, and hardly ever wanted

            plan = _plan(connection, found)
            if plan.in_the_way:
                told = ", ".join(one.told() for one in plan.in_the_way)
                raise OlderProgramsAlive(to=WANTED, oldest=plan.oldest, programs=told)
            command.upgrade(alembic_config(connection), "head")
            connection.execute(
                update(schema_state)
                .where(schema_state.c.oldest_program < plan.oldest)
                .values(oldest_program=plan.oldest)
            )
        else:
            require_compatible(connection)
        connection.commit()


def planned(engine: Engine) -> Plan:
    """What `upgrade` would do now; changes nothing. Raises ProgramOutOfDate, DatabaseUnavailable."""
    if _missing(engine):
        return Plan(found=None, stages=tuple(_stages(None)), oldest=_oldest(None, None), in_the_way=())
    with faults_told(engine), engine.connect() as connection:
        found = found_revision(connection)
        if found is not None and found >= WANTED:
            require_compatible(connection)
        return _plan(connection, found)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    with faults_told(engine), engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
        yield connection


def _plan(connection: Connection, found: str | None) -> Plan:
    oldest = _oldest(found, oldest_program(connection))
    older: tuple[Alive, ...] = ()
    if inspect(connection).has_table(programs.name):
        older = tuple(one for one in alive(connection) if one.revision < oldest)
    return Plan(found=found, stages=tuple(_stages(found)), oldest=oldest, in_the_way=older)


def _stages(found: str | None) -> Iterator[Stage]:
    """The migrations from `found` on, in their order."""
    for script in migrations():
        if found is None or script.revision > found:
            yield Stage(
                revision=script.revision,
                title=(script.doc or "").strip(),
                oldest=None if script.module.expands else script.module.oldest_program,
            )


def _oldest(found: str | None, now: str | None) -> str:
    """How old a program may be after the migrations from `found` on."""
    wanted = [stage.oldest for stage in _stages(found) if stage.oldest is not None]
    return max([*wanted, *([now] if now else [])], default="")


def migrations() -> list[Any]:
    """Alembic's scripts, the first one first. Each says `expands = True`; or False and `oldest_program`, the oldest one that
    does not need what it takes away."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    return [*ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]


def check_schema(engine: Engine) -> None:
    """Refuse a database that this program cannot work on. Raises SchemaOutOfDate for one that must be upgraded first,
    ProgramOutOfDate for one from which something was taken that this program needs; DatabaseUnavailable.
    """
    if _missing(engine):
        raise SchemaOutOfDate(found="none", wanted=WANTED)
    with faults_told(engine), engine.connect() as connection:
        require_compatible(connection)


def require_compatible(connection: Connection) -> None:
    """The same on a connection. Raises SchemaOutOfDate, ProgramOutOfDate."""
    found = found_revision(connection)
    if found is None or found < WANTED:
        raise SchemaOutOfDate(found=found or "none", wanted=WANTED)
    if found > WANTED and (oldest := oldest_program(connection) or found) > WANTED:
        raise ProgramOutOfDate(found=found, wanted=WANTED, oldest=oldest)


def oldest_program(connection: Connection) -> str | None:
    """The oldest program that may work on this database; None on one that does not say."""
    if not inspect(connection).has_table(schema_state.name):
        return None
    found: str | None = connection.execute(select(schema_state.c.oldest_program)).scalar()
    return found


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
