"""The draw and the urn: deterministic from what the engine brings in (random bytes, and the secrets it keeps).

A ballot leaves one value behind for all ballots together, the counts so far, under a fresh salt; the event is bound to
that. Nothing that is kept says which of them a person added (docs/decisions/0011).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from workflow.domain import events as e
from workflow.domain.case import Case
from workflow.domain.chain import commitment
from workflow.domain.commands import TakeAction
from workflow.domain.desk.panel_state import SEED, URN, PanelFacts, PanelSecret
from workflow.domain.desk.signing_state import VOTES
from workflow.domain.values import replace

CONVENE, DRAW, CAST, COUNT = "convene_panel", "draw_panel", "cast_ballot", "count_ballots"

WITH_SECRETS: Final = frozenset({CONVENE, DRAW, CAST, COUNT})
"""The verbs that need more than the record holds."""

Kept = Callable[[int, str], PanelSecret | None]
"""The secret of that panel and kind, if it is kept."""

_SPENT: Final[Mapping[type[e.Event], tuple[str, ...]]] = {
    e.PanelDrawn: (SEED,),
    e.BallotAnnulled: (URN,),
    e.BallotsCounted: (URN,),
    e.PanelDissolved: (SEED, URN),
}


def sealed(seed: str) -> str:
    """What a seed (hex) is bound to before the draw: its SHA-256, hex. 32 random bytes cannot be guessed from it."""
    return hashlib.sha256(b"banjie.panel.seed\n" + bytes.fromhex(seed)).hexdigest()


def drawn(candidates: Iterable[str], seed: str) -> tuple[str, ...]:
    """The candidates in the order of the draw: by SHA-256 of the seed and the person's code."""

    def lot(person: str) -> bytes:
        return hashlib.sha256(bytes.fromhex(seed) + b"\n" + person.encode()).digest()

    return tuple(sorted(candidates, key=lot))


def tally(value: str) -> dict[str, int]:
    """How many ballots of each kind are in an urn."""
    counts = json.loads(value) if value else {}
    return {vote: int(counts.get(vote, 0)) for vote in VOTES}


def bound(urn: PanelSecret) -> str:
    """The commitment to an urn."""
    return commitment(bytes.fromhex(urn.salt), _field(urn.panel), urn.value)


def prepared(
    command: TakeAction, case: Case, kept: Kept, entropy: bytes
) -> tuple[TakeAction, PanelFacts, tuple[PanelSecret, ...]]:
    """The command as the domain may see it, the facts for it, and what is to be kept if it is accepted. `entropy` are 32
    random bytes, used once: as the seed of a draw, or as the salt of the urn.
    """
    panel = case.panels[-1] if case.panels else None
    match command.action:
        case "convene_panel":
            seed = entropy.hex()
            secret = PanelSecret(panel=len(case.panels) + 1, kind=SEED, value=seed)
            return command, PanelFacts(seed=seed), (secret,)
        case "draw_panel" if panel is not None:
            found = kept(panel.number, SEED)
            return command, PanelFacts(seed=found.value if found is not None else None), ()
        case "cast_ballot" if panel is not None and command.fields.get("vote") in VOTES:
            before = kept(panel.number, URN) if panel.urn is not None else None
            counts = tally(before.value if before is not None else "")
            counts[str(command.fields["vote"])] += 1
            value = json.dumps(counts, sort_keys=True)
            urn = PanelSecret(panel=panel.number, kind=URN, value=value, salt=entropy.hex())
            vote = {"subject": case.id, "field": _field(panel.number), "commitment": bound(urn)}
            command = replace(command, fields={**command.fields, "vote": vote})
            return command, PanelFacts(), (urn,)
        case "count_ballots" if panel is not None:
            return command, PanelFacts(urn=kept(panel.number, URN)), ()
    return command, PanelFacts(), ()


def spent(happened: Iterable[e.Event]) -> tuple[PanelSecret, ...]:
    """The secrets that have served by these events, emptied."""
    return tuple(
        PanelSecret(panel=event.panel, kind=kind, value="")  # type: ignore[attr-defined]
        for event in happened
        for kind in _SPENT.get(type(event), ())
    )


def without_the_vote(command: TakeAction) -> TakeAction:
    """A ballot as it may be remembered: of three possible votes a hash under a known salt would tell which it was."""
    if command.action != CAST or "vote" not in command.fields:
        return command
    return replace(command, fields={name: value for name, value in command.fields.items() if name != "vote"})


def _field(panel: int) -> str:
    return f"{URN}.{panel}"
