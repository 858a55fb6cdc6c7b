"""What sends notifications, as the engine sees it: channels by name, and how this installation uses them.

How each channel speaks is outside (`workflow.exchange.notify`); an installation without any has no notifier, and then no
notification is even written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol

ATTEMPTS: Final = 10
"""Tries of one channel, about three hours, before the next channel is tried, or the notification is dead."""

PER_HOUR: Final = 20
"""Messages that one recipient gets by one channel within an hour; what is more waits for the next digest."""


class Outcome(StrEnum):
    """What came of a call: accepted; failed for now; refused for good; or nobody knows, because the line broke too late."""

    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The end of a call. `why` is a short word such as `smtp_550` or `http_503`, never what the other side wrote: that might
    hold an address. `pause` is how long the other side asked us to wait; `unreachable`: it was not even there.
    """

    outcome: Outcome
    why: str = ""
    pause: timedelta | None = None
    unreachable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in one language, ready to be sent. `id` is the delivery's and the same at every try; `about` are its facts
    by name for a machine that reads them; a digest has the facts of each in `items`.
    """

    id: str
    kind: str
    language: str
    recipient: str
    subject: str
    text: str
    at: datetime
    case_no: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)


class Channel(Protocol):
    """A way to reach people. `repeats`: it carries the delivery's id so that a receiver knows a second copy, and so may be
    tried again when nobody knows what became of the first (at least once); otherwise it is sent at most once.
    """

    @property
    def name(self) -> str:
        """Its name in this installation."""

    @property
    def kind(self) -> str:
        """mail, wecom, dingtalk, feishu or webhook."""

    @property
    def repeats(self) -> bool:
        """Whether a second copy does no harm."""

    @property
    def needs_address(self) -> bool:
        """Whether a recipient without an address cannot be reached by it."""

    def send(self, message: Message, address: str | None) -> Answer:
        """Send it. Waits some seconds at most; never raises for what the other side does."""


@dataclass(slots=True, kw_only=True)
class Notifier:
    """The channels of an installation. `default` are those of whoever has not chosen; `base_url` is where links lead, none
    without it; `zone` that of quiet hours and digests.
    """

    channels: Mapping[str, Channel]
    default: tuple[str, ...]
    base_url: str = ""
    language: str = "zh-CN"
    zone: str = "Asia/Shanghai"
    attempts: int = ATTEMPTS
    per_hour: int = PER_HOUR
    #: After a restore: nothing is sent, all is held for a person (docs/operations/backup-and-restore.md).
    hold: bool = False
    _resting: dict[str, datetime] = field(default_factory=dict)

    def rest(self, channel: str, until: datetime) -> None:
        """Leave a channel alone for a while, in this process: its other side is not there, and each try waits for it."""
        self._resting[channel] = until

    def resting(self, channel: str, now: datetime) -> datetime | None:
        """Until when the channel is left alone."""
        until = self._resting.get(channel)
        return until if until is not None and until > now else None
