"""What a step changes in the queue of signatures and ballots, and of the secrets of a panel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from workflow.domain.case import Case
from workflow.domain.desk.panel_state import Panel, Stage
from workflow.domain.desk.signing_state import Round
from workflow.domain.step import Step
from workflow.storage.registers import Row, Rows

COUNTERSIGN, BALLOT = "countersign", "ballot"
"""What waits: a signature (会签), or a ballot (投票)."""

Key = tuple[str, int, str]


def signing_rows(rows: Rows, step: Step, now: datetime) -> None:
    """Add a row for each signature or ballot that opens, closes or changes its turn, and the secrets as they are now."""
    for secret in step.secrets:
        rows["panel_secrets"].append(
            {
                "case_id": step.after.id,
                "panel": secret.panel,
                "kind": secret.kind,
                "value": secret.value,
                "salt": secret.salt,
            }
        )
    before, after = step.before, step.after
    if before is not None and before.signing == after.signing and before.panels == after.panels:
        return
    was, now_is = _waiting(before), _waiting(after)
    for key in (*now_is, *(key for key in was if key not in now_is)):
        old, new = was.get(key), now_is.get(key)
        if new is None and old is not None:
            new = {**old, "open": False}
        if new is None or new == old or (old is None and not new["open"] and new["signed_by"] is None):
            continue
        rows["signatures"].append(_row(after.id, key, new, now))


def _row(case_id: str, key: Key, state: Row, now: datetime) -> Row:
    kind, number, signer = key
    organ, colon, post_kind = signer.partition(":")
    return {
        "case_id": case_id,
        "kind": kind,
        "round": number,
        "signer": signer,
        "person": None if colon else signer,
        "organ": organ if colon else None,
        "post_kind": post_kind if colon else None,
        "turn": state["turn"],
        "opened_at": state["since"] or now,
        "closed_at": None if state["open"] else now,
        "signed_by": state["signed_by"],
    }


def _waiting(case: Case | None) -> dict[Key, dict[str, Any]]:
    """Every signature and ballot of a case by its key, with how it stands."""
    if case is None:
        return {}
    return dict((*_signatures(case.signing), *_ballots(case.panels)))


def _signatures(rounds: tuple[Round, ...]) -> Iterator[tuple[Key, dict[str, Any]]]:
    for asked in rounds:
        for one in asked.signers:
            waits = asked.open and one.vote is None
            turn = waits and not asked.ahead_of(one)
            state = {"open": waits, "turn": turn, "since": one.since, "signed_by": one.by}
            yield (COUNTERSIGN, asked.number, one.name), state


def _ballots(panels: tuple[Panel, ...]) -> Iterator[tuple[Key, dict[str, Any]]]:
    for panel in panels:
        for seat in panel.seats:
            waits = panel.stage is Stage.DRAWN and not seat.voted
            state = {
                "open": waits,
                "turn": waits,
                "since": seat.since,
                "signed_by": seat.person if seat.voted else None,
            }
            yield (BALLOT, panel.number, seat.person), state
