"""The Celery application: one queue, one task, and connections that do not wait long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from kombu import Connection, Exchange, Queue

from workers.celery_settings import CONSUMING, NOTIFY, PUBLISHING, QUEUE, RECONNECT, SETTINGS, TASK
from workers.transport import Transport


class SturdyConnection(Connection):
    """A connection that tries again at least every second (kombu's own pauses grow to thirty), on our transport."""

    def get_transport_cls(self) -> type[Transport]:
        return Transport

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        return super().ensure_connection(*args, **(RECONNECT | kwargs))


class SturdyAMQP(AMQP):
    Connection = SturdyConnection


def consuming_app(
    broker_url: str, look: Callable[..., object], notify: Callable[..., object] | None = None
) -> Celery:
    """The application of a worker: it calls `look` with the case ids of every message, `notify` with those of deliveries."""
    app = _app(broker_url, CONSUMING)

    @app.task(name=TASK, shared=False)
    def hinted(*case_ids: str, **_newer: object) -> None:
        # A newer program's relay may say more than this one knows; the ids are enough.
        look(*case_ids)

    @app.task(name=NOTIFY, shared=False)
    def asked(*deliveries: str, **_newer: object) -> None:
        # A worker without channels leaves them to one that has some.
        if notify is not None:
            notify(*deliveries)

    return app


def publishing_app(broker_url: str) -> Celery:
    """The application of a relay: it sends messages and runs none."""
    return _app(broker_url, PUBLISHING)


def _app(broker_url: str, transport: dict[str, Any]) -> Celery:
    app = Celery("banjie", broker=broker_url, amqp=SturdyAMQP, set_as_current=False, fixups=[])
    app.conf.update(SETTINGS)
    app.conf.broker_transport_options = transport
    app.conf.task_queues = [Queue(QUEUE, Exchange(QUEUE, type="direct"), routing_key=QUEUE)]
    return app
