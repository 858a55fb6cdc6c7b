"""What happens at the window (窗口): a filing taken in, a form corrected on the spot, papers handed out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedAtWindow(Event):
    """`clerk` took the filing in (收件) and is its first contact (首问). It counts as received on `counts_on`: what comes in
    after the window has closed, on the next working day.
    """

    clerk: str
    counts_on: date
    after_closing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCorrected(Event):
    """What could be corrected on the spot (当场更正) was: the fields as they were and as they are. Personal values are
    sealed; an old or a new value that is not there means that the field was, or is, empty.
    """

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecorded(Event):
    """A delivery receipt (送达回证), number `receipt` of the case: which papers reached whom on which civil day, and how:
    in_person, proxy, post, left, electronic, announcement. `recipient` and `witnesses` are personal values, sealed.
    """

    receipt: int
    documents: tuple[str, ...]
    how: str
    on: date
    recipient: str | Mapping[str, Any]
    tracking: str | None = None
    witnesses: tuple[str, ...] | Mapping[str, Any] = ()
    published_on: date | None = None
    note: str | None = None
