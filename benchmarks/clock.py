"""How fast the calendar and the clock are, on one core. `python -m benchmarks.clock [--json]`; exit 1 if a bar is missed.

Bars: 20 working days added at least 1,000,000 times a second; an explanation in both languages in at most 1 ms;
`banjie deadline add` in at most 0.5 s from the shell. Each figure is the best of several runs: what the machine does
beside them makes them slower, never faster.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

from workflow.catalog.calendars import load_calendar
from workflow.catalog.law import load_law
from workflow.domain.clock import Entry, EntryKind, project
from workflow.domain.explanation import explain

RUNS = 5
ADDS = 200_000
PROJECTIONS = 5_000
EXPLANATIONS = 500

CN = load_calendar("cn")
RULE = load_law().rule("cn.licensing.decision", date(2026, 1, 1))
START = date(2026, 8, 17)
LEDGER = [
    Entry(kind=EntryKind.START, on=START),
    Entry(kind=EntryKind.STOP, on=date(2026, 8, 24), ground="expert_review", ref="专函〔2026〕3号"),
    Entry(kind=EntryKind.RESUME, on=date(2026, 9, 7), ground="expert_review", ref="专函〔2026〕3号"),
]


def best(work: Callable[[], object]) -> float:
    """The shortest time of several runs, in seconds."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def add_working_days() -> None:
    days = [START + timedelta(days=nth) for nth in range(1000)]
    add = CN.add_working_days
    for _ in range(ADDS // len(days)):
        for day in days:
            add(day, 20)


def project_clocks() -> None:
    for _ in range(PROJECTIONS):
        project(LEDGER, RULE, CN)


def explain_clocks() -> None:
    for _ in range(EXPLANATIONS):
        explanation = explain(LEDGER, RULE, CN)
        for lang in ("zh-CN", "en"):
            explanation.plain(lang)


def ask_the_command() -> None:
    command = [sys.executable, "-m", "workflow.cli.main", "deadline", "add", "2007-04-25", "20wd", "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command


def main() -> int:
    figures = {
        "adds_per_second": round(ADDS / best(add_working_days)),
        "projection_us": round(best(project_clocks) / PROJECTIONS * 1e6, 1),
        "explanation_ms": round(best(explain_clocks) / EXPLANATIONS * 1e3, 3),
        "deadline_add_s": round(best(ask_the_command), 3),
    }
    missed = [
        *(["adds_per_second"] if figures["adds_per_second"] < 1_000_000 else []),
        *(["explanation_ms"] if figures["explanation_ms"] > 1 else []),
        *(["deadline_add_s"] if figures["deadline_add_s"] > 0.5 else []),
    ]
    if "--json" in sys.argv:
        print(json.dumps({**figures, "missed": missed}))
    else:
        for name, value in figures.items():
            print(f"{name:18} {value:>12,}{'  MISSED' if name in missed else ''}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
