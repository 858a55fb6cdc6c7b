"""Marks in a queue: after which line the next page begins. Opaque to whoever carries them, and the same on every page."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime

from workflow.errors import BadInput
from workflow.texts import t


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The place of a line in the order of a queue."""

    due_at: datetime | None
    opened_at: datetime
    case_id: str


def written_mark(mark: Mark) -> str:
    """The mark as text that a URL or a command line can carry."""
    due = mark.due_at.isoformat() if mark.due_at is not None else None
    plain = json.dumps([due, mark.opened_at.isoformat(), mark.case_id])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_mark(text: str) -> Mark:
    """The mark that a text holds. Raises BadInput if it holds none."""
    try:
        due, opened, case_id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return Mark(
            due_at=datetime.fromisoformat(due) if due is not None else None,
            opened_at=datetime.fromisoformat(opened),
            case_id=str(case_id),
        )
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadInput(reason=t("queue.bad_mark")) from error
