"""Asking the broker from outside of the workers: whether it answers, and whether it is set so that it can be relied on.

It is never needed: a broker that is away costs seconds of delay. One that throws messages away when it is full costs the
same and is harder to see, so its settings are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from redis import Redis

PATIENCE: Final = 1.0
"""Seconds that a broker may take to answer."""

_SOCKET: Final = "redis+socket://"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerSettings:
    """What a broker says of itself, each empty where it does not tell (a service may hide its settings)."""

    policy: str = ""
    appendonly: str = ""
    memory_used: int = 0
    memory_most: int = 0


def broker_fault(url: str) -> str | None:
    """Why the broker cannot be used, or None when it answers."""
    from redis.exceptions import RedisError  # noqa: PLC0415 - slow to import, and not everybody asks

    try:
        client = _client(url)
        client.ping()
        client.close()
    except (RedisError, OSError, ValueError) as error:
        return str(error).rstrip(".") or type(error).__name__
    return None


def broker_settings(url: str) -> BrokerSettings:
    """How a broker that answers is set; what it does not tell is left empty."""
    from redis.exceptions import RedisError  # noqa: PLC0415 - as above

    try:
        client = _client(url)
        told = {**client.config_get("maxmemory-policy"), **client.config_get("appendonly")}
        memory = client.info("memory")
        client.close()
    except (RedisError, OSError, ValueError):
        return BrokerSettings()
    return BrokerSettings(
        policy=str(told.get("maxmemory-policy", "")),
        appendonly=str(told.get("appendonly", "")),
        memory_used=int(memory.get("used_memory", 0)),
        memory_most=int(memory.get("maxmemory", 0)),
    )


def _client(url: str) -> Redis:
    from redis import Redis  # noqa: PLC0415 - as above
    from redis.backoff import NoBackoff  # noqa: PLC0415
    from redis.retry import Retry  # noqa: PLC0415

    address = "unix://" + url.removeprefix(_SOCKET) if url.startswith(_SOCKET) else url
    return Redis.from_url(
        address,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )
