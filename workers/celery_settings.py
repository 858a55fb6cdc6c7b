"""Every Celery and transport setting, in one tested place. Each is argued, with figures, in docs/decisions/0003.

The whole of it follows from one sentence: a message is only a hint. What is due, undone or tried too often stands in the
database; so nothing here tries to make the broker safe, and everything tries to keep it quick and quiet.
"""

from __future__ import annotations

from typing import Any

QUEUE = "banjie"
TASK = "banjie.look"
NOTIFY = "banjie.notify"

#: Put before every key, so that an access rule of the broker can be limited to it.
KEY_PREFIX = "banjie:"

SETTINGS: dict[str, Any] = {
    # A message is JSON with one id. Anything else on the queue is refused unread.
    "accept_content": ["json"],
    "task_serializer": "json",
    "task_default_queue": QUEUE,
    "task_create_missing_queues": False,
    # Nobody waits for a result: the case's events are the result.
    "task_ignore_result": True,
    "result_backend": None,
    "task_track_started": False,
    "worker_send_task_events": False,
    # Nobody but a signal commands a worker: no revoke, no shutdown by message, and two connections fewer.
    "worker_enable_remote_control": False,
    "worker_prefetch_multiplier": 1,
    # A hint is forgotten the moment it is taken; what it led to stands in the database.
    "task_acks_late": False,
    "task_publish_retry": False,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    # Nothing to cancel in a solo pool; said so that Celery does not warn of it at every loss.
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "worker_detect_quorum_queues": False,
    # Logging is ours (workers/logs.py).
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "worker_log_color": False,
    "timezone": "UTC",
    "enable_utc": True,
}

#: What both ends of a connection to the broker share.
TRANSPORT: dict[str, Any] = {
    "global_keyprefix": KEY_PREFIX,
    # No copy of each message in `unacked` and no second delivery: the pulse finds undone work in two seconds, the
    # broker would in minutes, and twice the rate is to be had without.
    "ack_emulation": False,
    # One list instead of four: urgency is decided by due dates, in the database.
    "priority_steps": [0],
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    "health_check_interval": 10,
}

#: A worker blocks in BRPOP for a second at a time, so an answer that takes ten seconds will never come.
CONSUMING: dict[str, Any] = TRANSPORT | {"socket_timeout": 10}

#: The relay must never hang on a broker that is half there.
PUBLISHING: dict[str, Any] = TRANSPORT | {"socket_timeout": 1}

#: Pauses in seconds between attempts to reach a lost broker. Celery's own grow to thirty, which is long to be deaf.
RECONNECT: dict[str, float] = {"interval_start": 0.2, "interval_step": 0.2, "interval_max": 1.0}
