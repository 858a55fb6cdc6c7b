"""What people read about a case: the texts stored with its definition, and the names of organs and persons of today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.catalog.pinned import Pinned


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words for cases under one definition. What has no text is shown by its name in the definition."""

    matter: Pinned
    catalog: Catalog

    def of(self, *place: str, lang: str | None = None) -> str:
        """The text at a place (`"states", "under_review"`); its last part where there is none."""
        return self.matter.text(".".join(place), lang, default=place[-1])

    def organ(self, code: str | None, lang: str | None = None) -> str:
        """An organ's name, its code if the directory no longer has it."""
        return self.catalog.organ_name(code, lang) if code else ""

    def person(self, code: str | None) -> str:
        """A person's name, the code if the directory no longer has it."""
        known = self.catalog.directory.persons.get(code or "")
        return known.name if known is not None else code or ""
