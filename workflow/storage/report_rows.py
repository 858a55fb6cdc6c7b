"""The rows of a concluded case's facts; nothing is reckoned here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.domain.events import CaseRated
from workflow.domain.rating.grades import points

if TYPE_CHECKING:
    from workflow.domain.figures.facts import CaseFacts
    from workflow.domain.step import Step
    from workflow.storage.registers import Row, Rows


def report_rows(rows: Rows, step: Step) -> None:
    """Add the rows of a step that concludes its case, or rates it; most steps add none."""
    if step.figures is not None:
        for name, more in rows_of_facts(step.figures).items():
            rows[name] += more
    for _, event in step.events:
        if isinstance(event, CaseRated):
            rows["case_rated"].append({"case_id": step.after.id, "rating": points(event.grade)})


def rows_of_facts(facts: CaseFacts) -> dict[str, list[Row]]:
    """The rows of one case by table."""
    told = {name: getattr(facts, name) for name in _PLAIN}
    month = facts.concluded_on.isoformat()[:7]
    of_the_case = {"case_id": facts.case_id, "matter": facts.matter, "concluded_on": facts.concluded_on}
    return {
        "case_facts": [{**told, "ending": facts.ending.value, "month": month}],
        "case_exclusions": [
            {**of_the_case, "ground": one.ground, "days": one.days} for one in facts.excluded
        ],
        "case_shares": [
            {
                **of_the_case,
                "share": number,
                "holder": one.whose.holder,
                "organ": one.whose.organ,
                "post": one.whose.post,
                "person": one.whose.person,
                "ground": one.whose.ground,
                "days": one.days,
                "excess": one.excess,
                "overrun": one.overrun,
            }
            for number, one in enumerate(facts.shares, 1)
        ],
    }


_PLAIN = (
    "case_id", "no", "matter", "definition", "organ", "post", "outcome", "received_on", "accepted_on", "concluded_on",
    "deemed", "timed", "late", "early", "promise_kept", "statute_kept", "used", "allowed", "due_on", "whole", "overrun",
    "extensions", "provisional", "rating",
)  # fmt: skip
