"""The generator of filings: who files what, when, in whose letter, with which materials, and what becomes of it.

Everything is drawn from `Random("seed/key/step")`, never from one running stream, so that a filing is the same
whatever is generated before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, Final

from workflow.demo.forms import FORMS
from workflow.demo.hours import PER_DAY
from workflow.demo.script import Script, allot
from workflow.domain.commands import SubmitFiling
from workflow.domain.definition import Definition
from workflow.domain.directory import Directory
from workflow.engine.handle import case_id_for

INTAKE_DAYS: Final = 20
"""Filings come in during the first so many working days, fewer when they are few."""

_SIGNS: Final[Mapping[str, str]] = {
    "hydrology-and-coasts": "水岸人函",
    "germplasm-administration": "种质人函",
    "classics-and-culture": "典籍人函",
    "rail-equipment-group": "轨装人函",
    "polar-and-deep-space": "极空人函",
    "standards-of-measurement": "计标人函",
    "glaciers-and-grasslands": "冰草人函",
}
"""The sign of a ministry's letters (发文机关代字)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One filing to come: filed in `slot` by the person `actor`; `lacking` are the materials it comes without.

    `letter` names the letter it is reported up in, `letter_no` that letter's number; a case that was sent back goes up
    later, under `second_letter_no`.
    """

    key: str
    matter: str
    fate: str
    slot: int
    actor: str
    parties: Mapping[str, str]
    form: Mapping[str, Any]
    materials: tuple[str, ...]
    lacking: tuple[str, ...] = ()
    letter: str | None = None
    letter_no: str = ""
    second_letter_no: str = ""

    @property
    def case_id(self) -> str:
        """The id that the case will have."""
        return case_id_for(self.actor, self._command_key)

    def command(self) -> SubmitFiling:
        """The act of filing."""
        return SubmitFiling(
            case_id=self.case_id,
            key=self._command_key,
            actor=self.actor,
            matter=self.matter,
            form=self.form,
            materials=self.materials,
            parties=self.parties,
        )

    @property
    def _command_key(self) -> str:
        return f"{self.key}/0"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bundle:
    """Filings that come in together: those of one letter, or a single one."""

    name: str
    number: int
    size: int
    slot: int


def filings(
    script: Script, total: int, *, seed: str, definition: Definition, directory: Directory, on: date
) -> Iterator[Filing]:
    """`total` filings of a script's matter, in the order in which they come in; `on` is the first day.

    Raises LookupError when the directory has nobody who may file.
    """
    groups = _groups(definition, directory, on)
    if not groups:
        raise LookupError(f"nobody in the directory may file {script.matter}")
    fates = allot(script, total, seed)
    made = Maker(script, definition, directory, seed, on)
    number = 0
    for bundle in _bundles(script, total, seed):
        group = Random(f"{seed}/{bundle.name}/group").choice(groups)
        for fate in fates[number : number + bundle.size]:
            number += 1
            yield made.filing(f"{script.prefix}{number:03d}", fate, bundle, group)


def _bundles(script: Script, total: int, seed: str) -> list[_Bundle]:
    """How the filings are bundled, and when each bundle comes in; the first comes at once."""
    sizes: list[int] = []
    while sum(sizes) < total:
        rng = Random(f"{seed}/{script.matter}/{len(sizes)}/size")
        sizes.append(min(rng.randint(*script.letter), total - sum(sizes)))
    days = max(3, min(INTAKE_DAYS, total // 6))
    slots = sorted(
        Random(f"{seed}/{script.matter}/{number}/slot").randrange(days * PER_DAY) if number else 0
        for number in range(len(sizes))
    )
    return [
        _Bundle(name=f"{script.prefix}-{number:02d}", number=number, size=size, slot=slot)
        for number, (size, slot) in enumerate(zip(sizes, slots, strict=True), start=1)
    ]


def _groups(definition: Definition, directory: Directory, on: date) -> list[tuple[str, tuple[str, ...]]]:
    """The organs that may file, by the ministry above them, or each by itself."""
    kinds = {definition.posts[post].kind for post in definition.filed_by if post in definition.posts}
    organs = sorted({h.organ for h in directory.holdings if h.kind in kinds and h.in_force(on)})
    groups: dict[str, list[str]] = {}
    for organ in organs:
        groups.setdefault(directory.organ_above(organ, "ministry") or organ, []).append(organ)
    return [(above, tuple(below)) for above, below in sorted(groups.items())]


class Maker:
    """Makes the filings of one script."""

    def __init__(
        self, script: Script, definition: Definition, directory: Directory, seed: str, on: date
    ) -> None:
        self._script = script
        self._definition = definition
        self._directory = directory
        self._seed = seed
        self._on = on
        self._kinds = [
            definition.posts[post].kind for post in definition.filed_by if post in definition.posts
        ]
        self._form: Callable[..., dict[str, Any]] = FORMS[script.matter]

    def filing(self, key: str, fate: str, bundle: _Bundle, group: tuple[str, Sequence[str]]) -> Filing:
        """The filing `key` of a bundle, from one of the group's organs."""
        above, organs = group
        organ = self._rng(key, "organ").choice(organs)
        in_letters = self._script.letter != (1, 1)
        lacking = self._lacking(key, fate)
        return Filing(
            key=key,
            matter=self._script.matter,
            fate=fate,
            slot=bundle.slot,
            actor=self._filer(organ),
            parties={"filer": organ, "unit": organ} | ({"ministry": above} if above != organ else {}),
            form=self._form(self._rng(key, "form"), self._on, self._directory.organs[organ]),
            materials=tuple(name for name in self._handed_in(key) if name not in lacking),
            lacking=lacking,
            letter=bundle.name if in_letters else None,
            letter_no=self._letter_no(above, 30 + 3 * bundle.number) if in_letters else "",
            second_letter_no=self._letter_no(above, 300 + int(key[1:])) if in_letters else "",
        )

    def _filer(self, organ: str) -> str:
        for kind in self._kinds:
            if holders := self._directory.holders(organ, kind, self._on):
                return holders[0]
        raise LookupError(f"nobody at {organ} may file {self._script.matter}")

    def _handed_in(self, key: str) -> list[str]:
        rng = self._rng(key, "materials")
        return [
            name for name, one in self._definition.materials.items() if one.required or rng.random() < 0.5
        ]

    def _lacking(self, key: str, fate: str) -> tuple[str, ...]:
        fewest, most = self._script.lacks(fate)
        rng = self._rng(key, "lacking")
        required = [name for name, one in self._definition.materials.items() if one.required]
        return tuple(rng.sample(required, rng.randint(fewest, most)))

    def _letter_no(self, ministry: str, serial: int) -> str:
        return f"{_SIGNS.get(ministry, '人函')}〔{self._on.year}〕{serial}号"

    def _rng(self, key: str, step: str) -> Random:
        return Random(f"{self._seed}/{key}/{step}")
