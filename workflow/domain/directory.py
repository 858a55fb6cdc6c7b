"""The directory (名录): organs (机关), posts (岗位), persons (人员), who holds which post since when, and who is away.

It is a fact a decision rests on, loaded before and recorded by its version; it stands outside a definition's hash. Every
lookup goes by an index of the post, the person or the kind, because the right to act is asked for at each step.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, TypeVar

Key = TypeVar("Key", bound=Hashable)
Entry = TypeVar("Entry")

HEAD: Final = "head"
"""The kind of post of an organ's head (机关负责人), who extends periods and orders recusal."""

SUPERVISOR: Final = "supervisor"
"""The kind of post of supervision (监察、督查): its holder reads everything and decides nothing."""

Duty = Literal["system", "security", "audit"]
"""What each of the three administrators (三员) does: 系统管理员, 安全保密管理员, 安全审计员."""

DUTIES: Final[tuple[Duty, ...]] = ("system", "security", "audit")


def administrator(duty: Duty) -> str:
    """The kind of post of the administrator with that duty."""
    return f"{duty}_administrator"


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
    """`person` holds the post `kind` at `organ` from `since` up to and including `until`; `deputy` is the B of AB岗.

    `matters` are the codes of the matters that the holding covers; none named: every matter.
    """

    person: str
    kind: str
    organ: str
    since: date
    until: date | None = None
    deputy: bool = False
    matters: tuple[str, ...] = ()

    def in_force(self, on: date) -> bool:
        """Whether the post is held on the civil day `on`."""
        return self.since <= on and (self.until is None or on <= self.until)

    def covers(self, matter: str | None) -> bool:
        """Whether the holding is for the matter of that code; no matter asked for is covered by each."""
        return matter is None or not self.matters or matter in self.matters


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """`person` is away (请假、出差) from `since` up to and including `until`, both civil days; the deputies stand in."""

    person: str
    since: date
    until: date
    reason: str = ""

    def covers(self, on: date) -> bool:
        """Whether the person is away on the civil day `on`."""
        return self.since <= on <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """All of it, under one `version` that changes whenever anything in it does."""

    version: str
    organs: Mapping[str, Organ]
    persons: Mapping[str, Person]
    holdings: tuple[Holding, ...]
    absences: tuple[Absence, ...] = ()
    _by_post: dict[tuple[str, str], tuple[Holding, ...]] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )
    _by_person: dict[str, tuple[Holding, ...]] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )
    _by_kind: dict[str, tuple[Holding, ...]] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )
    _away: dict[str, tuple[Absence, ...]] = field(init=False, default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        _index(self._by_post, (((held.organ, held.kind), held) for held in self.holdings), _in_order)
        _index(self._by_person, ((held.person, held) for held in self.holdings))
        _index(self._by_kind, ((held.kind, held) for held in self.holdings), _in_order)
        _index(self._away, ((absence.person, absence) for absence in self.absences))

    # --- who holds a post --------------------------------------------------------------------------------------------

    def held(self, organ: str, kind: str, on: date, matter: str | None = None) -> tuple[Holding, ...]:
        """The holdings of the post `kind` at `organ` that are in force on `on` and cover the matter, if one is named: the
        responsible ones (A岗) before deputies (B岗), and of each the longest held first.
        """
        return tuple(
            held for held in self._by_post.get((organ, kind), ()) if held.in_force(on) and held.covers(matter)
        )

    def holders(self, organ: str, kind: str, on: date, matter: str | None = None) -> tuple[str, ...]:
        """Codes of the persons who hold the post `kind` at `organ` on `on`, the responsible ones before deputies."""
        return _persons(self.held(organ, kind, on, matter))

    def principals(self, organ: str, kind: str, on: date, matter: str | None = None) -> tuple[str, ...]:
        """The holders who are responsible themselves (A岗)."""
        return _persons(held for held in self.held(organ, kind, on, matter) if not held.deputy)

    def deputies(self, organ: str, kind: str, on: date, matter: str | None = None) -> tuple[str, ...]:
        """The holders who stand in for the responsible ones (B岗)."""
        return _persons(held for held in self.held(organ, kind, on, matter) if held.deputy)

    def present(self, organ: str, kind: str, on: date, matter: str | None = None) -> tuple[str, ...]:
        """The holders who are not away that day, in the same order."""
        return tuple(
            person for person in self.holders(organ, kind, on, matter) if not self.absent(person, on)
        )

    def head_of(self, organ: str, on: date) -> str | None:
        """Who heads the organ that day: its head if present, else the head's deputy, else whoever so heads the nearest
        organ above it (acting head, 代行); None where nobody does.
        """
        for code in (organ, *self.superiors(organ)):
            if there := self.present(code, HEAD, on):
                return there[0]
        return None

    def administrators(self, duty: Duty, on: date) -> tuple[str, ...]:
        """Who holds that duty of the three administrators (三员) on `on`, at whatever organ."""
        return _persons(held for held in self._by_kind.get(administrator(duty), ()) if held.in_force(on))

    # --- what a person holds -----------------------------------------------------------------------------------------

    def posts_of(self, person: str, on: date) -> tuple[Holding, ...]:
        """What `person` holds on `on`."""
        return tuple(held for held in self._by_person.get(person, ()) if held.in_force(on))

    def absent(self, person: str, on: date) -> bool:
        """Whether `person` is away on the civil day `on`."""
        return any(absence.covers(on) for absence in self._away.get(person, ()))

    def left(self, person: str, on: date) -> bool:
        """Whether `person` is a leaver (离岗人员): holds nothing any more on `on`, and has held something that ended."""
        own = self._by_person.get(person, ())
        ended = any(held.until is not None and held.until < on for held in own)
        return ended and not any(held.in_force(on) for held in own)

    # --- the tree of organs ------------------------------------------------------------------------------------------

    def superiors(self, organ: str) -> tuple[str, ...]:
        """The codes of the organs above `organ`, the nearest first, without itself."""
        above: dict[str, None] = {}
        known = self.organs.get(organ)
        while known is not None and known.parent is not None and known.parent != organ:
            if known.parent in above or known.parent not in self.organs:
                break
            above[known.parent] = None
            known = self.organs[known.parent]
        return tuple(above)

    def organ_above(self, organ: str, kind: str) -> str | None:
        """The code of `organ` itself or its nearest parent of the given kind, or None."""
        if organ not in self.organs:
            return None
        return next(
            (code for code in (organ, *self.superiors(organ)) if self.organs[code].kind == kind), None
        )


def _in_order(held: Holding) -> tuple[bool, date]:
    return held.deputy, held.since


def _index(
    into: dict[Key, tuple[Entry, ...]],
    entries: Iterable[tuple[Key, Entry]],
    order: Callable[[Entry], tuple[bool, date]] | None = None,
) -> None:
    found: dict[Key, list[Entry]] = {}
    for key, entry in entries:
        found.setdefault(key, []).append(entry)
    for key, those in found.items():
        into[key] = tuple(sorted(those, key=order) if order else those)


def _persons(holdings: Iterable[Holding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(held.person for held in holdings))
