"""What the domain cannot bring itself for an expert panel: random bytes, and secrets kept apart from the record."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow.domain.commands import AnyCommand, TakeAction
from workflow.domain.desk import urn
from workflow.domain.desk.panel_state import PanelFacts, PanelSecret

if TYPE_CHECKING:
    from workflow.domain.case import Case
    from workflow.domain.events import Event
    from workflow.storage.transaction import Transaction

_ENTROPY = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A command with its vote sealed, the secrets it may look at, and those to keep when it is accepted."""

    command: AnyCommand
    facts: PanelFacts
    kept: tuple[PanelSecret, ...] = ()

    def left(self, happened: Iterable[Event]) -> tuple[PanelSecret, ...]:
        """The secrets as the step leaves them: what has served is emptied."""
        last = {(one.panel, one.kind): one for one in (*self.kept, *urn.spent(happened))}
        return tuple(last.values())


def prepare_panel(tx: Transaction, case: Case | None, command: AnyCommand) -> Prepared:
    """What a command on a panel needs, read while its case is locked; any other command as it is."""
    if case is None or not isinstance(command, TakeAction) or command.action not in urn.WITH_SECRETS:
        return Prepared(command=command, facts=PanelFacts())

    def kept(panel: int, kind: str) -> PanelSecret | None:
        return tx.panel_secret(case.id, panel, kind)

    entropy = secrets.token_bytes(_ENTROPY)
    prepared, facts, keep = urn.prepared(command, case, kept, entropy)
    return Prepared(command=prepared, facts=facts, kept=keep)
