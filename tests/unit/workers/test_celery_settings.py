"""Settings that correctness or safety leans on do not change unseen (docs/decisions/0003)."""

from __future__ import annotations

import pytest
from celery.app.defaults import NAMESPACES, flatten

from workers.celery_app import consuming_app
from workers.celery_settings import CONSUMING, NOTIFY, PUBLISHING, QUEUE, SETTINGS, TASK

BROKER = "redis://127.0.0.1:1/0"


def test_every_setting_is_one_that_celery_knows():
    """A misspelt name would be taken in silence."""
    known = dict(flatten(NAMESPACES))

    assert sorted(set(SETTINGS) - set(known)) == []


def test_only_json_is_read_and_nobody_is_commanded_by_message():
    conf = consuming_app(BROKER, print).conf

    assert conf.accept_content == ["json"]
    assert conf.task_serializer == "json"
    assert not conf.worker_enable_remote_control


def test_the_broker_is_trusted_with_nothing():
    conf = consuming_app(BROKER, print).conf

    assert conf.broker_transport_options["ack_emulation"] is False
    assert conf.task_acks_late is False, (
        "a hint is forgotten when it is taken; what is undone stands in the database"
    )
    assert conf.task_ignore_result
    assert conf.result_backend is None
    assert conf.beat_schedule == {}
    assert conf.worker_prefetch_multiplier == 1


def test_there_is_one_queue_and_a_task_each_for_cases_and_for_notifications():
    app = consuming_app(BROKER, print)

    assert list(app.amqp.queues) == [QUEUE]
    assert sorted(name for name in app.tasks if not name.startswith("celery.")) == [TASK, NOTIFY]


@pytest.mark.parametrize(("options", "longest"), [(CONSUMING, 10), (PUBLISHING, 1)])
def test_no_socket_is_waited_on_for_long(options, longest):
    assert 0 < options["socket_timeout"] <= longest
    assert 0 < options["socket_connect_timeout"] <= 1


def test_a_message_leads_to_a_look_at_its_case():
    looked = []
    app = consuming_app(BROKER, looked.append)

    app.tasks[TASK]("44c44803-0ff3-59f2-8615-079b97c34e95")

    assert looked == ["44c44803-0ff3-59f2-8615-079b97c34e95"]
