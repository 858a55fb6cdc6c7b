"""What the people of a simulation say happened to them: each call when it begins, and how it ended as far as they know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflow.domain.commands import SubmitFiling, TakeAction
from workflow.engine.handle import Receipt

OK, FAIL, UNKNOWN = "ok", "fail", "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How one attempt ended: `ok` with a receipt, `fail` with the code of a refusal, or nobody knows."""

    attempt: int
    how: str
    at: datetime
    receipt: Receipt | None = None
    code: str = ""
    message: str = ""


@dataclass(slots=True, kw_only=True)
class Asked:
    """One command under its key, with every attempt at it."""

    number: int
    command: SubmitFiling | TakeAction
    at: datetime
    personal: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 0
    pending: bool = False
    ended: list[Ended] = field(default_factory=list)

    @property
    def receipts(self) -> list[Receipt]:
        return [one.receipt for one in self.ended if one.receipt is not None]

    @property
    def said(self) -> str:
        """`ok` once anybody was told so, `fail` if each attempt was refused, else `unknown`."""
        ways = [one.how for one in self.ended]
        if OK in ways:
            return OK
        return FAIL if ways and not self.pending and UNKNOWN not in ways else UNKNOWN


@dataclass(slots=True)
class History:
    """Everything that was asked, in the order in which it was, and a line for each thing that happened."""

    asked: list[Asked] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def ask(self, command: SubmitFiling | TakeAction, at: datetime, personal: Mapping[str, Any]) -> Asked:
        made = Asked(number=len(self.asked) + 1, command=command, at=at, personal=personal)
        self.asked.append(made)
        return made

    def invoke(self, asked: Asked, at: datetime) -> None:
        asked.attempts += 1
        asked.pending = True
        what = asked.command
        name = what.action if isinstance(what, TakeAction) else f"file {what.matter}"
        self.tell(
            at,
            f"#{asked.number}.{asked.attempts} invoke {what.actor} {name} {what.case_id[:8]} key={what.key}",
        )

    def end(self, asked: Asked, how: str, at: datetime, **told: Any) -> None:
        asked.pending = False
        ended = Ended(attempt=asked.attempts, how=how, at=at, **told)
        asked.ended.append(ended)
        got = ended.receipt
        more = (
            f" seq={got.seq} v={got.version} {got.state}{' again' if got.repeated else ''}"
            if got
            else ended.code
        )
        self.tell(at, f"#{asked.number}.{asked.attempts} {how} {more}")

    def tell(self, at: datetime, line: str) -> None:
        self.lines.append(f"{at.isoformat(timespec='milliseconds')} {line}")

    def refusals(self) -> Iterator[Ended]:
        for asked in self.asked:
            yield from (one for one in asked.ended if one.how == FAIL)
