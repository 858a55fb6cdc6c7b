"""Filing letters (申报函) to look at: each with its cases, and what its reply lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow.errors import BadInput, NotFound, UnknownLetter
from workflow.queries.cases import matter_of

if TYPE_CHECKING:
    from workflow.catalog.pinned import Pinned
    from workflow.storage.letter_register import KeptLetter, KeptMember
    from workflow.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter with the cases that stand under it, those that have left it, and the matter of its first case."""

    kept: KeptLetter
    members: tuple[KeptMember, ...]
    left: tuple[KeptMember, ...]
    matter: Pinned


def letter(store: Store, number: str, organ: str | None = None) -> Letter:
    """The letter of that number, of that organ if one is named. Raises UnknownLetter; BadInput where several organs wrote
    one of that number and none is named.
    """
    found = [one for one in store.letters.all(number) if organ is None or one.organ == organ]
    if not found:
        raise UnknownLetter(what="letter", name=number)
    if len(found) > 1:
        organs = ", ".join(sorted(one.organ for one in found))
        raise BadInput(reason=f"several organs wrote a letter {number}; name one of {organs}")
    kept = found[0]
    members = store.letters.members(kept.organ, kept.number)
    staying = tuple(one for one in members if one.left_at is None)
    left = tuple(one for one in members if one.left_at is not None)
    first = next(iter((*staying, *left)), None)
    if first is None:
        raise NotFound(what="case", name=number)
    return Letter(kept=kept, members=staying, left=left, matter=matter_of(store, first.definition))
