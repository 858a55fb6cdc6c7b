"""Distribution by load (派件): what waits for a post goes to those who have least, the nearest due first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A work item and the person it is to go to, or None with nobody who may have it."""

    case_id: str
    person: str | None


def spread(
    items: Sequence[str],
    persons: Iterable[str],
    loads: Mapping[str, int],
    may_have: Callable[[str, str], bool],
) -> tuple[Share, ...]:
    """Give each of `items` (case ids, the most urgent first) to the person with the fewest work items who may have it.

    `loads` are the items each has already; of equals the first of `persons` gets it, so the same question has the same
    answer. Nobody ends with two more than another who might have had what he got.
    """
    having = {person: loads.get(person, 0) for person in persons}
    shares = []
    for item in items:
        fit = [person for person in having if may_have(item, person)]
        chosen = min(fit, key=lambda person: having[person], default=None)
        if chosen is not None:
            having[chosen] += 1
        shares.append(Share(case_id=item, person=chosen))
    return tuple(shares)
