"""The one write path: web, command line, worker, roster and timer all become a command for `handle`.

A command is atomic: its events, case row, clock rows, work items, jobs and the memory of its key commit together, and
the reply comes after the commit. Every door goes through here; nothing else writes to a case.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from workflow.catalog.forms import check_form
from workflow.domain import chain
from workflow.domain.case import Case
from workflow.domain.commands import (
    AnyCommand,
    MigrateCase,
    RunJob,
    SubmitFiling,
    TakeAction,
    UndoMigration,
)
from workflow.domain.decide import decide
from workflow.domain.definition import Definition
from workflow.domain.envelope import Envelope
from workflow.domain.events import CaseMigrated, DocumentIssued, Event, FilingSubmitted
from workflow.domain.events.introduced import schema_of
from workflow.domain.letters.membership import changes
from workflow.domain.outcomes import outcome_due
from workflow.domain.quota.book import Book, QuotaNotRead, changed
from workflow.domain.quota.need import every, needs
from workflow.domain.reactions import AUTOMATIC, jobs_for, roles_in, work_item_for
from workflow.domain.reckoning import civil_date
from workflow.domain.scene import Decided
from workflow.domain.step import DoneJob, NewJob, RoleTaken, Step
from workflow.domain.values import replace
from workflow.engine.corrections import check_correction
from workflow.engine.figures import left_behind, told_before
from workflow.engine.material_facts import prepare
from workflow.engine.outbox import with_notifications
from workflow.engine.panels import prepare_panel
from workflow.engine.personal import seal
from workflow.engine.remembering import SALT, remembered_under, request_hash
from workflow.errors import BadInput, KeyUsedForAnother, LetterAnswered, OutcomesFrozen, UnknownCase
from workflow.storage.codec import encode_event
from workflow.storage.database import TryAgain
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.domain.letters.values import LetterChange
    from workflow.engine.banjie import Banjie
    from workflow.storage.transaction import Opened, Remembered, Transaction

ATTEMPTS = 5
"""How often a command is tried when the database asks to try again (deadlock, serialisation, a concurrent twin)."""

_CASES = UUID("6b2f4e0a-3c55-5d5e-9a7e-0b8f6c1d2e3f")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an accepted command came to. `repeated`: it had been accepted before, under the same key."""

    case_id: str
    no: str
    seq: int
    version: int
    state: str
    repeated: bool = False


def case_id_for(actor: str, key: str) -> str:
    """The id of the case that `actor` files under `key`: made at the door, the same for the same filing."""
    return str(uuid5(_CASES, f"{actor}\n{key}"))


def handle(banjie: Banjie, command: AnyCommand, *, done_by: str | None = None) -> Receipt:
    """Do what `command` asks, or raise a BanjieError that says why not; then nothing has been written.

    `done_by` says which hand of the machine does automatic work (`task` or `pulse`), for the counters.
    """
    if not command.key.strip():
        raise BadInput(reason=t("runs.no_key"))
    with banjie.watch(type(command).__name__, command.case_id, command.key):
        for attempt in range(ATTEMPTS):
            try:
                with banjie.store.write() as tx:
                    return perform(banjie, tx, command, done_by=done_by, last=True)
            except TryAgain:
                if attempt == ATTEMPTS - 1:
                    raise
    raise AssertionError("unreachable")


def perform(
    banjie: Banjie, tx: Transaction, command: AnyCommand, *, done_by: str | None = None, last: bool = False
) -> Receipt:
    """`handle` inside a transaction that is already open; the case is locked here, before the clock is read. `last`:
    nothing follows in the transaction.
    """
    opened = tx.open_case(command.case_id, actor=command.actor, key=remembered_under(command))
    if opened.remembered is not None:
        return _repeated(opened, opened.remembered, command)
    step = planned(banjie, tx, opened, command, done_by=done_by)
    if step is None:
        return _receipt(_existing(opened, command))
    tx.write(step, last=last)
    return _receipt(step.after)


