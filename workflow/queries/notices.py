"""Public notices (公示) and disclosures (公开) that stand now, field by field through their definition's allow-list.

A notice that has been taken down leaves a count and nothing else (reference: law-and-domain §8.12).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, func, or_, select

from workflow.catalog.guide import field_title
from workflow.catalog.pinned import Pinned, pinned
from workflow.domain.authority import organ_of
from workflow.domain.case import Case
from workflow.domain.definition import Action, Definition
from workflow.domain.publication import NAME, document_number, shown_fields, suppressed, veiled
from workflow.domain.reckoning import civil_date
from workflow.errors import BadInput
from workflow.queries.public import Fact, form_value, names
from workflow.storage import tables as t
from workflow.storage.codec import decode_case
from workflow.storage.columns import in_utc
from workflow.texts import t as words

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.storage.store import Store

PAGE: Final = 50
"""How many notices one page holds unless asked otherwise."""

_ROWS = select(
    t.notices.c.case_id,
    t.notices.c.seq,
    t.notices.c.notice,
    t.notices.c.published_at,
    t.cases.c.body,
    t.definitions.c.body.label("definition"),
    t.definitions.c.texts,
).select_from(
    t.notices.join(t.cases, t.cases.c.id == t.notices.c.case_id).join(
        t.definitions, t.definitions.c.hash == t.cases.c.definition
    )
)
_STANDING = (
    _ROWS.where(t.notices.c.taken_down_at.is_(None), t.notices.c.before_effect == bindparam("before_effect"))
    .order_by(t.notices.c.published_at.desc(), t.notices.c.case_id, t.notices.c.seq)
    .limit(bindparam("limit"))
)
_OLDER = _STANDING.where(
    or_(
        t.notices.c.published_at < bindparam("at"),
        and_(t.notices.c.published_at == bindparam("at"), t.notices.c.case_id > bindparam("case_id")),
    )
)
_ENDED = (
    select(t.cases.c.matter, func.count().label("n"))
    .select_from(t.notices.join(t.cases, t.cases.c.id == t.notices.c.case_id))
    .where(t.notices.c.taken_down_at.is_not(None), t.notices.c.before_effect.is_(True))
    .group_by(t.cases.c.matter)
    .order_by(t.cases.c.matter)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One notice: of which matter, what it is called, and the fields it may show, in the order of its allow-list."""

    matter: str
    matter_title: str
    notice: str
    title: str
    before_effect: bool
    published_on: date
    provisional: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """Notices, the latest first; `next` asks for the page after this one, None on the last."""

    notices: tuple[Standing, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How many notices of a matter have been taken down; None: too few to be told (1 to 4)."""

    matter: str
    matter_title: str
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A notice with everything its facts are taken from."""

    case: Case
    of: Pinned
    notice: str
    published_on: date
    name: str | None
    catalog: Catalog
    lang: str


def standing(
    store: Store,
    catalog: Catalog,
    lang: str,
    *,
    before_effect: bool,
    after: str | None = None,
    limit: int = PAGE,
) -> NoticePage:
    """A page of the notices that stand: 公示 if `before_effect`, else 公开. Raises BadInput for a bad `after`."""
    given: dict[str, Any] = {"before_effect": before_effect, "limit": limit + 1}
    if after is not None:
        given |= _place(after)
    with store.read() as connection:
        rows = connection.execute(_STANDING if after is None else _OLDER, given).all()
        known = names(connection, [row.case_id for row in rows])
    more = rows[limit - 1] if len(rows) > limit else None
    return NoticePage(
        notices=tuple(_standing(row, known.get(row.case_id), catalog, lang) for row in rows[:limit]),
        next=_mark(more.published_at, more.case_id) if more is not None else None,
    )


def ended(store: Store, catalog: Catalog, lang: str) -> tuple[Ended, ...]:
    """How many public notices have been taken down, by matter."""
    with store.read() as connection:
        rows = connection.execute(_ENDED).all()
    return tuple(
        Ended(matter=row.matter, matter_title=title_of(catalog, row.matter, lang), count=suppressed(row.n))
        for row in rows
    )


def title_of(catalog: Catalog, code: str, lang: str) -> str:
    """A matter's name, or its code when the catalogue no longer has it."""
    return catalog.matters[code].title(lang) if code in catalog.matters else code


def _standing(row: Any, name: str | None, catalog: Catalog, lang: str) -> Standing:
    case, of = decode_case(row.body, row.case_id), pinned(bytes(row.definition), bytes(row.texts))
    definition = of.definition
    before = definition.notices[row.notice].before_effect
    seen = _Seen(
        case=case,
        of=of,
        notice=row.notice,
        published_on=civil_date(row.published_at, definition.zone),
        name=name,
        catalog=catalog,
        lang=lang,
    )
    facts = (
        Fact(field=field, title=field_title(of, field, lang, before_effect=before), value=_value(seen, field))
        for field in shown_fields(definition, row.notice)
    )
    due = _period(seen)
    return Standing(
        matter=case.matter,
        matter_title=of.title(lang),
        notice=row.notice,
        title=of.text(f"notices.{row.notice}", lang),
        before_effect=before,
        published_on=seen.published_on,
        provisional=bool(due and due.provisional),
        facts=tuple(facts),
    )


# --- what each field says ---------------------------------------------------------------------------------------------


def _value(seen: _Seen, field: str) -> str:
    if field == NAME:
        # Before the decision takes effect the public must be able to tell who is meant, or nobody could object (公示);
        # what is disclosed afterwards needs no whole name.
        before_effect = seen.of.definition.notices[seen.notice].before_effect
        return seen.name or "" if before_effect else veiled(seen.name or "")
    if field in seen.case.form:
        return form_value(seen.case, seen.of, field, seen.lang)
    known = _FACTS.get(field)
    return known(seen) if known else ""


def _party(party: str) -> Callable[[_Seen], str]:
    def named(seen: _Seen) -> str:
        code = seen.case.parties.get(party)
        return seen.catalog.organ_name(code, seen.lang) if code else ""

    return named


def _organ_doing(seen: _Seen, *effects: str) -> str:
    """The organ whose post takes the first action that has one of these effects."""
    definition = seen.of.definition
    for effect in effects:
        for action in _with_effect(definition, effect):
            post = next((post for post in action.by if post in definition.posts), None)
            organ = organ_of(definition, seen.case.parties, post) if post else None
            if organ:
                return seen.catalog.organ_name(organ, seen.lang)
    return ""


def _with_effect(definition: Definition, word: str) -> Iterator[Action]:
    return (action for action in definition.actions.values() if any(e.do == word for e in action.effects))


def _period(seen: _Seen) -> Any:
    """The due date of the notice period: the clock at whose end the notice is taken down."""
    definition = seen.of.definition
    for name, spec in definition.clocks.items():
        action = definition.actions.get(spec.expiry_action or "")
        if action and any(e.do == "take_down" and e.notice == seen.notice for e in action.effects):
            clock = seen.case.clock(name)
            return clock.due if clock else None
    return None


def _ends_on(seen: _Seen) -> str:
    due = _period(seen)
    return due.on.isoformat() if due else ""


def _outcome(seen: _Seen) -> str:
    outcome = seen.case.outcome
    return seen.of.text(f"outcomes.{outcome}", seen.lang, default=outcome) if outcome else ""


def _decided_on(seen: _Seen) -> str:
    at = seen.case.decided_at
    return civil_date(at, seen.of.definition.zone).isoformat() if at else ""


def _document_no(seen: _Seen) -> str:
    """The number of the decision: the first numbered paper that was issued with it."""
    papers = (paper for paper in seen.case.documents if paper.on == seen.case.decided_at)
    return next((number for paper in papers if (number := document_number(paper))), "")


def _hearing(seen: _Seen, part: str) -> str:
    """When or where the hearing is that was announced (听证公告, arts 46 and 48 of the Licensing Law)."""
    hearing = seen.case.procedure.hearing
    return str(getattr(hearing, part) or "") if hearing is not None else ""


def _how_to_object(seen: _Seen) -> str:
    organ = _organ_doing(seen, "decide_objection", "publish")
    return words("public.how_to_object", seen.lang, organ=organ)


_FACTS: Final[Mapping[str, Callable[[_Seen], str]]] = {
    "case_no": lambda seen: seen.case.no,
    "matter": lambda seen: seen.of.title(seen.lang),
    "ministry": _party("ministry"),
    "unit": _party("unit"),
    "filer": _party("filer"),
    "deciding_organ": lambda seen: _organ_doing(seen, "decide", "publish"),
    "outcome": _outcome,
    "decided_on": _decided_on,
    "document_no": _document_no,
    "batch": lambda seen: seen.case.letter or "",
    "published_on": lambda seen: seen.published_on.isoformat(),
    "ends_on": _ends_on,
    "how_to_object": _how_to_object,
    "hearing_on": lambda seen: _hearing(seen, "on"),
    "hearing_place": lambda seen: _hearing(seen, "place"),
}


# --- paging -----------------------------------------------------------------------------------------------------------


def _mark(at: datetime, case_id: str) -> str:
    return base64.urlsafe_b64encode(f"{in_utc(at).isoformat()} {case_id}".encode()).decode().rstrip("=")


def _place(mark: str) -> dict[str, Any]:
    try:
        text = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode()
        at, case_id = text.split(" ")
        moment = datetime.fromisoformat(at)
    except (ValueError, binascii.Error) as error:
        raise BadInput(reason="the place to go on from is not one that this service has given") from error
    if moment.tzinfo is None:
        raise BadInput(reason="the place to go on from is not one that this service has given")
    return {"at": moment, "case_id": case_id}
