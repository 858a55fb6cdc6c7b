"""Asking the broker, from outside the workers: whether the embedded stack runs here."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

from workflow.config import broker_socket

if TYPE_CHECKING:
    from workflow.config import Settings

PATIENCE: Final = 1.0
"""Seconds that a broker may take to answer."""


def stack_is_up(settings: Settings) -> bool:
    """Whether somebody does the automatic work: the embedded broker of this home answers. A broker that was named in the
    settings is somebody else's business and is taken to have its workers.
    """
    if not settings.embedded_broker:
        return True
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(PATIENCE)
        try:
            line.connect(str(broker_socket(settings.home)))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
