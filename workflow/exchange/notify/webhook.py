"""A webhook that carries a CloudEvent 1.0 in structured mode, signed as Standard Webhooks has it: HMAC-SHA256 over id,
timestamp and body. At least once; the receiver knows a second copy by its id.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import msgspec
import requests

from workflow.engine.notifier import Answer, Message
from workflow.exchange.notify.answers import TIMEOUT, of_fault, of_status

CONTENT_TYPE: Final = "application/cloudevents+json; charset=UTF-8"
TYPE: Final = "cn.banjie.notification."


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where events are posted, and the key they are signed with. `source` says which installation speaks."""

    name: str
    url: str = field(repr=False)
    key: bytes = field(repr=False)
    source: str
    clock: Callable[[], datetime] = _now

    @property
    def kind(self) -> str:
        """As the settings call it."""
        return "webhook"

    @property
    def repeats(self) -> bool:
        """A second copy has the same id."""
        return True

    @property
    def needs_address(self) -> bool:
        """The event says whom it is for."""
        return False

    def send(self, message: Message, address: str | None) -> Answer:
        """Post the event; an address, where one is kept, says under which name the receiver knows the person."""
        body = msgspec.json.encode(event(message, self.source, address))
        stamp = str(int(self.clock().timestamp()))
        headers = {
            "Content-Type": CONTENT_TYPE,
            "User-Agent": "banjie",
            "Idempotency-Key": message.id,
            "webhook-id": message.id,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(self.key, message.id, stamp, body),
        }
        try:
            # What it answers is not read: the status says it all, and a body has no end that we could trust.
            with requests.post(
                self.url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
            ) as response:
                return of_status(response)
        except requests.RequestException as fault:
            return of_fault(fault)


def event(message: Message, source: str, address: str | None = None) -> dict[str, object]:
    """The CloudEvent of a message."""
    whole = {
        "specversion": "1.0",
        "id": message.id,
        "source": source,
        "type": TYPE + message.kind,
        "subject": message.case_no,
        "time": message.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {
            "recipient": message.recipient,
            "address": address,
            "language": message.language,
            "subject": message.subject,
            "text": message.text,
            **message.about,
        },
    }
    return {name: value for name, value in whole.items() if value is not None}


def signature(key: bytes, delivery: str, stamp: str, body: bytes) -> str:
    """`v1,` and the base64 of the HMAC-SHA256 of `id.timestamp.body`."""
    mac = hmac.new(key, f"{delivery}.{stamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(mac.digest()).decode()
