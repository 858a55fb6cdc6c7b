"""Looking at cases: what a task does when a hint comes, and a pulse when none came."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Protocol
from uuid import UUID

from workers.logs import Log
from workflow.errors import BadInput, NeedsNewerProgram, Unavailable
from workflow.operation.redaction import reason

log = Log("workers.looking")

#: `advance` of the engine, bound to its engine: do all that is due on the case, give how many things were done.
Advance = Callable[..., int]

#: `advance_many`: the same for many cases in one transaction, or nothing; gives too which must be looked at by themselves.
AdvanceMany = Callable[..., tuple[int, list[str]]]


#: After so many attempts that came to nothing, what is due on a case is parked: left alone and shown by `doctor`. A look
#: by the pulse counts as one before it begins, because what kills a process cannot be counted afterwards; so a case that
#: merely fails counts twice a round, and is parked after five failures.
ATTEMPTS = 9


#: Seconds for which a process that has left a case to a newer program counts as one of an older version.
BEHIND_FOR = 60.0


class PoisonBook(Protocol):
    """Where failed attempts are counted, so that a case that always fails is set aside and shown to people."""

    def failed(self, case_id: str, error: str, *, attempts: int) -> bool: ...
    def pass_over(self, case_id: str) -> None: ...


class Looker:
    """Advances cases for one process, whichever hand asks, and keeps a failing case from failing for ever."""

    def __init__(
        self,
        advance: Advance,
        advance_many: AdvanceMany,
        book: PoisonBook,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._advance = advance
        self._advance_many = advance_many
        self._book = book
        self._clock = clock
        self._left_at: float | None = None

    def by_task(self, *case_ids: str) -> int:
        """Called with what a message says. Anything but case ids is refused: the broker is not trusted."""
        known = list(dict.fromkeys(self._known(case_ids)))
        done, alone = self._together(known) if len(known) > 1 else (0, known)
        return done + sum(self.look(case_id, done_by="task") for case_id in alone)

    def _known(self, case_ids: Sequence[object]) -> Iterator[str]:
        for case_id in case_ids:
            try:
                yield checked(case_id)
            except BadInput as error:
                # Not what it says: it may be anybody's.
                log.warning("message_refused", code=error.code)

    def _together(self, case_ids: list[str]) -> tuple[int, list[str]]:
        """Advance them in one transaction; if anything is wrong with one, nothing has been done and each is looked at by
        itself, so that what is wrong is noted of the right one."""
        try:
            return self._advance_many(case_ids, done_by="task")
        except Unavailable as error:
            log.info("looked_at_one_by_one", cases=len(case_ids), reason=reason(error))
        except Exception as error:  # noqa: BLE001 - it comes up again, and is logged, when its case is looked at
            log.info("looked_at_one_by_one", cases=len(case_ids), reason=type(error).__name__)
        return 0, case_ids

    def by_pulse(self, case_id: str) -> int:
        return self.look(case_id, done_by="pulse")

    def look(self, case_id: str, *, done_by: str) -> int:
        """Do what is due on the case; gives how many things were done, 0 after a failure that has been noted."""
        try:
            return self._advance(case_id, done_by=done_by)
        except NeedsNewerProgram as error:
            # Two versions are at work, and this is the older one.
            log.info("left_to_newer_program", case_id=case_id, reason=error.message)
            self._left_at = self._clock()
            if done_by == "pulse":
                self._pass_over(case_id)
        except Unavailable as error:
            # The database is away: that says nothing about the case. The pulse comes back to it.
            log.warning("look_postponed", case_id=case_id, code=error.code, reason=error.message)
        except Exception as error:
            log.exception("look_failed", case_id=case_id, done_by=done_by)
            self._note(case_id, error)
        return 0

    def look_at_all(self, case_ids: Sequence[str], stopping: Callable[[], bool]) -> int:
        """Look at each in turn by the pulse's hand, until told to stop."""
        done = 0
        for case_id in case_ids:
            if stopping():
                break
            done += self.by_pulse(case_id)
        return done

    def behind(self) -> bool:
        """Whether a case was left to a newer program of late."""
        return self._left_at is not None and self._clock() - self._left_at < BEHIND_FOR

    def _pass_over(self, case_id: str) -> None:
        """What a pulse takes counts as tried; what is left to a newer program was not."""
        try:
            self._book.pass_over(case_id)
        except Unavailable as fault:
            log.warning("not_passed_over", case_id=case_id, reason=fault.message)

    def _note(self, case_id: str, error: Exception) -> None:
        try:
            # The message is kept in the database, beside the case, where personal values may be; the log has its kind.
            if self._book.failed(case_id, f"{type(error).__name__}: {error}", attempts=ATTEMPTS):
                log.error("case_parked", case_id=case_id, error=reason(error))
        except Unavailable as fault:
            log.warning("failure_not_noted", case_id=case_id, reason=fault.message)


def checked(case_id: object) -> str:
    """The case id of a message in its one spelling. Raises BadInput for anything that is none."""
    if isinstance(case_id, str):
        with suppress(ValueError):
            return str(UUID(case_id))
    raise BadInput(reason=f"{case_id!r:.80} is not a case id")
