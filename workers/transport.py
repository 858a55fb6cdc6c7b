"""kombu's Redis transport with a stronger stomach: a message it cannot read is dropped, and the worker lives on.

kombu takes whatever lies in the list for a message of its own making and lets the worker die of anything else. Whoever can
write to the broker could so end all workers, and with them their pulses; but the broker is not trusted with that.
"""

from __future__ import annotations

from queue import Empty
from typing import Any

from kombu.transport import redis

from workers.logs import Log

log = Log("workers.transport")

#: What kombu raises over bytes that are no message: no JSON, not the expected shape, a body that is not base64.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)


class Channel(redis.Channel):
    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[misc]  # unknown to the stubs
        except UNREADABLE as fault:
            log.exception("message_dropped", reason=type(fault).__name__)
            raise Empty from fault


class Transport(redis.Transport):
    Channel = Channel
