"""Filing letters within a transaction: a case joins or leaves one, and the reply is issued once.

A letter is locked after its case and quotas and before any number counter: shared by a case that joins or leaves, alone
by whoever looks whether the reply is due. So no case can slip in between that look and the reply.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workflow.domain.case import Case
from workflow.domain.letters.values import LetterKey
from workflow.storage import letter_tables as lt
from workflow.storage import tables as t
from workflow.storage.clock import Clock
from workflow.storage.codec import decode_case
from workflow.storage.columns import Instant, in_utc
from workflow.storage.driver import Session, prepared

_DIALECTS: Final = {"postgresql": postgresql, "sqlite": sqlite}
_IT: Final = and_(lt.letters.c.organ == bindparam("organ"), lt.letters.c.number == bindparam("number"))
_UNDER: Final = and_(
    lt.letter_cases.c.organ == bindparam("organ"), lt.letter_cases.c.number == bindparam("number")
)

_OPEN = prepared(
    {
        name: dialect.insert(lt.letters)
        .values(
            organ=bindparam("organ"),
            number=bindparam("number"),
            matter=bindparam("matter"),
            year=bindparam("year"),
            opened_at=bindparam("now", type_=Instant()),
        )
        .on_conflict_do_nothing()
        for name, dialect in _DIALECTS.items()
    }
)
_REPLIED = (lt.letters.c.reply_series, lt.letters.c.reply_year, lt.letters.c.reply_number)
_SHARE = prepared(select(*_REPLIED).where(_IT).with_for_update(read=True))
_LOCK = prepared(select(*_REPLIED).where(_IT).with_for_update())
_WAITS = prepared(select(literal(1)).where(_UNDER, lt.letter_case_waits).limit(1))
_MEMBERS = prepared(
    select(lt.letter_cases.c.case_id, lt.letter_cases.c.joined_at, t.cases.c.no, t.cases.c.body)
    .join_from(lt.letter_cases, t.cases, t.cases.c.id == lt.letter_cases.c.case_id)
    .where(_UNDER, lt.letter_cases.c.left_at.is_(None))
    .order_by(t.cases.c.no)
)
_ANSWER = prepared(
    update(lt.letters)
    .values(
        reply_series=bindparam("series"),
        reply_year=bindparam("in_year"),
        reply_number=bindparam("taken"),
        replied_at=bindparam("now", type_=Instant()),
        replied=bindparam("total"),
        digest=bindparam("proof"),
    )
    .where(_IT, lt.letters.c.reply_number.is_(None))
)
_LIST = prepared(
    update(lt.letter_cases)
    .values(place=bindparam("at"), outcome=bindparam("came_to"), paper=bindparam("reference"))
    .where(_UNDER, lt.letter_cases.c.case_id == bindparam("of"))
)
_ONE_JOB = prepared(
    {
        name: dialect.insert(t.jobs)
        .values(
            case_id=bindparam("of"),
            job=bindparam("numbered"),
            kind=bindparam("called"),
            action=bindparam("says"),
            visit=bindparam("at"),
            due_at=bindparam("due", type_=Instant()),
        )
        .on_conflict_do_nothing()
        for name, dialect in _DIALECTS.items()
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A case under a letter, since when (UTC)."""

    case: Case
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A case on a reply's list: its outcome, and the document number of the paper that gives the reasons."""

    case_id: str
    no: str
    place: int
    outcome: str
    paper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A reply that is being issued: its document number and list."""

    series: str
    year: int
    number: int
    digest: str
    listed: tuple[Listed, ...]


class Letters:
    """The letters, within one transaction."""

    def __init__(self, session: Session, clock: Clock, joined: set[LetterKey]) -> None:
        self._session = session
        self._clock = clock
        self._joined = joined  # those that this transaction holds open already

    def join(self, letter: LetterKey, matter: str, year: int, now: datetime) -> bool:
        """Hold the letter open for a case that comes under it, and note it if it is new; False when it is answered."""
        if letter in self._joined:
            return True
        self._session.run(_OPEN, {**_key(letter), "matter": matter, "year": year, "now": now})
        still_open = self.leave(letter)
        if still_open:
            self._joined.add(letter)
        return still_open

    def leave(self, letter: LetterKey) -> bool:
        """Hold the letter as it is for a case that leaves it; False when it is answered."""
        row = self._session.one(_SHARE, _key(letter))
        return row is None or row[2] is None

    def lock(self, letter: LetterKey) -> tuple[bool, datetime]:
        """Lock the letter for a look; whether it is known and not answered, and the time after the lock."""
        row = self._session.one(_LOCK, _key(letter))
        now, _ = self._session.moment(self._clock)
        return row is not None and row[2] is None, now

    def waits(self, letter: LetterKey) -> bool:
        """Whether the letter still waits for one of its cases."""
        return self._session.one(_WAITS, _key(letter)) is not None

    def members(self, letter: LetterKey) -> list[Member]:
        """The cases under the letter that have not left it, in the order of their numbers."""
        return [
            Member(case=decode_case(body, case_id), joined_at=_instant(joined))
            for case_id, joined, _, body in self._session.all(_MEMBERS, _key(letter))
        ]

    def look_again(self, case_id: str, job: int, kind: str, letter: str, due: datetime) -> None:
        """Have the letter looked at again at `due`."""
        given = {"of": case_id, "numbered": job, "called": kind, "says": letter, "at": 0, "due": due}
        self._session.run(_ONE_JOB, given)

    def answer(self, letter: LetterKey, reply: Issued, now: datetime, kind: str) -> None:
        """Note the reply with its list, and have each case told by a job of that kind."""
        given = {"series": reply.series, "in_year": reply.year, "taken": reply.number, "now": now}
        given |= {"total": len(reply.listed), "proof": reply.digest}
        self._session.run(_ANSWER, {**_key(letter), **given})
        for one in reply.listed:
            row = {"of": one.case_id, "at": one.place, "came_to": one.outcome, "reference": one.paper}
            self._session.run(_LIST, {**_key(letter), **row})
            self.look_again(one.case_id, 0, kind, letter.number, now)


def _key(letter: LetterKey) -> dict[str, str]:
    return {"organ": letter.organ, "number": letter.number}


def _instant(value: datetime | str) -> datetime:
    return in_utc(datetime.fromisoformat(value) if isinstance(value, str) else value)


# --- for whoever reads -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLetter:
    """A letter: how many cases stand under it, how many of them it still waits for, and its reply once there is one."""

    organ: str
    number: str
    matter: str
    year: int
    opened_at: datetime
    cases: int
    waiting: int
    reply_series: str | None
    reply_year: int | None
    reply_number: int | None
    replied_at: datetime | None
    digest: str | None

    @property
    def state(self) -> str:
        """open: cases are still decided; ready: the reply is due; answered: it was issued."""
        if self.reply_number is not None:
            return "answered"
        return "open" if self.waiting or not self.cases else "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMember:
    """A case under a letter, with its place on the reply's list once there is one."""

    case_id: str
    no: str
    matter: str
    definition: str
    state: str
    letter_outcome: str | None
    concluded_at: datetime | None
    left_at: datetime | None
    place: int | None
    outcome: str | None
    paper: str | None


