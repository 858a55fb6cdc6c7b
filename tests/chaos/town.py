"""The whole of an installation, as processes that may be killed: database, broker, supervisor with its children, portal and
clients, and between them and us the two proxies. Whatever dies is started again, as an init system would, unless it is
being held down.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.chaos.client import ENOUGH
from tests.chaos.proxy import Proxy
from workers.embedded_broker import answers, server_program
from workflow.bootstrap import bootstrap
from workflow.config import Settings
from workflow.demo.quotas import allot
from workflow.engine.banjie import Banjie
from workflow.errors import BanjieError, DatabaseUnavailable
from workflow.storage.database import open_engine
from workflow.storage.schema import upgrade
from workflow.testing.postgres import Server, temporary_server
from workflow.testing.waiting import wait_until

#: Monday, nine o'clock in Beijing: where the offset clock begins.
MONDAY = "2026-09-07T01:00:00+00:00"

#: Megabytes of the disk that can be filled.
DISK = 600

#: As default, so durable; but the log is kept small enough for a small disk.
POSTGRESQL = ("max_wal_size=96MB", "min_wal_size=32MB", "shared_buffers=32MB", "deadlock_timeout=200ms")


#: Where setpriv is there, nothing outlives us even if we are killed.
DIE_WITH_US = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()


_MOVE = text("UPDATE installation SET offset_seconds = offset_seconds + :by")


class Town:
    """One installation. Only for the main thread: the server dies with the thread that started it."""

    def __init__(self, folder: Path, seed: int, *, clients: int, sqlite: bool, running: ExitStack) -> None:
        self.folder = folder
        self.rng = Random(f"{seed}/town")
        self.seed = seed
        self.disk: Path | None = None
        self.server: Server | None = None
        self.database_proxy: Proxy | None = None
        self.broker_proxy: Proxy | None = None
        self.held: set[str] = set()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.restarts: dict[str, int] = {"postgres": 0}
        self._clients = clients
        env = {"BANJIE_HOME": str(folder / "home"), "BANJIE_LANG": "en"}
        if not sqlite:
            env |= self._database(running) | self._own_broker(running)
        self.settings = Settings.from_environment(env)
        self._env = {**os.environ, **self.settings.to_environment(), "BANJIE_LANG": "en"}
        direct = {**env, "BANJIE_DATABASE_URL": self._direct_url()} if self.server else env
        self.banjie_url = direct.get("BANJIE_DATABASE_URL") or self.settings.database_url
        self.banjie: Banjie = bootstrap(Settings.from_environment(direct))
        self.direct_env = {**os.environ, **Settings.from_environment(direct).to_environment()}
        self.store = self.banjie.store
        running.callback(self.store.close)
        upgrade(self.store.engine)
        self.store.create_clock("offset", datetime.fromisoformat(MONDAY))
        allot(self.banjie, self.banjie.catalog.matters, 5000, self.store.clock().now.date())
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]

    # --- what it is made of -----------------------------------------------------------------------------------------

    def _database(self, running: ExitStack) -> dict[str, str]:
        self.disk = running.enter_context(small_disk())
        self.server = running.enter_context(
            temporary_server(
                durable=True,
                connections=60,
                within=self.disk,
                settings=POSTGRESQL,
                log=self.folder / "postgres.log",
            )
        )
        engine = create_engine(self.server.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE banjie"))
        engine.dispose()
        where = f"{self.server.url.query['host']}/.s.PGSQL.5432"
        self.database_proxy = running.enter_context(Proxy(lambda: _unix(where), postgresql=True))
        return {"BANJIE_DATABASE_URL": f"postgresql://postgres@127.0.0.1:{self.database_proxy.port}/banjie"}

    def _direct_url(self) -> str:
        if self.server is None:
            raise LookupError("SQLite has no server")
        return self.server.url.set(database="banjie").render_as_string(hide_password=False)

    def _own_broker(self, running: ExitStack) -> dict[str, str]:
        where = self.folder / "b"
        self.broker_proxy = running.enter_context(Proxy(lambda: _unix(str(where))))
        return {"BANJIE_BROKER_URL": f"redis://127.0.0.1:{self.broker_proxy.port}/0"}

    def start(self) -> None:
        """Start everything, and wait until it answers."""
        self.tend()
        wait_until(self.ready, 90, every=0.1, what="the installation to be ready")

    def tend(self) -> None:
        """Start again whatever has ended and is not held down."""
        self._tend_server()
        for name, command in self._commands():
            process = self.processes.get(name)
            if name in self.held or (process is not None and process.poll() is None):
                continue
            if process is not None and name.startswith("client") and process.returncode == 0:
                continue
            if process is not None and process.stdin is not None:
                process.stdin.close()
            with (self.folder / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [*DIE_WITH_US, *command],
                    env=self._env,
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    process_group=0,
                )
            self._count(name)

    def _tend_server(self) -> None:
        if self.server is not None and not self.server.pid:
            self.server.stop()
            with suppress(DatabaseUnavailable):  # on a full disk it cannot; the next time it may
                self.server.start()
            self._count("postgres")

    def _commands(self) -> Iterator[tuple[str, list[str]]]:
        if self.broker_proxy is not None:
            options = ("--port", "0", "--unixsocket", self.folder / "b", "--save", "", "--dir", self.folder)
            yield "broker", [str(server_program()), *map(str, options)]
        yield "supervisor", [sys.executable, "-m", "workers.supervisor", "--workers", "2"]
        address = ("--host", "127.0.0.1", "--port", str(self.port), "--no-access-log")
        yield "portal", [sys.executable, "-m", "uvicorn", "portal.app:app", "--factory", *address]
        for number in range(self._clients):
            name = f"client{number}"
            arguments = [str(self.journal(name)), f"{self.seed}-{number}", str(self.port)]
            yield name, [sys.executable, "-m", "tests.chaos.client", *arguments]

    def _count(self, name: str) -> None:
        self.restarts[name] = self.restarts.get(name, -1) + 1

    def journal(self, name: str) -> Path:
        return self.folder / f"{name}.journal"

    def journals(self) -> list[Path]:
        return [self.journal(f"client{number}") for number in range(self._clients)]

    def ready(self) -> bool:
        """Whether the portal says that all is in order."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/readyz")
            return line.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    # --- whom a fault may hit -----------------------------------------------------------------------------------------

    def pid(self, name: str) -> int:
        """Of one of our own processes; 0 when it is not there."""
        process = self.processes.get(name)
        return process.pid if process is not None and process.poll() is None else 0

    def children(self, said: str) -> list[int]:
        """The supervisor's children whose command line holds this."""
        return [pid for pid in below(self.pid("supervisor")) if said in command_line(pid)]

    def backends(self) -> list[int]:
        """PostgreSQL's processes that serve clients."""
        return [pid for pid in below(self.server.pid if self.server else 0) if "banjie" in command_line(pid)]

    def everybody(self) -> list[int]:
        """Every process of the installation that keeps a clock in mind: all but database and broker."""
        named = [self.pid(name) for name in self.processes if name != "broker"]
        return [pid for pid in (*named, *below(self.pid("supervisor"))) if pid]

    def pass_time(self, by: timedelta) -> None:
        """Let so much time pass, or be undone, for everybody at once: nobody lives through it."""
        present = self.everybody()
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in present:
                send(pid, number)
        for process in self.processes.values():
            if process.pid in present:
                process.wait()
        self.move_clock(by)

    def move_clock(self, by: timedelta) -> None:
        """Set the database's clock; it may be down at this moment, by another fault."""

        def moved() -> bool:
            self._tend_server()
            engine = open_engine(self.banjie_url)
            try:
                with engine.begin() as connection:
                    connection.execute(_MOVE, {"by": round(by.total_seconds())})
            except (DBAPIError, BanjieError):
                return False
            finally:
                engine.dispose()
            return True

        wait_until(moved, 60, every=0.2, what="the database to take another time")

    def stop_clients(self, patience: float) -> None:
        """Let the clients learn what became of everything, and go home."""
        (self.folder / ENOUGH).touch()

        def gone() -> bool:
            self.tend()
            return not any(self.pid(name) for name in self.processes if name.startswith("client"))

        wait_until(gone, patience, every=0.2, what="the clients to know what became of all their commands")

    def stop(self) -> None:
        """Stop what is left, in order."""
        for name in ("portal", "supervisor", "broker"):
            process = self.processes.get(name)
            if process is None:
                continue
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
                process.wait()
            if process.stdin is not None:
                process.stdin.close()


