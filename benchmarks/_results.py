"""What was measured, kept in benchmarks/out/latest.json: a list of `{"name", "value", "unit", "ratio", "against"}`.

Each benchmark replaces its own names and leaves the others as they are. `ratio` is what a bar is set on, `against` says by
what was divided; which way is better says docs/performance.md. The first record is the machine.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

LATEST = Path(__file__).parent / "out" / "latest.json"

#: Where a short form leaves its figures: they tell that it runs, and little more.
QUICK = LATEST.with_name("quick.json")

MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Result:
    """One figure; `ratio` only where it is compared with something."""

    name: str
    value: float
    unit: str
    ratio: float | None = None
    against: str = ""


def merge(results: Iterable[Result], database: Engine | None = None, *, quick: bool = False) -> None:
    """Put these results in place of older ones of the same names. The database tells its version."""
    path = QUICK if quick else LATEST
    kept = {one["name"]: one for one in read(path)}
    before = kept.pop(MACHINE, {}).get("against", "")
    version = _version(database) or next((part for part in before.split(", ") if "PostgreSQL" in part), "")
    kept |= {one.name: _rounded(asdict(one)) for one in results}
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in (_machine(version), *kept.values()))
    path.write_text(f"[\n{lines}\n]\n", "utf-8")


def read(path: Path = LATEST) -> list[dict[str, object]]:
    """What is there; nothing before the first run."""
    return json.loads(path.read_text("utf-8")) if path.exists() else []


def _machine(version: str) -> dict[str, object]:
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    parts = [
        f"{datetime.now(UTC):%Y-%m-%d}",
        f"Python {platform.python_version()}",
        version,
        f"{platform.system()} {platform.machine()}",
    ]
    told = ", ".join(part for part in parts if part)
    return asdict(Result(name=MACHINE, value=cores, unit="cores", against=told))


def _version(database: Engine | None) -> str:
    if database is None or database.dialect.name != "postgresql":
        return ""
    with database.connect() as connection:
        return "PostgreSQL " + str(connection.exec_driver_sql("SHOW server_version").scalar_one()).split()[0]


def _rounded(record: dict[str, object]) -> dict[str, object]:
    """Four figures tell enough."""
    return {
        name: float(f"{value:.4g}") if isinstance(value, float) else value for name, value in record.items()
    }