def planned(
    banjie: Banjie, tx: Transaction, opened: Opened, command: AnyCommand, *, done_by: str | None = None
) -> Step | None:
    """What a command on an opened case leaves behind, or None when it leaves nothing; still to be written."""
    _clock_is_sure(tx, opened, command)
    definition = _definition(banjie, tx, opened, command)
    check_correction(banjie, definition, opened.case, command)
    sealed, values = seal(command, definition)
    opened, book = _with_quotas(tx, definition, opened, command)
    materials = prepare(banjie, tx, definition, opened.case, sealed)
    panel = prepare_panel(tx, opened.case, materials.command)
    facts = replace(
        banjie.facts(definition, *opened.revisions),
        target=_target(banjie, tx, opened, command),
        quota=book,
        materials=materials.facts,
        panel=panel.facts,
    )
    try:
        decided = decide(definition, opened.case, panel.command, facts, opened.now)
    except QuotaNotRead:
        opened, book = tx.lock_quotas(command.case_id, opened, every(definition, opened.case))
        facts = replace(facts, quota=book)
        decided = decide(definition, opened.case, panel.command, facts, opened.now)
    values = (*values, *materials.used(decided))
    letters = _letters(tx, definition, opened, decided)
    told = told_before(tx, opened.case, decided[-1].after if decided else None)
    numbered = _numbered(tx, definition, decided, opened.now)
    step = _step((definition, facts.target), opened, numbered, command, facts.versions(), done_by)
    if step is not None and (moved := changed(book or {}, (event for _, event in step.events))):
        step = replace(step, quotas=tuple(moved.items()))
    step = replace(step, letters=letters) if step is not None and letters else step
    if step is not None and (left := panel.left(event for _, event in step.events)):
        step = replace(step, secrets=left)
    if step is not None and (figures := left_behind(banjie, tx, step, facts, told)) is not None:
        step = replace(step, figures=figures)
    if step is not None:
        step = with_notifications(banjie, definition, step, facts.directory, opened.now)
    return replace(step, personal=values) if step is not None and values else step


def _clock_is_sure(tx: Transaction, opened: Opened, command: AnyCommand) -> None:
    """Raises OutcomesFrozen when an act would bring about an outcome of silence while the clocks are in doubt."""
    if opened.case is None or not isinstance(command, (TakeAction, MigrateCase, UndoMigration)):
        return
    due = outcome_due(opened.case, opened.now)
    if due is not None and tx.outcome_held(due):
        raise OutcomesFrozen


def _letters(
    tx: Transaction, definition: Definition, opened: Opened, decided: Sequence[Decided]
) -> tuple[LetterChange, ...]:
    """What the case's place under a filing letter has come to; the letters are locked after the quotas, before any number.

    Raises LetterAnswered when the case would come under a letter, or leave one, to which the reply has been issued.
    """
    after = decided[-1].after if decided else None
    if after is None:
        return ()
    found = changes(opened.case, after)
    for change in found:
        letter = change.letter
        if change.what == "joined":
            year = civil_date(opened.now, definition.zone).year
            still_open = tx.letters.join(letter, after.matter, year, opened.now)
        else:
            still_open = change.what == "concluded" or tx.letters.leave(letter)
        if not still_open:
            raise LetterAnswered(letter=letter.number, organ=letter.organ)
    return found


def _with_quotas(
    tx: Transaction, definition: Definition, opened: Opened, command: AnyCommand
) -> tuple[Opened, Book | None]:
    """The quotas that the command will touch, locked after the case and before any number; the clock is read after that."""
    wanted = needs(definition, opened.case, command, opened.now)
    return tx.lock_quotas(command.case_id, opened, wanted) if wanted else (opened, None)


def _definition(banjie: Banjie, tx: Transaction, opened: Opened, command: AnyCommand) -> Definition:
    if opened.case is not None:
        return banjie.definition(tx, opened.case.definition)
    if not isinstance(command, SubmitFiling):
        raise UnknownCase(what="case", name=command.case_id)
    definition = banjie.version_on(tx, command.matter, command.effective_at or opened.now)
    check_form(definition, command.form)
    return definition


def _target(banjie: Banjie, tx: Transaction, opened: Opened, command: AnyCommand) -> Definition | None:
    """The definition that a case is to be moved to, or back to; what has none is refused when it is decided."""
    if isinstance(command, MigrateCase):
        return banjie.definition(tx, command.to)
    if not isinstance(command, UndoMigration):
        return None
    memory = opened.case.migration if opened.case is not None else None
    return banjie.definition(tx, memory.definition) if memory is not None else None