_counts = (
    select(
        lt.letter_cases.c.organ,
        lt.letter_cases.c.number,
        func.count().label("cases"),
        func.count().filter(lt.letter_case_waits).label("waiting"),
    )
    .where(lt.letter_cases.c.left_at.is_(None))
    .group_by(lt.letter_cases.c.organ, lt.letter_cases.c.number)
    .subquery()
)
_ALL = select(
    *(column for column in lt.letters.c if column.name != "replied"),
    func.coalesce(_counts.c.cases, 0).label("cases"),
    func.coalesce(_counts.c.waiting, 0).label("waiting"),
).join_from(
    lt.letters,
    _counts,
    and_(_counts.c.organ == lt.letters.c.organ, _counts.c.number == lt.letters.c.number),
    isouter=True,
)
_THOSE = (
    select(
        lt.letter_cases.c.case_id,
        t.cases.c.no,
        t.cases.c.matter,
        t.cases.c.definition,
        t.cases.c.state,
        lt.letter_cases.c.outcome.label("letter_outcome"),
        lt.letter_cases.c.concluded_at,
        lt.letter_cases.c.left_at,
        lt.letter_cases.c.place,
        t.cases.c.outcome,
        lt.letter_cases.c.paper,
    )
    .join_from(lt.letter_cases, t.cases, t.cases.c.id == lt.letter_cases.c.case_id)
    .where(_UNDER)
    .order_by(lt.letter_cases.c.place, t.cases.c.no)
)


def letters(connection: Connection, number: str | None = None, limit: int = 1000) -> list[KeptLetter]:
    """The letters, the newest first, or those that bear this number."""
    query = _ALL if number is None else _ALL.where(lt.letters.c.number == number)
    rows = connection.execute(query.order_by(lt.letters.c.opened_at.desc(), lt.letters.c.number).limit(limit))
    return [KeptLetter(**_named(row)) for row in rows]


def members(connection: Connection, organ: str, number: str) -> list[KeptMember]:
    """Every case that stands or stood under the letter: in the order of the reply's list, else of their numbers."""
    rows = connection.execute(_THOSE, {"organ": organ, "number": number})
    return [KeptMember(**_named(row)) for row in rows]


def _named(row: Any) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - its public name
