"""What happens in a countersign (会签): a round opened, signed, its signers added and removed (加签、减签), its end."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSigner:
    """A signer of a round: a person's code, or a post as `organ:kind`; signs after those of `waits_for` have signed."""

    name: str
    weight: int = 1
    waits_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountersignOpened(Event):
    """Whoever has the work asked others to sign. `mode`: all, any, ratio, sequential, weighted; the share that must agree
    is `numerator`/`denominator`, reached or, with `over`, exceeded; `veto`: one disagreement decides.
    """

    round: int
    state: str
    question: str
    mode: str
    signers: tuple[NamedSigner, ...]
    numerator: int
    denominator: int
    over: bool = False
    quorum: int = 0
    veto: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CountersignSigned(Event):
    """`person` signed for the signer `signer`: himself, his post, or whom he stands in for. `post`: from which of the
    case's own posts he did, if from one of them.
    """

    round: int
    signer: str
    person: str
    vote: str
    words: str | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerAdded(Event):
    """Somebody was asked too (加签): before, after or beside (`parallel`) the signer `beside`, or at the end of all."""

    round: int
    signer: str
    weight: int
    position: str
    beside: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerRemoved(Event):
    """A signer who had not signed is asked no more (减签)."""

    round: int
    signer: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureStruck(Event):
    """`person` was recused while the round was open: his signature for `signer` counts no longer; `removed`: the signer
    was himself and is asked no more.
    """

    round: int
    signer: str
    person: str
    removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CountersignEnded(Event):
    """The round ended: agreed, rejected or void. The counts are weights; `unsigned` had not signed. `because`: decided,
    called_off, left (the case went elsewhere), no_signers, quorum.
    """

    round: int
    outcome: str
    because: str
    agree: int
    disagree: int
    abstain: int
    unsigned: int
    reason: str | None = None
