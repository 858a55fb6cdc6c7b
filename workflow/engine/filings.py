"""Many filings at once: a roster's rows, each a command like any other, many of them in one transaction.

`file_together` is one transaction for all of them, so either every one is filed or none. `file_apart` commits some at a
time, and one that is refused stops no other. Each is checked, authorised, numbered, chained and remembered as if it had
come alone; what was filed before under the same key is not filed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from workflow.engine.handle import ATTEMPTS, Receipt, perform, planned
from workflow.errors import BanjieError, DatabaseUnavailable
from workflow.storage.database import TryAgain

if TYPE_CHECKING:
    from workflow.domain.commands import SubmitFiling
    from workflow.domain.step import Step
    from workflow.engine.banjie import Banjie
    from workflow.storage.transaction import Opened, Transaction

AT_ONCE: Final = 200
"""How many filings are written by one statement, and apart are committed together."""

Result: TypeAlias = Receipt | BanjieError
"""What became of one filing: its receipt, or what refused it."""

Progress = Callable[[int], None]
"""Told how many filings have been looked at so far."""


class _NotKept(Exception):
    """Leaves the transaction, so that nothing of it is kept."""


def file_together(
    banjie: Banjie,
    commands: Sequence[SubmitFiling],
    *,
    progress: Progress = lambda _: None,
    dry_run: bool = False,
) -> list[Result]:
    """File all of these or none: when any is refused, and on a dry run, nothing at all is written. No two are on one case.

    Gives a result for each in order, with every refusal. Raises what the database raises, and then nothing was written.
    """
    for attempt in range(ATTEMPTS):
        try:
            return _together(banjie, commands, progress, dry_run=dry_run)
        except TryAgain:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def file_apart(
    banjie: Banjie, commands: Sequence[SubmitFiling], *, progress: Progress = lambda _: None
) -> Iterator[Result]:
    """File those of these that can be filed, some at a time; gives a result for each in order, once it is committed.

    Raises what the database raises; what was given until then stays filed.
    """
    rest = iter(commands)
    done = 0
    while some := list(islice(rest, AT_ONCE)):
        results = _apart_again(banjie, some)
        done += len(some)
        progress(done)
        yield from results


def _together(
    banjie: Banjie, commands: Sequence[SubmitFiling], progress: Progress, *, dry_run: bool
) -> list[Result]:
    results: list[Result] = []
    refused = False
    with suppress(_NotKept), banjie.store.write() as tx:
        opened = _opened(tx, commands)
        for begin in range(0, len(commands), AT_ONCE):
            some = commands[begin : begin + AT_ONCE]
            told, steps = _planned(banjie, tx, some, opened)
            results += told
            refused = refused or any(isinstance(one, BanjieError) for one in told)
            if steps and not refused:
                tx.write_all(steps)
            progress(len(results))
        if refused or dry_run:
            raise _NotKept
    return results


def _apart_again(banjie: Banjie, commands: Sequence[SubmitFiling]) -> list[Result]:
    for attempt in range(ATTEMPTS):
        try:
            return _apart(banjie, commands)
        except TryAgain:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _apart(banjie: Banjie, commands: Sequence[SubmitFiling]) -> list[Result]:
    with banjie.store.write() as tx:
        results, steps = _planned(banjie, tx, commands, _opened(tx, commands))
        broken = tx.write_many(steps)
    return [broken.get(command.case_id, result) for command, result in zip(commands, results, strict=True)]


def _opened(tx: Transaction, commands: Sequence[SubmitFiling]) -> dict[str, Opened]:
    """Each case looked up and, if it is there, locked: in the order of their ids, before any number is taken."""
    inorder = sorted(commands, key=lambda command: command.case_id)
    return {
        command.case_id: tx.open_case(command.case_id, actor=command.actor, key=command.key)
        for command in inorder
    }


def _planned(
    banjie: Banjie, tx: Transaction, commands: Sequence[SubmitFiling], opened: dict[str, Opened]
) -> tuple[list[Result], list[Step]]:
    """What becomes of each, and the steps that are to be written for it."""
    results: list[Result] = []
    steps: list[Step] = []
    for command in commands:
        try:
            here = opened[command.case_id]
            if here.remembered is not None:
                results.append(perform(banjie, tx, command))
                continue
            step = planned(banjie, tx, here, command)
        except DatabaseUnavailable:
            raise
        except BanjieError as error:
            results.append(error)
            continue
        if step is None:
            raise ValueError("a filing always leaves something behind")
        steps.append(step)
        results.append(_receipt(step))
    return results, steps


def _receipt(step: Step) -> Receipt:
    case = step.after
    return Receipt(case_id=case.id, no=case.no, seq=case.seq, version=case.version, state=case.state)
