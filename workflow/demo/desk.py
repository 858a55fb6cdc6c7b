"""The desk: who acts from a post on a case, and what stands in the fields of the act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, Final

from workflow.demo.filings import Filing
from workflow.demo.script import Turn
from workflow.demo.wording import phrase, remedies
from workflow.domain.authority import organ_of
from workflow.domain.calendar import Calendar
from workflow.domain.commands import PUBLIC, TakeAction
from workflow.domain.definition import Definition, Regime
from workflow.domain.directory import Directory
from workflow.domain.law import LawParameters

HEARING_AFTER: Final = 10
"""Working days from the notice of a hearing to the hearing: more than the seven days of art. 48."""

DEPUTY_ACTS: Final = 0.15
"""How often a deputy (B of AB岗) acts in the place of the one responsible."""


PROCEDURE: Final[Mapping[str, Any]] = {
    "credentials_shown": True,
    "attendees": ["申请人", "承办人"],
    "signed_by": ["申请人", "承办人"],
}
"""What stands in every record of an on-site check and of a hearing."""


class Desk:
    """Turns of a script become commands of persons."""

    def __init__(
        self,
        definitions: Mapping[str, Definition],
        *,
        directory: Directory,
        law: LawParameters,
        calendar: Calendar,
        seed: str,
    ) -> None:
        self._definitions = definitions
        self._directory = directory
        self._law = law
        self._calendar = calendar
        self._seed = seed

    def acts(
        self, filing: Filing, turn: Turn, *, state: str, round_: int, number: int, on: date, has_it: bool
    ) -> tuple[TakeAction, ...]:
        """The commands of one turn on the civil day `on`: the act, and before it the head's giving the work to a deputy,
        unless he has it already (`has_it`). `round_` is above 1 once the case has been sent back; `number` counts the acts
        on the case. Raises LookupError when the directory has nobody for it.
        """
        definition = self._definitions[filing.matter]
        action = definition.actions[turn.action]
        waits_for = definition.states[state].post
        post = turn.by or waits_for or action.by[0]
        # A hearing is held by the chair whom its notice named.
        may_be_given = post == waits_for and turn.action != "hold_hearing"
        actor, giver = self._actor(definition, filing, post, on, may_be_given=may_be_given)
        assigned: tuple[TakeAction, ...] = ()
        if giver is not None and not has_it:
            assigned = (
                TakeAction(
                    case_id=filing.case_id,
                    key=f"{filing.key}/{number}/assign",
                    actor=giver,
                    action="assign",
                    fields={"person": actor},
                ),
            )
        given = _Given(filing=filing, turn=turn, round_=round_, on=on, actor=actor)
        rng = Random(f"{self._seed}/{filing.key}/{number}/{turn.action}")
        fields = {
            name: turn.fields[name] if name in turn.fields else self._value(name, given, rng)
            for name, field in action.fields.items()
            if field.required or name in turn.fields or name in _WRITTEN_ANYWAY
        }
        act = TakeAction(
            case_id=filing.case_id,
            key=f"{filing.key}/{number}",
            actor=actor,
            action=turn.action,
            fields=fields,
        )
        return (*assigned, act)

    def _actor(
        self, definition: Definition, filing: Filing, post: str, on: date, *, may_be_given: bool
    ) -> tuple[str, str | None]:
        """Who acts from `post` on this case: always the same person, now and then a deputy, and then the head of the
        organ, who gives him the work.
        """
        if post == PUBLIC:
            return PUBLIC, None
        organ = organ_of(definition, filing.parties, post) or ""
        kind = definition.posts[post].kind
        holders = self._directory.holders(organ, kind, on)
        # Whoever also holds a post of the same case that another must fill steps back here.
        others = {
            definition.posts[other].kind
            for group in definition.distinct
            if post in group
            for other in group
            if other != post
        }
        free = [
            person
            for person in holders
            if not any(h.organ == organ and h.kind in others for h in self._directory.posts_of(person, on))
        ]
        candidates = free or list(holders)
        if not candidates:
            raise LookupError(f"nobody holds the post {kind} at {organ} on {on}")
        deputies = [p for p in candidates if self._is_deputy(p, kind, organ, on)]
        first = [p for p in candidates if p not in deputies]
        rng = Random(f"{self._seed}/{filing.key}/{post}")
        head = self._directory.head_of(organ, on)
        if may_be_given and head is not None and deputies and (not first or rng.random() < DEPUTY_ACTS):
            return rng.choice(deputies), head
        responsible = first or self._directory.principals(organ, kind, on)
        return rng.choice(responsible), None

    def _is_deputy(self, person: str, kind: str, organ: str, on: date) -> bool:
        return all(
            holding.deputy
            for holding in self._directory.posts_of(person, on)
            if (holding.kind, holding.organ) == (kind, organ)
        )

    def _value(self, name: str, given: _Given, rng: Random) -> Any:
        """What stands in the field `name` of an act."""
        filing, turn = given.filing, given.turn
        match name:
            case "letter":
                return filing.letter_no if given.round_ == 1 else filing.second_letter_no
            case "materials":
                return list(filing.lacking) if turn.action == "supplement_materials" else []
            case "arrived_on" | "file_received_on":
                return given.on.isoformat()
            case "hearing_on":
                return self._calendar.add_working_days(given.on, HEARING_AFTER).isoformat()
            case "objection":
                return 1
            case "chair":
                definition = self._definitions[filing.matter]
                return self._actor(definition, filing, "hearing_chair", given.on, may_be_given=False)[0]
            case _ if name in PROCEDURE:
                return PROCEDURE[name]
            case "inspectors":
                return [given.actor, self._colleague(given.actor, given.on, rng)]
            case "remedies" if self._definitions[filing.matter].regime is Regime.LICENSING:
                return remedies(self._law, given.on)
        variant = turn.fields.get("opinion") or turn.fields.get("ground")
        return phrase(rng, f"{turn.action}.{name}.{variant}", f"{turn.action}.{name}", name)

    def _colleague(self, person: str, on: date, rng: Random) -> str:
        """Somebody else at the same post."""
        post = self._directory.posts_of(person, on)[0]
        others = [one for one in self._directory.holders(post.organ, post.kind, on) if one != person]
        return rng.choice(others)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What an act's fields are written from."""

    filing: Filing
    turn: Turn
    round_: int
    on: date
    actor: str


_WRITTEN_ANYWAY: Final = frozenset({"materials", "signed_by"})
"""Fields that may be left out but that an office fills in."""
