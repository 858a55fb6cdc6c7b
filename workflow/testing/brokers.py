"""Brokers of one's own, for tests: a plain one that can be stopped for good, and one that delivers as badly as a broker may.

The server's program is named by the caller; everything goes through unix sockets in a folder that the caller gives.
"""

from __future__ import annotations

import selectors
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Final, NamedTuple, Self

from redis import Redis
from redis.exceptions import RedisError

from workflow.testing.waiting import wait_until

TIMES: Final = 3
"""How often a mischievous broker delivers each message."""


@contextmanager
def temporary_broker(program: Path, address: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server on the unix socket `address` that keeps nothing; gives its process, to be stopped earlier if wanted.

    Raises TimeoutError when it does not answer.
    """
    options = {"port": "0", "unixsocket": address, "save": "", "dir": address.parent, "daemonize": "no"}
    command = [str(program), *(str(word) for name, value in options.items() for word in (f"--{name}", value))]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - the program we were given
    try:
        wait_until(lambda: _answers(address), 20, what="the broker")
        yield server
    finally:
        server.kill()
        server.wait()


def _answers(address: Path) -> bool:
    with closing(Redis(unix_socket_path=str(address))) as client:
        try:
            return bool(client.ping())
        except RedisError:
            return False


class Push(NamedTuple):
    """A message on its way to a list of the broker."""

    key: bytes
    message: bytes


class MischievousBroker:
    """Stands at `address` before the broker at `real`, and delivers every message three times, in another order.

    What is pushed in one go arrives at once, but shuffled; two copies of each message follow, some with it, some with a
    later one, at either end of the queue. All of it comes from the seed and from what is sent. Everything but pushes goes
    through untouched, so whoever uses it sees nothing but a broker.
    """

    def __init__(self, real: Path, address: Path, *, seed: str) -> None:
        self.sent = self.delivered = 0
        self._real = real
        self._address = address
        self._rng = Random(seed)
        self._later: list[Push] = []
        self._keys: set[bytes] = set()
        self._copies = Redis(unix_socket_path=str(real))
        self._lock = threading.Lock()  # of the copies, which the thread and the test deliver
        self._selector = selectors.DefaultSelector()
        self._bell, self._wire = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="mischievous-broker", daemon=True)

    def __enter__(self) -> Self:
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        door.bind(str(self._address))
        door.listen()
        self._selector.register(door, selectors.EVENT_READ, None)
        self._selector.register(self._wire, selectors.EVENT_READ, None)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up on everybody."""
        self._bell.close()
        self._thread.join()
        self._copies.close()

    def deliver_the_rest(self) -> None:
        """Deliver the copies that still wait for a later message."""
        with self._lock:
            self._deliver(self._later)
            self._later = []

    def untaken(self) -> int:
        """How many messages lie in the real broker."""
        with self._lock:
            return sum(int(self._copies.llen(key)) for key in self._keys)

    def _serve(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._wire:
                    self._hang_up()
                    return
                if isinstance(key.data, _Line):
                    if not key.data.carry():
                        key.data.hang_up(self._selector)
                elif isinstance(key.fileobj, socket.socket):
                    self._connect(key.fileobj.accept()[0])

    def _connect(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.connect(str(self._real))
        asking = _Line(client, server, _Commands(self._shuffled))
        self._selector.register(client, selectors.EVENT_READ, asking)
        self._selector.register(server, selectors.EVENT_READ, _Line(server, client, lambda said: said))

    def _hang_up(self) -> None:
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._selector.close()

    def _shuffled(self, commands: list[list[bytes]]) -> list[list[bytes]]:
        """The commands as they are to reach the real broker; their copies are delivered or put by."""
        with self._lock:
            places = [number for number, words in enumerate(commands) if words[0].upper() == b"LPUSH"]
            pushes = [Push(*commands[number][1:3]) for number in places]
            self._keys.update(push.key for push in pushes)
            self.sent += len(pushes)
            self.delivered += len(pushes)
            for number, push in zip(places, self._rng.sample(pushes, len(pushes)), strict=True):
                commands[number] = [b"LPUSH", *push]
            if pushes:
                copies = self._later + pushes * (TIMES - 1)
                self._rng.shuffle(copies)
                some = self._rng.randint(0, len(copies))
                self._later = copies[some:]
                self._deliver(copies[:some])
        return commands

    def _deliver(self, pushes: list[Push]) -> None:
        for push in pushes:
            (self._copies.lpush if self._rng.random() < 0.5 else self._copies.rpush)(push.key, push.message)
        self.delivered += len(pushes)


class _Line:
    """What one end says goes to the other, changed on its way."""

    def __init__(self, here: socket.socket, there: socket.socket, change: Callable[[bytes], bytes]) -> None:
        self._here = here
        self._there = there
        self._change = change

    def carry(self) -> bool:
        """Pass on what has been said; False when nobody is there any more."""
        try:
            said = self._here.recv(65536)
            self._there.sendall(self._change(said))
        except OSError:
            return False
        return bool(said)

    def hang_up(self, selector: selectors.BaseSelector) -> None:
        for end in (self._here, self._there):
            if end.fileno() >= 0:
                selector.unregister(end)
                end.close()


class _Commands:
    """Whole commands out of whatever pieces a client sends; they go on as `change` makes them."""

    def __init__(self, change: Callable[[list[list[bytes]]], list[list[bytes]]]) -> None:
        self._change = change
        self._rest = b""

    def __call__(self, said: bytes) -> bytes:
        commands, self._rest = _parsed(self._rest + said)
        return b"".join(_written(words) for words in self._change(commands))


def _parsed(said: bytes) -> tuple[list[list[bytes]], bytes]:
    """The whole commands (arrays of bulk strings) at the beginning, and the rest."""
    commands: list[list[bytes]] = []
    begin = 0
    while True:
        words: list[bytes] = []
        count, here = _number(said, begin)
        while count is not None and len(words) < count:
            length, here = _number(said, here)
            if length is None or len(said) < here + length + 2:
                break
            words.append(said[here : here + length])
            here += length + 2
        if count is None or len(words) < count:
            return commands, said[begin:]
        commands.append(words)
        begin = here


def _number(said: bytes, at: int) -> tuple[int | None, int]:
    """The number in the line that begins at `at` (after its sign), and where the next line begins."""
    end = said.find(b"\r\n", at)
    return (None, at) if end < 0 else (int(said[at + 1 : end]), end + 2)


def _written(words: list[bytes]) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
