"""The rows that a step changes in who stands under which filing letter."""

from __future__ import annotations

from datetime import datetime

from workflow.domain.step import Step
from workflow.storage.registers import Rows


def letter_rows(rows: Rows, step: Step, now: datetime) -> None:
    """Add the rows of a step that was decided at `now`; what ends in the same step is folded into the inserted row."""
    for change in step.letters:
        key = {"case_id": step.after.id, "organ": change.letter.organ, "number": change.letter.number}
        if change.what == "joined":
            rows["letter_cases"].append({**key, "joined_at": now, "concluded_at": None, "left_at": None})
            continue
        end = {"concluded_at": None, "left_at": None}
        end["concluded_at" if change.what == "concluded" else "left_at"] = now  # type: ignore[assignment]
        here = next((row for row in rows["letter_cases"] if row.items() >= key.items()), None)
        if here is not None:
            here.update(end)
        else:
            rows["letter_cases_ended"].append({**key, **end})
