"""What a case may rest on of the opinions asked for: the last round of signatures, the last panel; facts for conditions.

What was signed, or voted, before the case came back to where it was asked counts no longer, nor does it once somebody who
took part is recused: then it is asked anew.
"""

from __future__ import annotations

from workflow.domain.case import Case
from workflow.domain.desk.panel_state import Panel, Stage
from workflow.domain.desk.signing_state import AGREED, VOID

OPEN = "open"


def countersigned(case: Case) -> str | None:
    """What the last countersign came to: agreed, rejected, void, or open; None if there was none."""
    if not case.signing:
        return None
    last = case.signing[-1]
    if last.open:
        return OPEN
    taken = (one.by for one in last.signers if one.by is not None)
    return VOID if last.lapsed or any(map(case.desk.recused, taken)) else last.outcome


def panel_result(case: Case) -> str | None:
    """What the last panel came to: agreed, rejected, void, or open until its minutes are there; None if there was none."""
    if not case.panels:
        return None
    last = case.panels[-1]
    if last.open:
        return OPEN
    return last.outcome if _counts(case, last) else VOID


def panel_for(case: Case) -> int | None:
    """How many of the last panel voted in favour, once that may be rested on."""
    return case.panels[-1].agree if case.panels and _counts(case, case.panels[-1]) else None


def panel_not_for(case: Case) -> int | None:
    """How many of the last panel did not vote in favour."""
    return case.panels[-1].not_agree if case.panels and _counts(case, case.panels[-1]) else None


def is_countersigned(case: Case) -> bool:
    """Whether the last countersign agreed."""
    return countersigned(case) == AGREED


def has_minutes(case: Case) -> bool:
    """Whether the last panel was counted and its minutes are there."""
    return panel_for(case) is not None


def _counts(case: Case, panel: Panel) -> bool:
    done = panel.stage is Stage.MINUTED and not panel.lapsed
    return done and not any(map(case.desk.recused, panel.present))
