"""Drawing a sample of concluded cases (抽查) that anybody can draw again: from the seed, by SHA-256, and by nothing else.

Each case gets the hash of the seed and its id, and the smallest hashes are drawn. In a stratified sample each stratum gets
its part of the size by largest remainder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workflow.domain.authority import Allowed, Refused
from workflow.domain.desk.rights import AUDITOR
from workflow.domain.directory import Directory
from workflow.domain.merkle import root
from workflow.errors import NotAuthorised, UnknownPerson

_PREFIX = b"banjie-sample/1\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A case that may be drawn, and the stratum it is in (empty where there are none)."""

    case_id: str
    no: str
    stratum: str = ""

    def leaf(self) -> bytes:
        """How the case stands in the root of the population."""
        return b"\x00".join(part.encode() for part in (self.case_id, self.no, self.stratum))


def may_sample(actor: str, directory: Directory, on: date) -> Allowed | Refused:
    """Whether `actor` may draw samples on the day `on`: an auditor (监察岗), or the audit administrator (安全审计员)."""
    if actor not in directory.persons:
        return Refused(rule="sampling.known_person", error=UnknownPerson(what="person", name=actor))
    posts = {held.kind for held in directory.posts_of(actor, on)}
    if AUDITOR in posts:
        return Allowed(post=AUDITOR, rule="sampling.auditor")
    if actor in directory.administrators("audit", on):
        return Allowed(post="", rule="sampling.audit_administrator")
    return Refused(rule="sampling", error=NotAuthorised(actor=actor, action="audit sample", needed=AUDITOR))


def root_of(population: Iterable[Member]) -> bytes:
    """The Merkle root over a population, in the order of the cases' ids."""
    return root(member.leaf() for member in sorted(population, key=lambda member: member.case_id))


def drawn(population: Sequence[Member], size: int, seed: str) -> tuple[Member, ...]:
    """At most `size` of a population, in the order in which they were drawn, stratum by stratum."""
    strata: dict[str, list[Member]] = {}
    for member in population:
        strata.setdefault(member.stratum, []).append(member)
    parts = allotted({name: len(members) for name, members in strata.items()}, size)
    return tuple(
        member
        for name in sorted(strata)
        for member in sorted(strata[name], key=lambda one: lot(seed, one.case_id))[: parts[name]]
    )


def lot(seed: str, case_id: str) -> bytes:
    """The lot of a case under a seed: SHA-256 over a fixed prefix, the seed, a line feed, and the id."""
    return hashlib.sha256(_PREFIX + seed.encode() + b"\n" + case_id.encode()).digest()


def allotted(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many are drawn of each stratum: its part of `size`, whole, the largest remainders first, of equals by name."""
    whole = sum(sizes.values())
    wanted = min(size, whole)
    if not whole:
        return dict.fromkeys(sizes, 0)
    parts = {name: wanted * count // whole for name, count in sizes.items()}
    left = wanted - sum(parts.values())
    for name in sorted(sizes, key=lambda name: (-(wanted * sizes[name] % whole), name))[:left]:
        parts[name] += 1
    return parts
