"""A clock to be moved by hand, and a store that holds due cases in lists."""

from __future__ import annotations

from workers.hints import shared_out
from workflow.errors import BrokerUnavailable, DatabaseUnavailable


class HandClock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += seconds


class FakeStore:
    """Due cases: nobody told (`silent`), hinted at an instant (`hinted`), done or parked."""

    def __init__(self, clock: HandClock, *silent: str) -> None:
        self.clock = clock
        self.silent = list(silent)
        self.hinted: dict[str, float] = {}
        self.away = False
        self.finished = 0
        self.failures: list[tuple[str, str]] = []
        self.tries: dict[str, int] = {}
        self.passed_over: list[str] = []

    def take_due(self, limit: int) -> list[str]:
        self._answer()
        taken, self.silent = self.silent[:limit], self.silent[limit:]
        self.hinted |= dict.fromkeys(taken, self.clock())
        return taken

    def unhint(self, case_ids) -> None:
        self._answer()
        for case_id in case_ids:
            del self.hinted[case_id]
        self.silent = [*case_ids, *self.silent]

    def overlooked(self, seconds: float, limit: int) -> list[str]:
        self._answer()
        old = [case_id for case_id, at in self.hinted.items() if self.clock() - at >= seconds]
        return (old + (self.silent if seconds <= 0 else []))[:limit]

    def unhinted(self, limit: int) -> list[str]:
        self._answer()
        return self.silent[:limit]

    def take_overlooked(self, seconds: float, limit: int, *, attempts: int) -> list[str]:
        taken = self.overlooked(seconds, limit) if seconds > 0 else []
        for case_id in taken:
            self.hinted[case_id] = self.clock()
            self.tries[case_id] = self.tries.get(case_id, 0) + 1
        return taken

    def failed(self, case_id: str, error: str, *, attempts: int) -> bool:
        self._answer()
        self.failures.append((case_id, error))
        return len(self.failures) >= attempts

    def pass_over(self, case_id: str) -> None:
        self._answer()
        self.passed_over.append(case_id)

    def done_counts(self) -> dict[str, int]:
        self._answer()
        return {"task": self.finished, "pulse": 0}

    def done(self, case_id: str) -> None:
        self.finished += 1
        self.hinted.pop(case_id, None)
        self.silent = [other for other in self.silent if other != case_id]

    def _answer(self) -> None:
        if self.away:
            raise DatabaseUnavailable(reason="away")


class FakeBroker:
    """Messages, each of one case or some, until it is `down`; `breaks_on_send` answers counts and fails when something is
    sent."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, ...]] = []
        self.down = False
        self.breaks_on_send = False

    def send(self, case_ids, messages) -> None:
        if self.down or self.breaks_on_send:
            raise BrokerUnavailable(reason="down")
        self.messages += shared_out(case_ids, messages)

    def backlog(self) -> int:
        if self.down:
            raise BrokerUnavailable(reason="down")
        return len(self.messages)

    def seen(self) -> int | None:
        return None if self.down else len(self.messages)