def _numbered(
    tx: Transaction, definition: Definition, decided: Sequence[Decided], now: datetime
) -> Sequence[Decided]:
    """The decided events with their numbers, each taken from its counter row: the last locks of the transaction."""
    numbered: list[Decided] = []
    changed = False
    for item in decided:
        event = item.event
        if isinstance(event, FilingSubmitted):
            year = civil_date(now, definition.zone).year
            serial = tx.take_number(definition.series, year)
            event = replace(event, no=f"{definition.series}-{year}-{serial:05d}")
        elif isinstance(event, DocumentIssued) and event.series is not None and event.year is not None:
            event = replace(event, number=tx.take_number(event.series, event.year))
        if event is not item.event or changed:
            changed = True
            before = numbered[-1].after if numbered else None
            item = replace(item, event=event, after=_told(item.after, event, before))  # noqa: PLW2901
        numbered.append(item)
    return numbered


def _told(after: Case, event: Event, before: Case | None) -> Case:
    """A case as it was decided, with the numbers that were taken since: its own, and those of its papers."""
    reader = max(after.reader, schema_of(event), before.reader if before is not None else 1)
    if isinstance(event, FilingSubmitted):
        return replace(after, no=event.no, reader=reader)
    papers = before.documents if before is not None else ()
    if isinstance(event, DocumentIssued):
        papers = (*papers, replace(after.documents[-1], number=event.number))
    return replace(after, no=before.no if before is not None else after.no, documents=papers, reader=reader)


def _step(
    definitions: tuple[Definition, Definition | None],
    opened: Opened,
    decided: Sequence[Decided],
    command: AnyCommand,
    versions: dict[str, str],
    done_by: str | None,
) -> Step | None:
    """Everything the command leaves behind, or None when it leaves nothing (a wake-up that came too late). `definitions`
    are the case's and the one it is migrated to.
    """
    definition, target = definitions
    done = (DoneJob(job=command.job, kind=AUTOMATIC),) if isinstance(command, RunJob) else ()
    if not decided and not done:
        return None
    case, head = opened.case, opened.head
    events: list[tuple[Envelope, Event]] = []
    jobs: list[NewJob] = []
    roles: dict[RoleTaken, None] = {}
    common = _common(command, versions, opened.now)
    for item in decided:
        before = case
        case = item.after
        if isinstance(item.event, CaseMigrated) and target is not None:
            definition = target
        jobs.extend(jobs_for(definition, item.event, before, case, opened.now))
        roles.update(dict.fromkeys(roles_in(definition, item.actor, item.event)))
        envelope = _envelope(item, common, case.seq, head)
        head = envelope.hash
        events.append((envelope, item.event))
    after = case if case is not None else _existing(opened, command)
    key = remembered_under(command)
    return Step(
        before=opened.case,
        after=after,
        events=tuple(events),
        actor=command.actor,
        key=key,
        request_hash=request_hash(command, secrets.token_bytes(SALT)) if key else b"",
        done_by=done_by,
        jobs=tuple(job for job in jobs if job.kind != AUTOMATIC or job.visit == after.visit),
        done=done,
        opened=work_item_for(definition, opened.case, after),
        roles=tuple(roles),
    )


def _common(command: AnyCommand, versions: dict[str, str], now: datetime) -> Envelope:
    """What the envelopes of all events of a command have in common."""
    return Envelope(
        case_id=command.case_id,
        seq=0,
        type="",
        schema_version=1,
        recorded_at=now,
        effective_at=now,
        actor=command.actor,
        acting_for=command.acting_for,
        rule="",
        caused_by=command.caused_by,
        command_id=command.key,
        facts=versions,
        payload=b"",
        prev_hash=b"",
        hash=b"",
        alg=chain.ALGORITHM,
    )


def _envelope(item: Decided, common: Envelope, seq: int, head: bytes) -> Envelope:
    event = item.event
    envelope = replace(
        common,
        seq=seq,
        type=type(event).__name__,
        schema_version=schema_of(event),
        effective_at=event.at,
        actor=item.actor,
        rule=item.rule,
        payload=encode_event(event),
        prev_hash=head,
    )
    return replace(envelope, hash=chain.link(envelope))


def _repeated(opened: Opened, remembered: Remembered, command: AnyCommand) -> Receipt:
    salt = remembered.request_hash[:SALT]
    if request_hash(command, salt) != remembered.request_hash:
        raise KeyUsedForAnother(key=command.key)
    return replace(_receipt(_existing(opened, command)), seq=remembered.seq, repeated=True)


def _existing(opened: Opened, command: AnyCommand) -> Case:
    if opened.case is None:
        raise UnknownCase(what="case", name=command.case_id)
    return opened.case


def _receipt(case: Case) -> Receipt:
    return Receipt(case_id=case.id, no=case.no, seq=case.seq, version=case.version, state=case.state)
