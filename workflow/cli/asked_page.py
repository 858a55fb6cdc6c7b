"""How the countersigns and expert panels of a case look in `case show`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from workflow.domain.desk.opinions import countersigned, panel_result
from workflow.queries.asked import signer_name
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.cli.looked import Looked
    from workflow.domain.desk.panel_state import Panel
    from workflow.domain.desk.signing_state import Round


def asked_plain(looked: Looked) -> dict[str, Any]:
    """Rounds and panels for programs; of a panel who voted, never how."""
    case = looked.case
    return {
        "countersign": countersigned(case),
        "rounds": case.signing,
        "panel": panel_result(case),
        "panels": case.panels,
    }


def round_lines(looked: Looked) -> Iterator[str]:
    """One line for each round, and one for each signer of a round that is open."""
    for asked in looked.case.signing:
        yield t(
            "desk.round",
            number=asked.number,
            mode=t(f"desk.mode.{asked.mode}"),
            question=asked.question,
            result=_result(asked),
        )
        if asked.open:
            for one in asked.signers:
                vote = t(f"desk.vote.{one.vote}") if one.vote is not None else t("desk.not_signed")
                yield f"  {signer_name(one.name, looked.words)}  {vote}"


def panel_lines(looked: Looked) -> Iterator[str]:
    """One line for each panel, and one for each member of a panel that is open."""
    for panel in looked.case.panels:
        yield t(
            "desk.panel", number=panel.number, stage=t(f"desk.stage.{panel.stage}"), counts=_counts(panel)
        )
        if panel.open:
            for seat in panel.seats:
                voted = t("desk.voted") if seat.voted else t("desk.not_voted")
                yield f"  {looked.words.person(seat.person)}  {voted}"


def _result(asked: Round) -> str:
    return t(f"desk.result.{'void' if asked.lapsed and not asked.open else asked.outcome or 'open'}")


def _counts(panel: Panel) -> str:
    if panel.agree is None or panel.outcome is None:
        return ""
    result = t(f"desk.result.{panel.outcome}")
    return t("desk.counts", result=result, agree=panel.agree, not_agree=panel.not_agree)
