"""Moving running cases of a matter to another version (迁移), case by case, each a command and a transaction of its own.

A dry run (试运行) is the same command, decided and written in the same way, and then rolled back: what it reports is what
would happen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from workflow.domain.commands import MigrateCase, UndoMigration
from workflow.engine.administration import require
from workflow.engine.handle import ATTEMPTS, perform
from workflow.errors import BadInput, BanjieError, NotFound
from workflow.storage.database import TryAgain

if TYPE_CHECKING:
    from workflow.catalog.plans import Plan
    from workflow.domain.case import Case
    from workflow.engine.banjie import Banjie


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMove:
    """A due date that a migration moves; None where the period is stopped, ended or begins with it."""

    clock: str
    to_clock: str
    old: date | None
    new: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """What became of one case: from where to where, with each due date that moved; or why it was refused."""

    case_id: str
    no: str
    source: str
    target: str
    definition: str
    moves: tuple[DueMove, ...] = ()
    error: BanjieError | None = None


class _RolledBack(Exception):
    """Ends the transaction of a dry run without writing."""


def migrate(banjie: Banjie, plan: Plan, to: str, *, by: str, dry_run: bool) -> Iterator[Migrated]:
    """Move every running case of the plan's matter that is not under the definition `to` (its hash, or how it begins).

    It is for the system administrator. Raises UnknownPerson, NotAuthorised, NotFound when no stored definition begins so,
    BadInput when several do.
    """
    origin = require(banjie, by, "system")
    target = stored_hash(banjie, plan.matter, to)
    if not dry_run:
        banjie.store.directory.note("matter.migrated", plan.matter, origin, to=target, plan=plan.hash)
    for case_id in banjie.store.versions.running(plan.matter):
        case = banjie.store.case(case_id)
        if case is None or case.definition == target:
            continue
        command = MigrateCase(
            case_id=case_id,
            # A case that was moved, moved back and is moved again is moved by another command.
            key=f"migrate:{plan.hash[:16]}:{case.seq}",
            actor=by,
            to=target,
            plan=plan.hash,
            reason=plan.reason,
            states=plan.states,
            clocks=plan.clocks,
            posts=plan.work,
            starts=plan.start,
        )
        yield _done(banjie, case, command, dry_run=dry_run)


def undo(banjie: Banjie, code: str, *, by: str, reason: str, dry_run: bool) -> Iterator[Migrated]:
    """Move every running case of a matter back that was migrated and on which nobody has acted since; for the system
    administrator. Raises UnknownPerson, NotAuthorised.
    """
    origin = require(banjie, by, "system")
    if not dry_run:
        banjie.store.directory.note("matter.migration_undone", code, origin, reason=reason)
    for case_id in banjie.store.versions.running(code):
        case = banjie.store.case(case_id)
        if case is None or case.migration is None:
            continue
        command = UndoMigration(case_id=case_id, key=f"undo:{case.migration.seq}", actor=by, reason=reason)
        yield _done(banjie, case, command, dry_run=dry_run)


LATEST = "latest"
"""Stands for the version of a matter that begins last."""


def stored_hash(banjie: Banjie, code: str, beginning: str) -> str:
    """The whole hash of the one stored definition of a matter that begins so; of `latest`, of the last one published."""
    if beginning == LATEST and (published := banjie.store.versions.publications(code)):
        return published[-1].hash
    found = [row[0] for row in banjie.store.versions.stored(code, beginning)]
    if not found:
        raise NotFound(what="version", name=f"{code}@{beginning}")
    if len(found) > 1:
        raise BadInput(reason=f"{beginning}: {', '.join(hash_[:16] for hash_ in found)}")
    return str(found[0])


def _done(banjie: Banjie, case: Case, command: MigrateCase | UndoMigration, *, dry_run: bool) -> Migrated:
    for _ in range(ATTEMPTS):
        try:
            return _tried(banjie, case, command, dry_run=dry_run)
        except TryAgain as error:
            refused: BanjieError = error
        except BanjieError as error:
            refused = error
            break
    return Migrated(
        case_id=case.id,
        no=case.no,
        source=case.state,
        target=case.state,
        definition=case.definition,
        error=refused,
    )


def _tried(banjie: Banjie, case: Case, command: MigrateCase | UndoMigration, *, dry_run: bool) -> Migrated:
    told: Migrated | None = None
    try:
        with banjie.store.write() as tx:
            opened = tx.open_case(case.id, actor=command.actor, key=command.key)
            before = opened.case or case
            perform(banjie, tx, command)
            after = tx.open_case(case.id, actor=command.actor, key="").case or case
            told = Migrated(
                case_id=case.id,
                no=case.no,
                source=before.state,
                target=after.state,
                definition=after.definition,
                moves=tuple(_moves(before, after)),
            )
            _end(dry_run=dry_run)
    except _RolledBack:
        pass
    if told is None:
        raise AssertionError("a transaction that ended has told what it did")
    return told


def _end(*, dry_run: bool) -> None:
    if dry_run:
        raise _RolledBack


def _moves(before: Case, after: Case) -> Iterator[DueMove]:
    """Every period whose last day is another now, by what the case says before and after."""
    renamed: dict[tuple[str, int], tuple[str, int]] = {}
    memory = after.migration
    for moved in memory.moved if memory is not None else ():
        renamed[moved.clock, moved.generation] = (moved.to_clock, moved.to_generation)
    there = {(clock.clock, clock.generation): clock for clock in after.open_clocks()}
    seen = set()
    for clock in before.open_clocks():
        name = renamed.get((clock.clock, clock.generation), (clock.clock, clock.generation))
        now = there.get(name) or next((c for c in there.values() if c.clock == clock.clock), None)
        seen.add((now.clock, now.generation) if now else name)
        old, new = (c.due.on if c and c.due else None for c in (clock, now))
        if old != new or now is None:
            yield DueMove(clock=clock.clock, to_clock=now.clock if now else "", old=old, new=new)
    for name, clock in there.items():
        if name not in seen:
            yield DueMove(clock="", to_clock=clock.clock, old=None, new=clock.due.on if clock.due else None)
