"""The directory: organs (机关), posts (岗位), persons (人员), and who holds which post since when.

It is a fact a decision rests on, loaded before and recorded by its version; it stands outside a definition's hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Organ:
    """An organ, division or employing unit; `kind` is a word of the field (ministry, unit, division, agency, window)."""

    code: str
    kind: str
    names: Mapping[str, str]
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person who can act; the name is data, shown as it is in every language."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """`person` holds the post `kind` at `organ` from `since` up to and including `until`; `deputy` is the B of AB岗."""

    person: str
    kind: str
    organ: str
    since: date
    until: date | None = None
    deputy: bool = False

    def in_force(self, on: date) -> bool:
        """Whether the post is held on the civil day `on`."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """All of it, under one `version` that changes whenever anything in it does."""

    version: str
    organs: Mapping[str, Organ]
    persons: Mapping[str, Person]
    holdings: tuple[Holding, ...]
    _by_post: dict[tuple[str, str], tuple[Holding, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for holding in self.holdings:
            post = (holding.organ, holding.kind)
            self._by_post[post] = (*self._by_post.get(post, ()), holding)

    def holders(self, organ: str, kind: str, on: date) -> tuple[str, ...]:
        """Codes of the persons who hold the post `kind` at `organ` on `on`, the responsible ones before deputies."""
        held = [h for h in self._by_post.get((organ, kind), ()) if h.in_force(on)]
        return tuple(h.person for h in sorted(held, key=lambda h: (h.deputy, h.since)))

    def posts_of(self, person: str, on: date) -> tuple[Holding, ...]:
        """What `person` holds on `on`."""
        return tuple(h for h in self.holdings if h.person == person and h.in_force(on))

    def organ_above(self, organ: str, kind: str) -> str | None:
        """The code of `organ` itself or its nearest parent of the given kind, or None."""
        seen: str | None = organ
        while seen is not None and seen in self.organs:
            if self.organs[seen].kind == kind:
                return seen
            seen = self.organs[seen].parent
        return None
