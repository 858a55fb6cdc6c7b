"""`make bench`: every benchmark, one after another, and the page with their figures; exit 1 if a bar of any is missed.

    python -m benchmarks [all] [--quick]
    python -m benchmarks NAME [OPTION]…

`--quick` is a short form of some minutes: it shows that all of it runs, and its figures go to a file of their own.
"""

from __future__ import annotations

import pkgutil
import sys
import time
from importlib import import_module

import benchmarks

#: What is asked for by name only: one looks into a step, the other draws what was measured.
BY_NAME = ("plot", "profile")

#: Options of the whole run, where they are not the defaults.
FULL = {"timers": ["--rungs", "100000"]}

#: And of the short one; None leaves a benchmark out.
QUICK: dict[str, list[str] | None] = {
    "celery_pools": None,
    "hints": ["--quick"],
    "lists": ["--quick"],
    "long_case": ["--quick"],
    "memory": None,
    "reports": ["--closed", "10000", "--open", "100000"],
    "reprojection": ["--clocks", "10000"],
    "resume": None,
    "roster": ["--rows", "1000"],
    "steps": ["--quick"],
    "sweep": ["--quick"],
    "timers": ["--rungs", "5000"],
}


def names() -> list[str]:
    """Every module of this package that measures something."""
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name for name in found if not name.startswith("_"))


def run_all(*, quick: bool) -> int:
    """Run the `main()` of every benchmark; then draw the page, unless in a hurry."""
    missed = []
    for name in names():
        options = QUICK.get(name, []) if quick else FULL.get(name, [])
        if name in BY_NAME or options is None:
            continue
        print(f"== {name}", flush=True)
        began = time.monotonic()
        if run_one(name, options):
            missed.append(name)
        print(f"-- {name}: {time.monotonic() - began:.0f} s\n", flush=True)
    if not quick:
        run_one("plot", [])
    if missed:
        print(f"a bar was missed by {', '.join(missed)}")
    return int(bool(missed))


def run_one(name: str, options: list[str]) -> int:
    """Run one benchmark; only some take options."""
    if name not in names():
        print(f"there is no benchmark {name!r}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    measure = import_module(f"benchmarks.{name}").main
    return int(measure(options) if options else measure())


def main(words: list[str]) -> int:
    if not words or words[0] in {"all", "--quick"}:
        return run_all(quick="--quick" in words)
    return run_one(words[0], words[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
