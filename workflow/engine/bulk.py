"""Bulk of anything (批量办理): one act on many cases, each a command of its own with a key and a right of its own.

What becomes of one item touches no other. The same run may be started again: what was done is repeated and not done
twice. A dry run takes the same decisions in a transaction that is not kept, so that what one item uses up, such as the
last places of a quota, is gone for the next there too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from workflow.domain.authority import is_public
from workflow.domain.commands import TakeAction
from workflow.domain.values import replace
from workflow.engine.handle import ATTEMPTS, Receipt, handle, perform, planned
from workflow.errors import BadInput, BanjieError, Unavailable, UnknownCase, UnknownPerson
from workflow.storage.faults import TryAgain
from workflow.storage.run_register import KeptItem, NewRun
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.engine.banjie import Banjie
    from workflow.storage.transaction import Transaction

MOST: Final = 5000
"""Items in one run. A dry run holds all their cases until it has come to its end."""

NOTED_AT_ONCE: Final = 50
"""Results that are noted by one transaction."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One case of a run by its number. `fields` go before the run's own; `person` and `why` are noted with the result."""

    no: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    seen_version: int | None = None
    person: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One act on many cases by one actor. `id` makes the keys: the same id on the same cases is the same run."""

    id: str
    actor: str
    action: str
    items: Sequence[Item]
    fields: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "bulk"
    subject: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of an item: its receipt, or the error that refused it."""

    item: Item
    receipt: Receipt | None = None
    error: BanjieError | None = None

    @property
    def outcome(self) -> str:
        """done, repeated (done before, by the same run) or refused."""
        if self.receipt is None:
            return "refused"
        return "repeated" if self.receipt.repeated else "done"


class _NotKept(Exception):
    """Leaves the transaction, so that nothing of it is kept."""


def run(banjie: Banjie, of: Run, *, progress: Progress = lambda _: None) -> list[Result]:
    """Do the act on each case, one command after another, and note who did it and what became of each.

    Raises BadInput for a run without items or with too many, UnknownCase when it knows none of them, UnknownPerson,
    RunDiffers when its id means another, Unavailable: what was done until then stays done, and the same run goes on from
    there.
    """
    ids = _ids(banjie, of)
    banjie.store.runs.begin(
        NewRun(
            id=of.id,
            kind=of.kind,
            actor=of.actor,
            action=of.action,
            subject=of.subject,
            reason=of.reason,
            asked=len(of.items),
        )
    )
    results: list[Result] = []
    noted = 0
    try:
        for item in of.items:
            results.append(_done(banjie, of, item, ids))
            progress(len(results))
            if len(results) - noted >= NOTED_AT_ONCE:
                noted = _note(banjie, of, results, ids, noted)
    finally:
        _note(banjie, of, results, ids, noted)
    banjie.store.runs.end(of.id)
    return results


def dry_run(banjie: Banjie, of: Run) -> list[Result]:
    """What `run` would say at this moment; nothing is written. Raises BadInput, UnknownCase, UnknownPerson, Unavailable."""
    ids = _ids(banjie, of)
    for attempt in range(ATTEMPTS):
        results: list[Result] = []
        try:
            with suppress(_NotKept), banjie.store.write() as tx:
                for case_id in sorted(filter(None, ids.values())):
                    tx.open_case(case_id, actor=of.actor, key="")
                results += [_tried(banjie, tx, of, item, ids) for item in of.items]
                raise _NotKept
        except TryAgain:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return results
    raise AssertionError("unreachable")


def _ids(banjie: Banjie, of: Run) -> dict[str, str | None]:
    if not of.items or len(of.items) > MOST:
        raise BadInput(reason=t("runs.size", most=MOST, count=len(of.items)))
    numbers = [item.no for item in of.items]
    twice = (
        sorted({no for no in numbers if numbers.count(no) > 1}) if len(set(numbers)) < len(numbers) else []
    )
    if twice:
        raise BadInput(reason=t("runs.twice", cases=", ".join(twice)))
    ids = {no: banjie.store.case_id(no) for no in numbers}
    if not any(ids.values()):
        # Whatever this is a list of, it is none of cases; what stands in it is not kept.
        raise UnknownCase(what="case", name=numbers[0])
    if not is_public(of.actor) and of.actor not in banjie.directory().persons:
        raise UnknownPerson(what="person", name=of.actor)
    return ids


def _command(of: Run, item: Item, case_id: str) -> TakeAction:
    return TakeAction(
        case_id=case_id,
        key=f"{of.kind}:{of.id}:{case_id}",
        actor=of.actor,
        caused_by=f"{of.kind}:{of.id}",
        action=of.action,
        fields={**of.fields, **item.fields},
        seen_version=item.seen_version,
    )


def _done(banjie: Banjie, of: Run, item: Item, ids: Mapping[str, str | None]) -> Result:
    case_id = ids[item.no]
    if case_id is None:
        return Result(item=item, error=UnknownCase(what="case", name=item.no))
    try:
        return Result(item=item, receipt=handle(banjie, _command(of, item, case_id)))
    except Unavailable:
        raise
    except BanjieError as error:
        return Result(item=item, error=error)


def _tried(banjie: Banjie, tx: Transaction, of: Run, item: Item, ids: Mapping[str, str | None]) -> Result:
    case_id = ids[item.no]
    if case_id is None:
        return Result(item=item, error=UnknownCase(what="case", name=item.no))
    command = _command(of, item, case_id)
    try:
        opened = tx.open_case(case_id, actor=of.actor, key=command.key)
        if opened.remembered is not None:
            return Result(item=item, receipt=perform(banjie, tx, command))
        step = planned(banjie, tx, opened, command)
    except Unavailable:
        raise
    except BanjieError as error:
        return Result(item=item, error=error)
    if step is not None and (broken := tx.write_many([step])):
        return Result(item=item, error=broken[case_id])
    case = step.after if step is not None else opened.case
    if case is None:
        return Result(item=item, error=UnknownCase(what="case", name=item.no))
    receipt = Receipt(case_id=case_id, no=case.no, seq=case.seq, version=case.version, state=case.state)
    return Result(item=item, receipt=receipt)


def _note(
    banjie: Banjie, of: Run, results: Sequence[Result], ids: Mapping[str, str | None], noted: int
) -> int:
    kept = [_kept(place, one, ids[one.item.no]) for place, one in enumerate(results[noted:], noted + 1)]
    if kept:
        banjie.store.runs.record(of.id, kept)
    return len(results)


def _kept(place: int, one: Result, case_id: str | None) -> KeptItem:
    kept = KeptItem(
        case_id=case_id or f"?{one.item.no}",
        place=place,
        no=one.item.no,
        done=one.receipt is not None,
        person=one.item.person,
        why=one.item.why,
    )
    if one.receipt is None:
        error = one.error or BanjieError()
        return replace(kept, code=error.code, fields=error.fields)
    return replace(kept, state=one.receipt.state, seq=one.receipt.seq, version=one.receipt.version)
