"""How a process that measures itself looks on: one narrow hook, `Banjie.watch`, called around whatever is done.

    with banjie.watch("TakeAction", case_id, command_id) as look: …

The engine knows nothing of logs, metrics or traces; whoever puts them in (`workflow.operation`) gives another `watch`. It
must not raise, and takes microseconds. It says nothing of what was decided: what is on record is in the events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self, TypeAlias


class Look(Protocol):
    """One thing being done, from the beginning of the block to its end, which is after the commit."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def did(self, things: int, hand: str, late: Sequence[float]) -> None:
        """So many rungs and jobs were done, by this hand of the machine; the rungs so many seconds after their instants."""


Watch: TypeAlias = Callable[[str, str, str], Look]
"""Given what is done (the name of a command, or `advance`), the case and the command's id, empty where there is none."""


class _Nobody:
    __slots__ = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def did(self, things: int, hand: str, late: Sequence[float]) -> None:
        pass


_NOBODY = _Nobody()


def unwatched(_what: str, _case_id: str, _command: str) -> Look:
    """Nobody looks on."""
    return _NOBODY
