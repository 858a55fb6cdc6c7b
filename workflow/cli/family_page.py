"""How what belongs together looks in `case show`: the lead case with its overall clock, and the children."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workflow.queries.families import branches_of, lead_of
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.cli.looked import Looked
    from workflow.queries.families import Overall


def family_plain(looked: Looked) -> dict[str, Any]:
    """The lead case and the children for programs."""
    lead = lead_of(looked.banjie.store, looked.case)
    branches = branches_of(looked.banjie.store, looked.case, looked.matter)
    return {"lead": asdict(lead) if lead else None, "children": [asdict(branch) for branch in branches]}


def family_lines(looked: Looked) -> Iterator[str]:
    """One line for the lead case with its clocks, and one for each child."""
    lead = lead_of(looked.banjie.store, looked.case)
    if lead is not None:
        periods = t("case.comma").join(_period(period) for period in lead.periods)
        yield t("case.family.lead", no=lead.no, title=lead.title, periods=periods)
    for branch in branches_of(looked.banjie.store, looked.case, looked.matter):
        said = branch.outcome_title or t("case.family.waits")
        yield t("case.family.child", title=branch.title, outcome=said)


def _period(period: Overall) -> str:
    if period.due_on is None:
        return f"{period.title} {t('case.family.stopped')}"
    due = "case.due_provisional" if period.provisional else "case.due"
    return f"{period.title} {t(due, on=period.due_on.isoformat())}"
