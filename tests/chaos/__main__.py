"""`make chaos`: the real installation under load while its parts are killed, frozen and cut off.

    python -m tests.chaos [--seed N] [--minutes M] [--clients N] [--sqlite] [--only FAULT]… [--keep FOLDER]

Exit 1 when anything acknowledged was lost or done twice, anything due was missed, early or doubled, or the record does not
verify. The plan of faults comes from the seed alone.
"""

from __future__ import annotations

import argparse
import faulthandler
import signal
import sys
import tempfile
from pathlib import Path

from tests.chaos.running import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--clients", type=int, default=3)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--only", action="append", default=[], metavar="FAULT")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave logs and journals there")
    options = parser.parse_args()
    faulthandler.register(signal.SIGUSR1)  # says where it waits
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
        if options.keep:
            options.keep.mkdir(parents=True)
        report = run(
            options.keep or Path(folder),
            options.seed,
            options.minutes * 60,
            clients=options.clients,
            sqlite=options.sqlite,
            only=tuple(options.only),
            told=lambda line: sys.stdout.write(f"{line}\n") and sys.stdout.flush(),
        )
    sys.stdout.write("\n".join([*report.lines(), ""]))
    return 1 if report.verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
