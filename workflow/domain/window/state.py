"""What the window has done with a case, as far as later steps must know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWindow:
    """A filing that came in at the window: the clerk who took it in, the civil day on which it counts as received, which
    papers have been handed out, and how many delivery receipts (送达回证) there are.
    """

    clerk: str
    counts_on: date
    handed_out: tuple[str, ...] = ()
    receipts: int = 0
