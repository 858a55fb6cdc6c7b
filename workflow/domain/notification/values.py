"""What a notification is, before anybody has thought of how it is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

APPLICANT: Final = "@applicant"
"""The recipient who is whoever filed; who that is, and whether a contact was left, is found out when it is sent."""


class Kind(StrEnum):
    """What a notification is about."""

    CARD_REMINDER = "card_reminder"
    CARD_YELLOW = "card_yellow"
    CARD_RED = "card_red"
    CARD_ESCALATED = "card_escalated"
    FINDING_NEWS = "finding_news"
    ORDER = "order"
    URGING = "urging"
    ASSIGNMENT = "assignment"
    STAND_IN = "stand_in"
    SIGNATURE = "signature"
    SUPPLEMENT = "supplement"
    ACCEPTANCE = "acceptance"
    DECISION = "decision"
    DELIVERY = "delivery"


MAIL_ADDRESS: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
"""One plain address and nothing else: no name, no second recipient, no line of its own for a header."""

CARDS: Final = frozenset({Kind.CARD_REMINDER, Kind.CARD_YELLOW, Kind.CARD_RED, Kind.CARD_ESCALATED})

ALWAYS: Final = frozenset({Kind.CARD_RED, Kind.ORDER})
"""What nobody can decline: a red card and a supervisor's order (督办)."""

URGENT: Final = frozenset({Kind.CARD_RED, Kind.CARD_ESCALATED, Kind.ORDER})
"""What does not wait for a daily digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """Somebody is to be told of the event `seq` of a case. `recipient` is a person's code, or `APPLICANT`; `finding` the
    number of the finding it is about; `post` and `organ` in what capacity he is told.
    """

    seq: int
    kind: Kind
    recipient: str
    finding: int | None = None
    post: str | None = None
    organ: str | None = None
