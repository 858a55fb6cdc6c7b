"""Where this installation keeps its data and whom it talks to: seven names in the environment, read once.

`BANJIE_HOME` (data folder, default `./var`), `BANJIE_DATABASE_URL` (default: SQLite in the home), `BANJIE_BROKER_URL`
(default: the broker that the embedded stack starts on a unix socket), `BANJIE_DEFINITIONS` (a folder of definitions beside
the shipped ones), `BANJIE_BLOBS_URL` (where files of applicants lie, default a folder of the home), `BANJIE_NOTIFY` (the
file that names the channels of notifications, default `notify.toml` in the home if it is there), `BANJIE_METRICS_PORT`
(`PORT` or `HOST:PORT` at which the worker stack answers Prometheus, default nowhere). An empty value counts as none.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from workflow.blobs.store import checked_url
from workflow.errors import BadSetting
from workflow.texts import shipped_definitions

#: A unix socket's path holds 107 bytes on Linux and 103 on macOS; one byte ends the string.
LONGEST_SOCKET_PATH = 100

HIGHEST_PORT = 65535

#: Where the socket goes when the home is too deep for it: this one is short on every system, `TMPDIR` need not be.
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - the folder made in it is ours alone (0700, owner checked by the supervisor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says. The URLs may hold passwords and therefore never appear in the repr."""

    home: Path
    database_url: str = field(repr=False)
    broker_url: str = field(repr=False)
    definitions: Path | None = None
    blobs_url: str = ""
    notify: Path | None = None
    metrics: str = ""
    #: True when nobody named a broker, so that the embedded stack brings its own on `broker_socket(home)`.
    embedded_broker: bool = False

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the seven names from `env` (default: the process's environment). Raises BadSetting, writes nothing."""
        env = os.environ if env is None else env
        home = _home(env.get("BANJIE_HOME") or "var")
        broker = env.get("BANJIE_BROKER_URL")
        return cls(
            home=home,
            database_url=_database(env.get("BANJIE_DATABASE_URL") or f"sqlite:///{home / 'banjie.db'}"),
            broker_url=_broker(broker) if broker else f"redis+socket://{broker_socket(home)}",
            definitions=_definitions(env.get("BANJIE_DEFINITIONS") or None),
            blobs_url=checked_url(env.get("BANJIE_BLOBS_URL") or "", home),
            notify=_notify(env.get("BANJIE_NOTIFY") or None, home),
            metrics=_metrics(env.get("BANJIE_METRICS_PORT") or ""),
            embedded_broker=not broker,
        )

    def definition_folders(self) -> tuple[Path, ...]:
        """The folders of definitions, the shipped one first."""
        shipped = shipped_definitions()
        return (shipped,) if self.definitions is None else (shipped, self.definitions)

    def to_environment(self) -> dict[str, str]:
        """The names a child process needs to read the same settings."""
        env = {"BANJIE_HOME": str(self.home), "BANJIE_DATABASE_URL": self.database_url}
        # An empty value is written out, so that the child does not inherit another one from its parent.
        env["BANJIE_BROKER_URL"] = "" if self.embedded_broker else self.broker_url
        env["BANJIE_DEFINITIONS"] = str(self.definitions or "")
        env["BANJIE_BLOBS_URL"] = self.blobs_url
        env["BANJIE_NOTIFY"] = str(self.notify or "")
        env["BANJIE_METRICS_PORT"] = self.metrics
        return env


def broker_socket(home: Path) -> Path:
    """The embedded broker's unix socket: in the home, or in a short private folder when the home's path is too long."""
    near = home / "broker.sock"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_PATH and _plain(str(near)):
        return near
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return SHORT_FOLDER / f"banjie-{os.getuid()}-{mark}" / "broker.sock"


def without_password(url: str) -> str:
    """The URL as a log or an error may show it."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    where = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{parts.username or ''}:***@{where}").geturl()


def _plain(path: str) -> bool:
    """Whether the path can stand in a URL as it is: the clients of the broker do not agree on how to quote one."""
    return path.isascii() and not set(path) & set(" %?#")


def _home(value: str) -> Path:
    home = Path(value).expanduser().absolute()
    if home.exists() and not home.is_dir():
        raise BadSetting(name="BANJIE_HOME", reason=f"{home} is a file, not a folder")
    return home


def _database(url: str) -> str:
    scheme, colon, rest = url.partition("://")
    match scheme:
        case "sqlite" if rest.startswith("/") and rest not in {"/", "/:memory:"}:
            # A relative file is relative to where the first process started; its children may start elsewhere.
            return f"sqlite:///{Path(rest[1:]).absolute()}"
        case "sqlite":
            raise BadSetting(
                name="BANJIE_DATABASE_URL",
                reason="name a file, as in sqlite:////srv/banjie.db: several processes share the database",
            )
        case "postgresql" | "postgres" | "postgresql+psycopg" if colon and rest:
            return f"postgresql+psycopg://{rest}"
        case _:
            raise BadSetting(
                name="BANJIE_DATABASE_URL",
                reason=f"{without_password(url)!r} begins neither with postgresql:// nor with sqlite:///",
            )


def _broker(url: str) -> str:
    scheme, _, rest = url.partition("://")
    match scheme:
        case "redis" | "rediss" if rest:
            return url
        case "unix" | "redis+socket" if rest.startswith("/"):
            return f"redis+socket://{rest}"
        case _:
            raise BadSetting(
                name="BANJIE_BROKER_URL",
                reason=f"{without_password(url)!r} begins with none of redis://, rediss://, unix:///",
            )


def metrics_address(value: str) -> tuple[str, int]:
    """Host and port of `PORT`, which is one of this machine alone, or `HOST:PORT`. Raises BadSetting."""
    host, _, port = value.rpartition(":")
    if not (port.isascii() and port.isdecimal() and 0 < int(port) <= HIGHEST_PORT):
        raise BadSetting(name="BANJIE_METRICS_PORT", reason=f"{value!r} is neither PORT nor HOST:PORT")
    return host.strip("[]") or "127.0.0.1", int(port)


def _metrics(value: str) -> str:
    if value:
        metrics_address(value)
    return value


def _definitions(value: str | None) -> Path | None:
    if value is None:
        return None
    folder = Path(value).expanduser().absolute()
    if not folder.is_dir():
        raise BadSetting(name="BANJIE_DEFINITIONS", reason=f"{folder} is not a folder")
    return folder


def _notify(value: str | None, home: Path) -> Path | None:
    if value is None:
        usual = home / "notify.toml"
        return usual if usual.is_file() else None
    file = Path(value).expanduser().absolute()
    if not file.is_file():
        raise BadSetting(name="BANJIE_NOTIFY", reason=f"{file} is not a file")
    return file
