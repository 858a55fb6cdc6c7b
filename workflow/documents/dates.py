"""How a civil day is written for people: 2026年10月12日, 12 October 2026."""

from __future__ import annotations

from datetime import date

from workflow.texts import t


def in_words(day: date | str | None, lang: str | None = None) -> str:
    """A day, given as a date or as YYYY-MM-DD, in the reader's language; nothing for none. Raises ValueError."""
    if not day:
        return ""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return t("dates.format", lang, year=on.year, month=t(f"dates.month.{on.month}", lang), day=on.day)
