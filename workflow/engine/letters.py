"""A filing letter (申报函) is answered by one reply when all its cases are concluded.

Each conclusion asks for a look at the letter; whoever finds nothing left to wait for issues the reply, with its document
number, in that transaction. Then each case is told, by a command of its own. On the day on which the last case came in
the reply waits for midnight, since others of the same letter may still come.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from workflow.domain.commands import SYSTEM, TellReply
from workflow.domain.letters.membership import filing_organ, reply_series
from workflow.domain.letters.values import LetterKey
from workflow.domain.materials.state import RECEIPT
from workflow.domain.publication import document_number
from workflow.domain.reactions import LETTER, REPLY
from workflow.domain.reckoning import DAY, civil_date, start_of_day
from workflow.engine.handle import ATTEMPTS, handle
from workflow.storage.codec import canonical
from workflow.storage.faults import TryAgain
from workflow.storage.letter_register import Issued, Listed, Member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.domain.case import Case
    from workflow.engine.banjie import Banjie
    from workflow.storage.transaction import DueJob, Transaction


def look(banjie: Banjie, case: Case, job: DueJob) -> None:
    """Issue the reply to the letter that the job names, if it is due; a letter that is answered stays as it is."""
    letter = LetterKey(organ=filing_organ(case.parties), number=job.action)
    for attempt in range(ATTEMPTS):
        try:
            with banjie.store.write() as tx:
                _answer_if_due(banjie, tx, letter, case.id, job)
            return
        except TryAgain:
            if attempt == ATTEMPTS - 1:
                raise


def tell(banjie: Banjie, case: Case, job: DueJob) -> None:
    """Tell a case of the reply that lists it."""
    organ = filing_organ(case.parties)
    kept = next((one for one in banjie.store.letters.all(job.action) if one.organ == organ), None)
    if kept is None or kept.reply_number is None:
        return
    here = next(
        (one for one in banjie.store.letters.members(organ, job.action) if one.case_id == case.id), None
    )
    if here is None or here.place is None:
        return
    handle(
        banjie,
        TellReply(
            case_id=case.id,
            key=f"reply:{organ}:{job.action}",
            actor=SYSTEM,
            letter=job.action,
            series=kept.reply_series or "",
            year=kept.reply_year or 0,
            number=kept.reply_number,
            place=here.place,
            total=kept.cases,
            digest=kept.digest or "",
        ),
    )


def _answer_if_due(banjie: Banjie, tx: Transaction, letter: LetterKey, case_id: str, job: DueJob) -> None:
    open_, now = tx.letters.lock(letter)
    if not open_ or tx.letters.waits(letter):
        return
    members = tx.letters.members(letter)
    if not members:
        return
    definition = banjie.definition(tx, members[0].case.definition)
    today = civil_date(now, definition.zone)
    if civil_date(max(one.joined_at for one in members), definition.zone) >= today:
        tomorrow = today + DAY
        tx.letters.look_again(
            case_id, job.job, f"{LETTER}:{tomorrow}", letter.number, start_of_day(tomorrow, definition.zone)
        )
        return
    listed = _list(members)
    series = reply_series(definition)
    reply = Issued(
        series=series,
        year=today.year,
        number=tx.take_number(series, today.year),
        digest=digest(letter, listed),
        listed=listed,
    )
    tx.letters.answer(letter, reply, now, REPLY)


def digest(letter: LetterKey, listed: Sequence[Listed]) -> str:
    """The SHA-256 of a reply's list, which every case's own record keeps."""
    rows = [[one.place, one.no, one.outcome, one.paper] for one in listed]
    return hashlib.sha256(canonical([letter.organ, letter.number, rows])).hexdigest()


def _list(members: Sequence[Member]) -> tuple[Listed, ...]:
    return tuple(
        Listed(
            case_id=one.case.id,
            no=one.case.no,
            place=place,
            outcome=one.case.outcome or "",
            paper=_reasons(one.case),
        )
        for place, one in enumerate(members, 1)
    )


def _reasons(case: Case) -> str:
    """The document number of the paper that gives the decision and its reasons: the first numbered one issued with it."""
    decided = case.decided_at or case.concluded_at
    numbered = [paper for paper in case.documents if paper.number is not None and paper.document != RECEIPT]
    with_it = [paper for paper in numbered if decided is not None and paper.on >= decided]
    return next((document_number(paper) for paper in (*with_it, *reversed(numbered))), "")
