"""`make bench`: every benchmark, one after another; exit 1 if a bar of any is missed. `python -m benchmarks NAME [OPTION]…`
runs one.
"""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

import benchmarks


def names() -> list[str]:
    """Every module of this package that measures something."""
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name for name in found if not name.startswith("_"))


def run_all() -> int:
    """Run the `main()` of every benchmark."""
    missed = 0
    for name in names():
        print(f"== {name}", flush=True)
        missed |= import_module(f"benchmarks.{name}").main()
    return missed


def run_one(name: str, options: list[str]) -> int:
    """Run one benchmark; only some take options."""
    if name not in names():
        print(f"there is no benchmark {name!r}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    measure = import_module(f"benchmarks.{name}").main
    return int(measure(options) if options else measure())


if __name__ == "__main__":
    sys.exit(run_one(sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else run_all())
