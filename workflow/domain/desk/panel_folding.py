"""How the events of an expert panel change a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.domain import events as e
from workflow.domain.case import Case
from workflow.domain.desk.panel_state import Panel, Seat, Stage
from workflow.domain.values import replace


def _convened(case: Case, event: e.PanelConvened, actor: str) -> Case:
    panel = Panel(
        number=event.panel,
        state=event.state,
        pool=event.pool,
        chair=event.chair,
        convener=actor,
        candidates=event.candidates,
        size=event.size,
        alternates=event.alternates,
        quorum=event.quorum,
        numerator=event.numerator,
        denominator=event.denominator,
        over=event.over,
        seal=event.seal,
    )
    return replace(case, version=case.version + 1, panels=(*case.panels, panel))


def _drawn(case: Case, event: e.PanelDrawn, actor: str) -> Case:
    seats = tuple(Seat(person=person, since=event.at) for person in event.seats)
    return _with(case, event.panel, stage=Stage.DRAWN, seats=seats, spare=event.alternates)


def _seat_changed(case: Case, event: e.PanelSeatChanged, actor: str) -> Case:
    panel = _of(case, event.panel)
    kept: tuple[Seat, ...] = tuple(one for one in panel.seats if one.person != event.person)
    if event.replacement is not None:
        kept = (*kept, Seat(person=event.replacement, since=event.at))
    spare = panel.spare
    if event.replacement in spare:
        spare = spare[spare.index(event.replacement) + 1 :]
    return _with(case, event.panel, seats=kept, spare=spare)


def _cast(case: Case, event: e.BallotCast, actor: str) -> Case:
    panel = _of(case, event.panel)
    seats = tuple(replace(one, voted=True) if one.person == event.person else one for one in panel.seats)
    # Two who vote at once do not collide, and none of them makes the chair's own act fail.
    return _with(case, event.panel, seen=False, seats=seats, urn=event.urn)


def _annulled(case: Case, event: e.BallotAnnulled, actor: str) -> Case:
    seats = tuple(replace(one, voted=False) for one in _of(case, event.panel).seats)
    return _with(case, event.panel, seats=seats, urn=None)


def _counted(case: Case, event: e.BallotsCounted, actor: str) -> Case:
    return _with(
        case,
        event.panel,
        stage=Stage.COUNTED,
        outcome=event.outcome,
        agree=event.agree,
        not_agree=event.disagree + event.abstain,
        present=event.present,
    )


def _minuted(case: Case, event: e.PanelMinutesGiven, actor: str) -> Case:
    return _with(case, event.panel, stage=Stage.MINUTED)


def _dissolved(case: Case, event: e.PanelDissolved, actor: str) -> Case:
    return _with(case, event.panel, stage=Stage.DISSOLVED)


def _of(case: Case, number: int) -> Panel:
    found = next((one for one in case.panels if one.number == number), None)
    if found is None:
        raise ValueError(f"the case has no panel {number}")
    return found


def _with(case: Case, number: int, *, seen: bool = True, **changes: Any) -> Case:
    panels = tuple(replace(one, **changes) if one.number == number else one for one in case.panels)
    return replace(case, version=case.version + 1 if seen else case.version, panels=panels)


def entered(case: Case) -> Case:
    """The case that has come to a state: a panel convened when it was there before is convened anew."""
    if not any(one.state == case.state and not one.lapsed for one in case.panels):
        return case
    panels = tuple(replace(one, lapsed=True) if one.state == case.state else one for one in case.panels)
    return replace(case, panels=panels)


FOLLOWERS: dict[type[e.Event], Callable[[Case, Any, str], Case]] = {
    e.PanelConvened: _convened,
    e.PanelDrawn: _drawn,
    e.PanelSeatChanged: _seat_changed,
    e.BallotCast: _cast,
    e.BallotAnnulled: _annulled,
    e.BallotsCounted: _counted,
    e.PanelMinutesGiven: _minuted,
    e.PanelDissolved: _dissolved,
}
"""The fold of each event of a panel; `workflow.domain.evolve` takes them in."""
