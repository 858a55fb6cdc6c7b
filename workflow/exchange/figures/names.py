"""What the codes in a report are called, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from workflow.domain.reckoning import civil_date
from workflow.texts import language, t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog

ZONE = "Asia/Shanghai"
"""Where reports are made; the days of each case are those of its own matter's zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names by the present catalogue; a code that it no longer has is shown as it is. `simulated`: the figures come from a
    demonstration, and every paper says so. `first` are matters whose words for a post go before those of others.
    """

    catalog: Catalog
    lang: str = field(default_factory=language)
    simulated: bool = False
    first: tuple[str, ...] = ()

    def made(self, now: datetime) -> str:
        """The line that says when the paper was made."""
        told = t("report.made", self.lang, on=civil_date(now, ZONE).isoformat())
        return told + t("report.simulated", self.lang) if self.simulated else told

    def matter(self, code: str) -> str:
        known = self.catalog.matters.get(code)
        return known.title(self.lang) if known is not None else code

    def outcome(self, matter: str, outcome: str) -> str:
        known = self.catalog.matters.get(matter)
        return known.text(f"outcomes.{outcome}", self.lang, default=outcome) if known is not None else outcome

    def clock(self, matter: str, clock: str) -> str:
        """What a period is called; one of the house by its kind and number."""
        kind, _, number = clock.partition("#")
        if number:
            return t(f"house.clock.{kind}", self.lang, number=number)
        known = self.catalog.matters.get(matter)
        return known.text(f"clocks.{clock}", self.lang, default=clock) if known is not None else clock

    def organ(self, code: str) -> str:
        return self.catalog.organ_name(code, self.lang) if code else t("report.nobody", self.lang)

    def post(self, organ: str, post: str) -> str:
        """A post with its organ."""
        return t("report.post_of", self.lang, organ=self.organ(organ), post=self.bare_post(post))

    def bare_post(self, post: str) -> str:
        """What the matters call a post."""
        known = [self.catalog.matters[code] for code in self.first if code in self.catalog.matters]
        for matter in (*known, *self.catalog.matters.values()):
            if post in matter.definition.posts:
                return matter.text(f"posts.{post}", self.lang, default=post)
        return post

    def person(self, code: str) -> str:
        known = self.catalog.directory.persons.get(code)
        return known.name if known is not None else code or t("report.nobody", self.lang)

    def ground(self, code: str) -> str:
        known = self.catalog.law.grounds.get(code)
        return known.title[self.lang] if known is not None else code

    def holder(self, holder: str, ground: str | None) -> str:
        """Who had the time, and on which ground."""
        name = t(f"report.holder.{holder}", self.lang)
        return t("report.on_ground", self.lang, holder=name, ground=self.ground(ground)) if ground else name
