"""The portal as a process: `python -m portal [--host H] [--port P]`.

Told to stop (SIGTERM, Ctrl-C), it takes no more requests, ends those it is at, within a bound, and exits with 0; told twice
it does not wait for them. With `--tied` it also stops when its stdin ends, so that it never outlives whoever started it.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import Final

import uvicorn

LAST_REQUEST: Final = 8
"""Seconds that a request may take to end once the portal was told to stop."""


class Server(uvicorn.Server):
    """Uvicorn's server, which a second signal of any kind hastens."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop in order; at once if that was already said."""
        if self.should_exit:
            self.force_exit = True
        super().handle_exit(sig, frame)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line. Gives the exit code: 0 stopped when told, 1 could not start."""
    parser = argparse.ArgumentParser(prog="python -m portal", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--proxy-headers", action="store_true", help="believe X-Forwarded-For and -Proto")
    parser.add_argument("--forwarded-allow-ips", default=None, metavar="IPS")
    parser.add_argument("--tied", action="store_true", help="stop when stdin ends")
    options = parser.parse_args(argv)
    config = uvicorn.Config(
        "portal.app:app",
        factory=True,
        host=options.host,
        port=options.port,
        access_log=False,
        proxy_headers=options.proxy_headers,
        forwarded_allow_ips=options.forwarded_allow_ips,
        timeout_graceful_shutdown=LAST_REQUEST,
    )
    server = Server(config)
    for number in (signal.SIGTERM, signal.SIGINT):
        # Uvicorn raises the signal once more when all is done; that is how it ends in order, and no failure.
        signal.signal(number, lambda *_: None)
    if options.tied:
        threading.Thread(target=_until_stdin_ends, args=(server,), name="tie", daemon=True).start()
    server.run()
    return 0 if server.started else 1


def _until_stdin_ends(server: Server) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True


if __name__ == "__main__":
    sys.exit(main())
