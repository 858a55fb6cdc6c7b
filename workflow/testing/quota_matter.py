"""A small matter under a quota, built in code on the people of `workflow.testing.sample`: filed, reported, approved or not,
each in as many ways as a quota can move.
"""

from __future__ import annotations

from typing import Any, Final

from workflow.domain.definition import (
    Action,
    ClockSpec,
    Definition,
    Effect,
    Expiry,
    Field,
    OnReturn,
    Post,
    QuotaSpec,
    QuotaYear,
    Regime,
    State,
    Trigger,
)
from workflow.domain.quota.book import QuotaKey
from workflow.testing.sample import ZONE

CODE: Final = "sample-places"
KIND: Final = "sample_places"
ORGAN: Final = "agency"
"""The organ that `ella` files for, and that the places are allotted to."""

_EXEMPT = (
    "or",
    ["==", ["record", "track"], "exempt"],
    ["and", ["==", ["form", "group"], "exempt"], ["!=", ["record", "track"], "quota"]],
)


def key(year: int = 2026) -> QuotaKey:
    """The quota of the sample organ in a year."""
    return QuotaKey(kind=KIND, organ=ORGAN, year=year)


def definition(year: QuotaYear = QuotaYear.REPORT, **spec: Any) -> Definition:
    """Filed → reported (reserves; expires after five working days) → approved, in part or by the machine; or refused by an
    action that forgets to release, sent back, withdrawn. `spec` changes the quota.
    """
    quota = QuotaSpec(**{"kind": KIND, "per": "@filer", "year": year, "exempt": _EXEMPT, **spec})
    return Definition(
        code=CODE,
        hash=f"places-{year}-{spec}",
        process="places",
        regime=Regime.NON_LICENSING_APPROVAL,
        provenance="reconstructed",
        kind="promised",
        zone=ZONE,
        calendar="cn",
        series="SP",
        initial="filed",
        filed_by=("applicant",),
        posts={
            "applicant": Post(kind="applicant", organ="@filer"),
            "handler": Post(kind="handler", organ="office"),
            "approver": Post(kind="approver", organ="office"),
        },
        states={
            "filed": State(stage="submit", post="applicant"),
            "reported": State(stage="review", post="handler"),
            "deciding": State(stage="approve", automatic="decide_alone"),
            "approved": State(stage="deliver", post="approver"),
            "closing": State(stage="archive", automatic="archive"),
            "archived": State(stage="archive", final=True),
        },
        actions=_actions(),
        clocks={
            "answer": ClockSpec(
                rule="accept",
                start=Trigger(enter=("reported",)),
                end=Trigger(leave=("reported",)),
                expiry=Expiry.PROCEED,
                expiry_action="expire",
            )
        },
        form={"type": "object"},
        outcomes=("approved", "expired", "refused", "withdrawn"),
        quota=quota,
    )


def _actions() -> dict[str, Action]:
    approve = (Effect(do="decide", outcome="approved"), Effect(do="consume_quota"))
    ended = Effect(do="conclude", outcome="approved")
    return {
        "report": Action(
            sources=("filed",), to="reported", by=("applicant",), effects=(Effect(do="reserve_quota"),)
        ),
        "find": Action(
            sources=("reported",),
            by=("handler",),
            fields={"track": Field(type="choice", choices=("exempt", "quota"))},
            effects=(Effect(do="reserve_quota"),),
        ),
        "look": Action(sources=("reported",), by=("handler",)),
        "send_back": Action(sources=("reported",), to="filed", by=("handler",), on_return=OnReturn.CONTINUE),
        "approve": Action(
            sources=("filed", "reported"), to="approved", by=("approver",), effects=(*approve, ended)
        ),
        "approve_placed": Action(
            sources=("reported",),
            to="approved",
            by=("approver",),
            guards=("quota_reserved",),
            effects=(*approve, ended),
        ),
        "agree_in_part": Action(
            sources=("reported",),
            to="approved",
            by=("approver",),
            fields={"agreed": Field(type="integer")},
            effects=(Effect(do="consume_quota", count="agreed"), ended),
        ),
        "leave_to_machine": Action(sources=("reported",), to="deciding", by=("handler",)),
        "decide_alone": Action(
            sources=("deciding",), to="approved", by=("system",), effects=(*approve, ended)
        ),
        "refuse": Action(
            sources=("reported",),
            to="closing",
            by=("handler",),
            effects=(Effect(do="conclude", outcome="refused"),),
        ),
        "expire": Action(
            sources=("reported",),
            to="closing",
            by=("system",),
            effects=(Effect(do="release_quota"), Effect(do="conclude", outcome="expired")),
        ),
        "withdraw": Action(
            sources=("filed", "reported"),
            to="closing",
            by=("applicant",),
            effects=(Effect(do="release_quota"), Effect(do="conclude", outcome="withdrawn")),
        ),
        "revoke": Action(
            sources=("approved",), to="closing", by=("approver",), effects=(Effect(do="release_quota"),)
        ),
        "archive": Action(
            sources=("closing",), to="archived", by=("system",), effects=(Effect(do="archive"),)
        ),
    }
