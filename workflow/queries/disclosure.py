"""The figures of the annual report on disclosure (政府信息公开工作年度报告): requests of a year, by applicant and result.

The rows are those of the prescribed form: received, carried over, results, carried on to the next year. What the applicant
is comes from the form of the request; a request counts in the year of its receipt and, for its result, of its conclusion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select

from workflow.domain.reckoning import civil_date, start_of_day
from workflow.queries.overdue import ZONE
from workflow.storage import tables as t
from workflow.storage.codec import decode_case
from workflow.storage.report_tables import case_facts

if TYPE_CHECKING:
    from workflow.storage.store import Store

MATTER: Final = "information-disclosure-request"

KINDS: Final = ("person", "organisation")
"""自然人, 法人或其他组织."""

RESULTS: Final[dict[str, tuple[str, ...]]] = {
    "granted": ("disclosed", "already_public"),
    "granted_in_part": ("partly_disclosed",),
    "refused": ("not_disclosed",),
    "not_possible": ("nonexistent", "not_this_organ"),
    "not_handled": ("repeated",),
    "otherwise": ("abandoned", "special_regime", "withdrawn"),
}
"""The heads of the form (予以公开, 部分公开, 不予公开, 无法提供, 不予处理, 其他处理) and the outcomes of each; what no head
names is `otherwise`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that has anything to do with the year."""

    no: str
    kind: str
    received_in: int
    concluded_in: int | None
    outcome: str
    timed: bool
    late: bool
    extended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """The requests behind each row of the form, so that every figure names its cases: row -> kind of applicant -> numbers.

    What was received and what was carried over is what was concluded and what is carried on: `balanced` says so.
    """

    year: int
    rows: Mapping[str, Mapping[str, tuple[str, ...]]]

    def count(self, row: str, kind: str | None = None) -> int:
        """The figure of a row, of one kind of applicant or of all."""
        kinds = KINDS if kind is None else (kind,)
        return sum(len(self.rows[row][each]) for each in kinds)

    @property
    def balanced(self) -> bool:
        """Whether the form adds up."""
        return self.count("received") + self.count("carried_over") == self.count("concluded") + self.count(
            "carried_on"
        )


def disclosure(store: Store, year: int) -> Disclosure:
    """The form of one year."""
    rows: dict[str, dict[str, list[str]]] = {
        row: {kind: [] for kind in KINDS}
        for row in (
            "received",
            "carried_over",
            *RESULTS,
            "concluded",
            "carried_on",
            "on_time",
            "late",
            "extended",
        )
    }
    for request in _requests(store, year):
        for row in _rows_of(request, year):
            rows[row][request.kind].append(request.no)
    told = {row: {kind: tuple(sorted(nos)) for kind, nos in kinds.items()} for row, kinds in rows.items()}
    return Disclosure(year=year, rows=told)


def _rows_of(request: Request, year: int) -> Iterator[str]:
    yield "received" if request.received_in == year else "carried_over"
    if request.concluded_in != year:
        yield "carried_on"
        return
    yield "concluded"
    yield next((head for head, outcomes in RESULTS.items() if request.outcome in outcomes), "otherwise")
    if request.timed:
        yield "late" if request.late else "on_time"
    if request.extended:
        yield "extended"


def _requests(store: Store, year: int) -> Iterator[Request]:
    facts, ends = case_facts.c, start_of_day(date(year + 1, 1, 1), ZONE)
    query = (
        select(
            t.cases.c.id,
            t.cases.c.body,
            facts.concluded_on,
            facts.outcome,
            facts.timed,
            facts.late,
            facts.extensions,
        )
        .select_from(t.cases.outerjoin(case_facts, facts.case_id == t.cases.c.id))
        .where(
            t.cases.c.matter == MATTER,
            t.cases.c.received_at < ends,
            or_(facts.concluded_on.is_(None), facts.concluded_on >= date(year, 1, 1)),
        )
        .order_by(t.cases.c.no)
    )
    with store.read() as connection:
        for row in connection.execute(query):
            case = decode_case(row.body, row.id)
            kind = str(case.form.get("applicant_kind"))
            yield Request(
                no=case.no,
                kind=kind if kind in KINDS else KINDS[-1],
                received_in=civil_date(case.received_at, ZONE).year,
                concluded_in=row.concluded_on.year if row.concluded_on else None,
                outcome=row.outcome or "",
                timed=bool(row.timed),
                late=bool(row.late),
                extended=bool(row.extensions),
            )
