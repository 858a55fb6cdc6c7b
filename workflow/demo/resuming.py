"""Going on where an earlier run was broken off. Nothing is kept of a run but what it did: whoever was to do what, and when,
follows from the seed; what has been done stands in the cases and in the memory of accepted commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.demo.answers import ANSWER, Answers
from workflow.demo.office import Office, Past
from workflow.domain.evolve import evolve
from workflow.queries.cases import accepted_keys
from workflow.queries.queue import waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from workflow.domain.case import Case
    from workflow.domain.envelope import Envelope
    from workflow.domain.events import Event
    from workflow.storage.store import Store


def catch_up(store: Store, office: Office, answers: Answers) -> None:
    """Tell the office and those who answer for cards what they have done already; call it when all is quiet."""
    filed = list(_filed(store))
    if not filed:
        return
    open_now = [item.case_id for item in waiting(store)]
    pasts = {case_id: past(store.history(case_id), case_id, office.key_of(case_id)) for case_id in open_now}
    office.recall(filed, pasts)
    answers.recall(accepted_keys(store, ANSWER))


def past(history: Iterable[tuple[Envelope, Event]], case_id: str, key: str) -> Past:
    """What has become of a filing up to now. A state that the case left in the instant in which it came there was never
    seen by anybody: the machine passed through it.
    """
    case: Case | None = None
    since: datetime | None = None
    stayed: list[str] = []
    acts = turns = given = 0
    acted_at: datetime | None = None
    assigned = ""
    for envelope, event in history:
        before, case = case, evolve(case, event, case_id=case_id, actor=envelope.actor)
        own, _, rest = envelope.command_id.rpartition("/")
        if envelope.command_id.startswith(f"{key}/") and rest == "assign":
            # Given, and the act itself perhaps not done: it counts once the act has.
            assigned = own
        elif own == key and int(rest) > acts:
            visit = before.visit if before is not None else 0
            acts, turns, acted_at = int(rest), turns + 1, envelope.recorded_at
            if assigned == envelope.command_id:
                given = visit
        if before is None or case.visit != before.visit:
            if before is not None and since is not None and envelope.recorded_at > since:
                stayed.append(before.state)
            since, turns, acted_at = envelope.recorded_at, 0, None
    if case is None:
        raise ValueError(f"case {case_id} has no events")
    return Past(
        visit=case.visit,
        state=case.state,
        entered_at=case.entered_at,
        stayed=tuple(stayed),
        acts=acts,
        turns=turns,
        acted_at=acted_at,
        given=given,
    )


def _filed(store: Store) -> Iterator[str]:
    after = ""
    while ids := store.case_ids(after):
        yield from ids
        after = ids[-1]
