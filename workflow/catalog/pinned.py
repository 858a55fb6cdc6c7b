"""The definition a case is pinned to, as the database keeps it: what the machine runs, and what people read about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from workflow.catalog.canonical import definition_of
from workflow.domain.definition import Definition
from workflow.domain.own_clocks import NUMBERED, is_own
from workflow.texts import language, t

_CLOCK = "clocks."
_COMMON = {"documents.materials_receipt": "materials.receipt.title"}
"""What every matter has without declaring it."""

_texts = msgspec.json.Decoder(dict[str, dict[str, str]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A stored definition with the texts that were stored beside it; later changes of the catalogue do not reach it."""

    definition: Definition
    texts: Mapping[str, Mapping[str, str]]

    def title(self, lang: str | None = None) -> str:
        """The matter's name."""
        return self.text("title", lang)

    def text(self, key: str, lang: str | None = None, *, default: str | None = None) -> str:
        """What people read at `key`, as `Matter.text` says it. Raises LookupError if there is none and no default."""
        spoken = lang or language()
        if key.startswith(_CLOCK) and is_own(key):
            kind, _, number = key.removeprefix(_CLOCK).partition(NUMBERED)
            return t(f"house.clock.{kind}", spoken, number=number)
        if key in _COMMON:
            return t(_COMMON[key], spoken)
        words = self.texts.get(spoken, {}).get(key, default)
        if words is None:
            raise LookupError(f"the stored matter {self.definition.code} has no text {key!r} in {spoken}")
        return words


@lru_cache(maxsize=256)
def pinned(content: bytes, texts: bytes) -> Pinned:
    """Read a stored definition back. Raises msgspec.DecodeError or ValidationError on bytes that were never one."""
    return Pinned(definition=definition_of(content), texts=_texts.decode(texts))
