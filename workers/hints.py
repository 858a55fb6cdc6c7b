"""Sending hints: a message for each case, or in a rush for some, many messages in one round trip, and no patience with a
broker that hangs.
"""

from __future__ import annotations

from collections.abc import Sequence

from celery import Celery
from kombu import Connection, Producer
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from workers.celery_settings import TASK
from workflow.errors import BrokerUnavailable

#: Everything by which kombu and redis-py say that the broker is not there, or no longer, or does not answer.
BROKER_FAULTS = (KombuError, RedisError, OSError)


def said(fault: BaseException) -> str:
    """What the fault says, or the one behind it: a failed batch itself says only that it failed."""
    first = fault.__cause__ or fault
    return (str(first) or type(first).__name__).rstrip(".")


def shared_out(case_ids: Sequence[str], messages: int) -> list[tuple[str, ...]]:
    """The cases of each message: one each where there is room for so many messages, else some in each."""
    size = max(1, -(-len(case_ids) // messages))
    return [tuple(case_ids[first : first + size]) for first in range(0, len(case_ids), size)]


class Hints:
    """The sending end of the queue. Not for several threads."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._connection: Connection | None = None
        self._producer: Producer | None = None

    def send(self, case_ids: Sequence[str], messages: int, *, task: str = TASK) -> None:
        """Send hints for these cases (of another task: for what it is about) in at most so many messages, all in one
        pipeline. Raises BrokerUnavailable; some may have been sent then, which does no harm: a hint too many finds
        nothing to do."""
        try:
            producer = self._open()
            with producer.batch():  # type: ignore[attr-defined]  # new in kombu 5.7
                for some in shared_out(case_ids, messages):
                    self._app.send_task(task, args=some, producer=producer, retry=False)
        except BROKER_FAULTS as fault:
            self.close()
            raise BrokerUnavailable(reason=said(fault)) from fault

    def close(self) -> None:
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            connection.close()

    def _open(self) -> Producer:
        if self._producer is None:
            self._connection = self._app.connection_for_write()
            # Connected here and given a channel of its own: what kombu opens by itself, it opens with endless retries.
            self._connection.ensure_connection(max_retries=0)
            self._producer = self._app.amqp.Producer(self._connection.channel())
        return self._producer
