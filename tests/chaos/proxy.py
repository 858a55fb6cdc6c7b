"""A TCP proxy that misbehaves: slow, gone, hung up, cut into slices, or cut exactly while a COMMIT is under way.

    with Proxy(lambda: connect_to_the_server()) as proxy:
        proxy.port            # where clients connect on 127.0.0.1
        proxy.latency = 0.2   # seconds before anything is passed on
        proxy.down = True     # nobody gets in any more
        proxy.reset()         # everybody is hung up on, with RST
        proxy.cut_commits(3)  # the next three COMMITs are passed on, and their clients never learn what became of them

One thread for each direction of each connection: few connections, plain code. What PostgreSQL's clients say is read just
enough to know a COMMIT: a query or a prepared statement whose SQL is that one word.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

#: Pieces of this size when slicing: smaller than any header.
SLICE = 3

_PIECE = 65536
_STARTUP_CODES = {80877103, 80877104}  # asking for TLS or GSS: answered by one byte, then asked again
_LINGER_NONE = struct.pack("ii", 1, 0)  # closing sends RST


class Proxy:
    """Stands on a free port of 127.0.0.1 before whatever `connect` connects to."""

    def __init__(self, connect: Callable[[], socket.socket], *, postgresql: bool = False) -> None:
        self.latency = 0.0
        self.down = False
        self.slicing = False
        self.commits = self.commits_cut = 0
        self._connect = connect
        self._postgresql = postgresql
        self._to_cut = 0
        self._lines: set[_Line] = set()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, name="proxy-door", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.reset()

    def heal(self) -> None:
        """Be a good proxy again; connections stay."""
        self.latency, self.down, self.slicing = 0.0, False, False
        with self._lock:
            self._to_cut = 0

    def reset(self) -> int:
        """Hang up on everybody, rudely. Gives how many there were."""
        with self._lock:
            lines = list(self._lines)
        for line in lines:
            line.cut()
        return len(lines)

    def cut_commits(self, count: int) -> None:
        """Pass the next `count` COMMITs on and hang up before the answer."""
        with self._lock:
            self._to_cut += count

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than the proxy lives."""
        self._closing.wait(seconds)

    def sees_commit(self) -> bool:
        """A COMMIT comes by: whether it is one to cut."""
        with self._lock:
            self.commits += 1
            cut = self._to_cut > 0
            self._to_cut -= cut
            self.commits_cut += cut
        return cut

    def forget(self, line: _Line) -> None:
        with self._lock:
            self._lines.discard(line)

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                client = self._door.accept()[0]
            except OSError:
                return
            try:
                if self.down:
                    raise ConnectionRefusedError
                server = self._connect()
            except OSError:
                _hang_up(client)
                continue
            line = _Line(self, client, server, Commits() if self._postgresql else None)
            with self._lock:
                self._lines.add(line)
            line.start()


class _Line:
    """One client and its server."""

    def __init__(
        self, proxy: Proxy, client: socket.socket, server: socket.socket, commits: Commits | None
    ) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._commits = commits

    def start(self) -> None:
        for here, there, commits in (
            (self._client, self._server, self._commits),
            (self._server, self._client, None),
        ):
            threading.Thread(target=self._carry, args=(here, there, commits), daemon=True).start()

    def cut(self) -> None:
        """Hang up on both."""
        for end in (self._client, self._server):
            _hang_up(end)
        self._proxy.forget(self)

    def _carry(self, here: socket.socket, there: socket.socket, commits: Commits | None) -> None:
        with suppress(OSError):
            while said := here.recv(_PIECE):
                if self._proxy.latency:
                    self._proxy.pause(self._proxy.latency)
                fatal = commits is not None and commits.read(said) and self._proxy.sees_commit()
                if fatal:
                    # The client's side first, so that it cannot hear the answer; then let the server have the word.
                    _hang_up(self._client)
                self._pass_on(there, said)
                if fatal:
                    self._proxy.pause(0.05)
                    break
        self.cut()

    def _pass_on(self, there: socket.socket, said: bytes) -> None:
        if not self._proxy.slicing:
            there.sendall(said)
            return
        for begin in range(0, len(said), SLICE):
            there.sendall(said[begin : begin + SLICE])


class Commits:
    """Reads what a client of PostgreSQL says, and knows a COMMIT."""

    def __init__(self) -> None:
        self._rest = b""
        self._started = False
        self._prepared: set[bytes] = set()

    def read(self, said: bytes) -> bool:
        """Whether a COMMIT was asked for in this piece: as a query, or by the name of a prepared statement."""
        self._rest += said
        found = False
        while (message := self._message()) is not None:
            kind, body = message
            if kind == b"Q":
                found |= _is_commit(body)
            elif kind == b"P":
                name, _, sql = body.partition(b"\0")
                (self._prepared.add if _is_commit(sql) else self._prepared.discard)(name)
            elif kind == b"B":
                found |= body.split(b"\0", 2)[1] in self._prepared
        return found

    def _message(self) -> tuple[bytes, bytes] | None:
        head = 1 if self._started else 0
        if len(self._rest) < head + 4:
            return None
        end = head + int.from_bytes(self._rest[head : head + 4], "big")
        if len(self._rest) < end:
            return None
        kind, body, self._rest = self._rest[:head], self._rest[head + 4 : end], self._rest[end:]
        if not self._started and int.from_bytes(body[:4], "big") not in _STARTUP_CODES:
            self._started = True
        return kind, body


def _is_commit(sql: bytes) -> bool:
    return sql.partition(b"\0")[0].strip().rstrip(b";").upper() == b"COMMIT"


def _hang_up(end: socket.socket) -> None:
    """Close with RST, and wake whoever waits in `recv`."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()