@contextmanager
def town(folder: Path, seed: int, *, clients: int, sqlite: bool = False) -> Iterator[Town]:
    """A new installation in a folder, all of it gone at the end."""
    with ExitStack() as running:
        made = Town(folder, seed, clients=clients, sqlite=sqlite, running=running)
        running.callback(made.stop)
        yield made


@contextmanager
def small_disk() -> Iterator[Path]:
    """A disk that can be filled, where we may mount one; else a plain folder, and `is_disk` says so.

    It is a folder of its own that everybody may enter: PostgreSQL's account must get through, and not into what is ours.
    """
    folder = Path(tempfile.mkdtemp(prefix="chaos-disk-"))
    folder.chmod(0o755)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=0755", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    try:
        yield folder
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def is_disk(folder: Path) -> bool:
    """Whether it is one of its own."""
    return os.path.ismount(folder)


def send(pid: int, number: signal.Signals) -> bool:
    """Send a signal; False when nobody is there."""
    if not pid:
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False


def below(pid: int) -> list[int]:
    """The living children of a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            state, parent = (path / "stat").read_text().rpartition(")")[2].split()[:2]
            if pid and int(parent) == pid and state != "Z":
                found.append(int(path.name))
    return sorted(found)


def command_line(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""


def broker_answers(town: Town) -> Callable[[], bool]:
    return lambda: answers(town.folder / "b")


def _unix(where: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(2.0)
        line.connect(where)
        line.settimeout(None)
    except OSError:
        line.close()
        raise
    return line
