"""The broker seen without Celery: whether it answers, and how many hints lie in it."""

from __future__ import annotations

import time
from collections.abc import Callable

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from workers.celery_settings import KEY_PREFIX, QUEUE
from workflow.errors import BrokerUnavailable

#: Seconds within which a broker that is well answers. One that takes longer is no use for hints.
PATIENCE = 0.5


class Backlog:
    """The number of hints that no worker has taken yet. Not for several threads."""

    def __init__(self, broker_url: str) -> None:
        path = broker_url.removeprefix("redis+socket://")
        self._client = Redis.from_url(
            broker_url if path == broker_url else f"unix://{path}",
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )

    def __call__(self) -> int:
        """Count them. Raises BrokerUnavailable when the broker does not answer at once."""
        try:
            return int(self._client.llen(KEY_PREFIX + QUEUE))
        except (RedisError, OSError) as fault:
            raise BrokerUnavailable(reason=str(fault).rstrip(".") or type(fault).__name__) from fault


class BrokerWatch:
    """What the broker last said, asked again after `fresh` seconds, so that a busy loop may ask as often as it likes."""

    def __init__(
        self, backlog: Callable[[], int], *, fresh: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._backlog = backlog
        self._fresh = fresh
        self._clock = clock
        self._asked = float("-inf")
        self._said: int | None = None

    def __call__(self) -> int | None:
        """How many hints lay in the broker a moment ago, or None when it did not answer."""
        if self._clock() - self._asked >= self._fresh:
            try:
                self._said = self._backlog()
            except BrokerUnavailable:
                self._said = None
            self._asked = self._clock()
        return self._said
