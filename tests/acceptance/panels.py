"""What an act needs that the matter itself does not declare: a panel whose minutes a decision rests on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from workflow.domain.desk.opinions import has_minutes

if TYPE_CHECKING:
    from tests.acceptance.walking import Walk
    from workflow.domain.case import Case

MINUTES = "panel_minutes_given"

MOSTLY = 0.8
"""How often a panel is for it."""


def said_of(walk: Walk, case: Case, key: str) -> Any:
    """What stands in a field that speaks of a letter or of a panel; None for any other."""
    if key.startswith("letter"):
        return f"示例函〔{walk.today.year}〕{case.no}号"
    if key == "panel_for" and walk.rng.random() < MOSTLY:
        return 9
    return None


def hold_a_panel(walk: Walk, did: Callable[..., bool]) -> None:
    """Where an act asks for the minutes of a panel, whoever chairs it convenes one, and all who are drawn vote."""
    case = walk.checked()
    if has_minutes(case):
        return
    actions = walk.definition.actions
    names = [name for name in walk.definition.actions_from(case.state) if MINUTES in actions[name].guards]
    for chair in dict.fromkeys(who for name in names for who in walk.who_may(case, name)):
        if did(chair, "convene_panel", pool="expert-panels", size=5):
            did(chair, "draw_panel")
            seats = [seat.person for seat in walk.checked().panels[-1].seats]
            assert all(did(seat, "cast_ballot", vote="agree") for seat in seats)
            did(chair, "count_ballots")
            did(chair, "panel_minutes", attendees=seats, text="评审意见")
            return
