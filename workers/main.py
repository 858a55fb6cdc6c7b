"""`banjie worker`: the part of production that works: relay, pulse and Celery workers against the two URLs.

    python -m workers [--workers N]

It brings no broker and holds no lock: any number may run, on any number of machines. SIGTERM stops it in order.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from workers import supervisor


def worker_main(argv: Sequence[str] | None = None) -> int:
    """The command line of `banjie worker`. Gives the exit code: 0 stopped when told, 1 could not start or gave up."""
    parser = argparse.ArgumentParser(prog="banjie worker", description=__doc__)
    parser.add_argument(
        "--workers", type=int, default=supervisor.WORKERS, metavar="N", help="worker processes (default 2)"
    )
    return supervisor.run(parser.parse_args(argv).workers, own=False)
