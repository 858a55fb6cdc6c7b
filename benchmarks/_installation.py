"""An installation for a benchmark: a durable PostgreSQL server or a SQLite file, people who file, and the real stack."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from workflow.bootstrap import bootstrap
from workflow.config import Settings
from workflow.domain.commands import SubmitFiling, TakeAction
from workflow.engine.advance import advance
from workflow.engine.handle import Receipt, case_id_for, handle
from workflow.storage.clock import Mode
from workflow.storage.schema import upgrade
from workflow.testing.postgres import temporary_postgres

MATTER, FILER, WINDOW = "talent-agency-licence", "hai-ruonan", "lin-xiaotang"
FORM = {
    "agency_name": "瀚海人才服务中心",
    "sponsor": "瀚海典籍馆",
    "credit_code": "91350100M000100Y43",
    "business_scope": "training",
    "premises": "北京市西城区某街 1 号",
    "funds": 100,
    "staff": 8,
    "principal_name": "王小明",
    "principal_id": "11010519491231002X",
    "contact_phone": "13812345678",
}


DEFINITIONS = Path(__file__).parent / "definitions"
"""What is only there to be measured."""


class Installation:
    """A database with the shipped definitions, on which people act: a new one, unless no `mode` is said."""

    def __init__(self, settings: Settings, mode: Mode | None = None, start: datetime | None = None) -> None:
        self.settings = settings
        self.banjie = bootstrap(settings)
        self.store = self.banjie.store
        if mode is not None:
            upgrade(self.store.engine)
            self.store.create_clock(mode, start)

    def file(self, key: str, at: datetime | None = None, **what: Any) -> Receipt:
        """A licence that is applied for, complete, and now waits at the window; `at` back-dates it."""
        filed = self.submit(key, at, **what)
        advance(self.banjie, filed.case_id, done_by="task")
        return filed

    def submit(
        self, key: str, at: datetime | None = None, *, matter: str = MATTER, form: Mapping[str, Any] = FORM
    ) -> Receipt:
        """A licence that is applied for, and whose materials are still to be checked by the machine."""
        definition = self.banjie.catalog.matters[matter].definition
        organ = next(held.organ for held in self.banjie.catalog.directory.holdings if held.person == FILER)
        return handle(
            self.banjie,
            SubmitFiling(
                case_id=case_id_for(FILER, key),
                key=key,
                actor=FILER,
                matter=matter,
                form=form,
                materials=tuple(definition.materials),
                parties={"filer": organ},
                effective_at=at,
            ),
        )

    def accept(self, filed: Receipt, at: datetime | None = None) -> Receipt:
        """It is accepted, and now waits for the examiner."""
        act = TakeAction(case_id=filed.case_id, key="accept", actor=WINDOW, action="accept", effective_at=at)
        return handle(self.banjie, act)


@contextmanager
def installation(
    folder: Path, *, sqlite: bool = False, mode: Mode = "real", start: datetime | None = None
) -> Iterator[Installation]:
    """A new installation in a folder, on PostgreSQL unless SQLite is asked for."""
    with ExitStack() as running:
        env = {"BANJIE_HOME": str(folder / "home"), "BANJIE_DEFINITIONS": str(DEFINITIONS)}
        if not sqlite:
            server = running.enter_context(temporary_postgres(durable=True))
            env["BANJIE_DATABASE_URL"] = server.render_as_string(hide_password=False)
        yield Installation(Settings.from_environment(env), mode, start)


@contextmanager
def stack(settings: Settings, workers: int) -> Iterator[subprocess.Popen[str]]:
    """The supervisor with its broker, relay and so many workers, from ready to gone."""
    command = [sys.executable, "-m", "workers.supervisor", "--workers", str(workers)]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command,
        env={**os.environ, **settings.to_environment()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line or not json.loads(line)["ready"]:
            raise RuntimeError(f"the stack did not start: {line}")
        yield process
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait()


def processor_seconds() -> dict[str, float]:
    """The processor time so far of everything we have started, by program; a machine that others use too makes the wall
    clock tell little. Empty where there is no /proc.
    """
    there = {path.name: path for path in Path("/proc").glob("[0-9]*")}
    parents, spent = {}, {}
    for pid, path in there.items():
        with suppress(OSError, IndexError):
            name, _, rest = (path / "stat").read_text().partition("(")[2].rpartition(")")
            fields = rest.split()
            parents[pid] = fields[1]
            spent[pid] = (name, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"))
    ours: Counter[str] = Counter()
    for pid, (name, seconds) in spent.items():
        if _is_below(pid, str(os.getpid()), parents):
            ours[name] += seconds
    return dict(ours)


def _is_below(pid: str, above: str, parents: dict[str, str]) -> bool:
    while pid in parents:
        pid = parents[pid]
        if pid == above:
            return True
    return False


def told(before: dict[str, float], after: dict[str, float]) -> str:
    """The processor time between two readings."""
    spent = {name: after[name] - before.get(name, 0.0) for name in after}
    return ", ".join(f"{name} {seconds:.1f}" for name, seconds in sorted(spent.items()) if seconds >= 0.05)
