"""`make bench`: every benchmark, one after another; exit 1 if a bar of any is missed."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

import benchmarks


def run_all() -> int:
    """Run the `main()` of every module of this package."""
    missed = 0
    for module in sorted(found.name for found in pkgutil.iter_modules(benchmarks.__path__)):
        if not module.startswith("_"):
            print(f"== {module}")
            missed |= import_module(f"benchmarks.{module}").main()
    return missed


if __name__ == "__main__":
    sys.exit(run_all())
