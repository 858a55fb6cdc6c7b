"""What differs between two versions of a matter, in words: what was added, taken away or changed, and what that means for
whoever applies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from workflow.domain.conditions import told
from workflow.domain.definition import Action, ClockSpec, Definition, Material, QuotaSpec
from workflow.domain.explanation_words import say_period
from workflow.domain.law import LawParameters
from workflow.domain.period import Period, parse_period
from workflow.texts import LANGUAGES, t

HEAD: Final = (
    "regime",
    "kind",
    "process",
    "series",
    "initial",
    "filed_by",
    "calendar",
    "zone",
    "closing_time",
)
WORDING: Final = ("title", "note", "guide", "basis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a matter: its definition, and what people read about it by language and place."""

    definition: Definition
    texts: Mapping[str, Mapping[str, str]]

    def named(self, place: str, lang: str) -> str:
        """What people call the thing at a place; its key if nobody said."""
        return self.texts.get(lang, {}).get(place, place.rpartition(".")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference. `part` is a section of the file, `name` the thing there, `what` the key of its words; `means` the key
    of what it means for applicants, if it means anything to them.
    """

    part: str
    name: str
    what: str
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    means: str | None = None

    def says(self, lang: str) -> str:
        """The difference in words."""
        return t(f"changes.{self.part}.{self.what}", lang, **self.fields[lang])

    def for_applicants(self, lang: str) -> str | None:
        """What it means for whoever applies, or None."""
        return None if self.means is None else t(f"changes.means.{self.means}", lang, **self.fields[lang])

    def plain(self) -> dict[str, Any]:
        """The difference for machines: plain values, both languages."""
        return {
            "part": self.part,
            "name": self.name,
            "what": self.what,
            "says": {lang: self.says(lang) for lang in LANGUAGES},
            "means": {lang: self.for_applicants(lang) for lang in LANGUAGES} if self.means else None,
        }


def differences(old: Version, new: Version, law: LawParameters) -> list[Difference]:
    """Every difference between two versions of a matter, part by part in the order of a file."""
    pair = _Pair(old, new, law)
    return [
        *pair.head(),
        *pair.things("posts", pair.post),
        *pair.things("states", pair.state),
        *pair.things("actions", pair.action),
        *pair.things("clocks", pair.clock, means=True),
        *pair.form(),
        *pair.things("materials", pair.material, means=True),
        *pair.things("documents", pair.document),
        *pair.things("notices", pair.notice, means=True),
        *pair.outcomes(),
        *pair.quota(),
        *pair.wording(),
    ]


@dataclass(frozen=True, slots=True)
class _Pair:
    old: Version
    new: Version
    law: LawParameters

    def differs(self, part: str, name: str, what: str, means: str | None = None, **fields: Any) -> Difference:
        """A difference whose fields are values, or functions of the language that make them."""
        place = f"{part}.{name}"
        version = self.new if place in self.new.texts.get("en", {}) else self.old
        each: dict[str, dict[str, Any]] = {
            lang: {
                "name": version.named(place, lang),
                **{key: value(lang) if callable(value) else value for key, value in fields.items()},
            }
            for lang in LANGUAGES
        }
        return Difference(part=part, name=name, what=what, fields=each, means=means)

    def head(self) -> Iterator[Difference]:
        for name in HEAD:
            one, other = getattr(self.old.definition, name), getattr(self.new.definition, name)
            if one != other:
                yield self.differs("head", name, "changed", key=name, old=_shown(one), new=_shown(other))

    def things(
        self, part: str, compare: Callable[[str], Iterator[Difference]], *, means: bool = False
    ) -> Iterator[Difference]:
        one, other = getattr(self.old.definition, part), getattr(self.new.definition, part)
        for name in one:
            if name not in other:
                yield self.differs(part, name, "removed", f"{part}_removed" if means else None)
            elif one[name] != other[name]:
                yield from compare(name)
        for name in other:
            if name not in one:
                yield self.differs(part, name, "added", f"{part}_added" if means else None)

    def post(self, name: str) -> Iterator[Difference]:
        one, other = self.old.definition.posts[name], self.new.definition.posts[name]
        yield self.differs(
            "posts",
            name,
            "moved",
            old=f"{one.kind} @ {one.organ.lstrip('@')}",
            new=f"{other.kind} @ {other.organ.lstrip('@')}",
        )

    def state(self, name: str) -> Iterator[Difference]:
        one, other = self.old.definition.states[name], self.new.definition.states[name]
        if one.post != other.post:
            yield self.differs(
                "states",
                name,
                "post",
                old=self._post(self.old, one.post),
                new=self._post(self.new, other.post),
            )
        if one.automatic_actions != other.automatic_actions:
            yield self.differs(
                "states",
                name,
                "automatic",
                old=self._names("actions", one.automatic_actions),
                new=self._names("actions", other.automatic_actions),
            )
        rest = [key for key in ("stage", "holder", "final") if getattr(one, key) != getattr(other, key)]
        for key in rest:
            yield self.differs(
                "states", name, "changed", key=key, old=str(getattr(one, key)), new=str(getattr(other, key))
            )

    def action(self, name: str) -> Iterator[Difference]:
        one, other = self.old.definition.actions[name], self.new.definition.actions[name]
        if one.to != other.to:
            yield self.differs(
                "actions",
                name,
                "to",
                old=self._names("states", [one.to or "-"]),
                new=self._names("states", [other.to or "-"]),
            )
        for key, part in (("sources", "states"), ("by", "posts"), ("guards", "guards")):
            before, after = getattr(one, key), getattr(other, key)
            if set(before) != set(after):
                yield self.differs(
                    "actions", name, key, old=self._names(part, before), new=self._names(part, after)
                )
        if one.when != other.when:
            yield self.differs("actions", name, "when", old=_condition(one), new=_condition(other))
        if one.fields != other.fields:
            yield self.differs(
                "actions",
                name,
                "fields",
                old=self._asked(name, one, self.old),
                new=self._asked(name, other, self.new),
            )
        if one.effects != other.effects:
            yield self.differs("actions", name, "effects", old=_effects(one), new=_effects(other))
        if one.on_return != other.on_return:
            yield self.differs(
                "actions", name, "on_return", old=_shown(one.on_return), new=_shown(other.on_return)
            )

    def clock(self, name: str) -> Iterator[Difference]:
        one, other = self.old.definition.clocks[name], self.new.definition.clocks[name]
        before, after = self._period(one), self._period(other)
        if before != after:
            means = None
            if one.scope == other.scope == "case" and type(before) is type(after):
                means = "sooner" if after.amount < before.amount else "later"
            yield self.differs(
                "clocks",
                name,
                "period",
                means,
                old=lambda lang: say_period(before, lang),
                new=lambda lang: say_period(after, lang),
            )
        if one.rule != other.rule:
            yield self.differs("clocks", name, "rule", old=one.rule, new=other.rule)
        if one.pauses != other.pauses:
            yield self.differs("clocks", name, "pauses", old=self._grounds(one), new=self._grounds(other))
        if (one.expiry, one.expiry_action) != (other.expiry, other.expiry_action):
            yield self.differs(
                "clocks", name, "expiry", "silence", old=one.expiry.value, new=other.expiry.value
            )
        if (one.start, one.end, one.on_restart) != (other.start, other.end, other.on_restart):
            yield self.differs("clocks", name, "moments")
        if (one.rungs, one.answerable, one.scope) != (other.rungs, other.answerable, other.scope):
            yield self.differs("clocks", name, "ladder")

    def form(self) -> Iterator[Difference]:
        one, other = self.old.definition.form, self.new.definition.form
        before, after = one.get("properties", {}), other.get("properties", {})
        for name in before.keys() - after.keys():
            yield self.differs("form", name, "removed", "form_removed")
        for name in after.keys() - before.keys():
            required = name in other.get("required", ())
            yield self.differs("form", name, "added", "form_required" if required else "form_optional")
        for name in sorted(before.keys() & after.keys()):
            was, now = name in one.get("required", ()), name in other.get("required", ())
            if was != now:
                what = "required" if now else "optional"
                yield self.differs("form", name, what, f"form_{what}")
            if before[name] != after[name]:
                yield self.differs("form", name, "changed")
            if (name in self.old.definition.personal) != (name in self.new.definition.personal):
                yield self.differs(
                    "form", name, "personal" if name in self.new.definition.personal else "open"
                )

    def material(self, name: str) -> Iterator[Difference]:
        one, other = self.old.definition.materials[name], self.new.definition.materials[name]
        if one.required != other.required:
            what = "required" if other.required else "optional"
            yield self.differs("materials", name, what, f"materials_{what}")
        if one.copies != other.copies:
            yield self.differs("materials", name, "copies", "copies", old=one.copies, new=other.copies)
        if one.source != other.source:
            yield self.differs("materials", name, "source", old=one.source, new=other.source)
        if (one.accept, one.max_mb) != (other.accept, other.max_mb):
            yield self.differs("materials", name, "files", old=_files(one), new=_files(other))

    def quota(self) -> Iterator[Difference]:
        one, other = self.old.definition.quota, self.new.definition.quota
        if one is not None and one != other:
            old, new = _quota(one), _quota(other) if other is not None else ""
            what = "changed" if other is not None else "removed"
            yield self.differs("quota", one.kind, what, f"quota_{what}", old=old, new=new)
        elif other is not None and one is None:
            yield self.differs("quota", other.kind, "added", "quota_added", new=_quota(other))

    def document(self, name: str) -> Iterator[Difference]:
        one, other = self.old.definition.documents[name], self.new.definition.documents[name]
        yield self.differs("documents", name, "series", old=_shown(one.series), new=_shown(other.series))

    def notice(self, name: str) -> Iterator[Difference]:
        one, other = self.old.definition.notices[name], self.new.definition.notices[name]
        if one.before_effect != other.before_effect:
            yield self.differs("notices", name, "before" if other.before_effect else "after")
        for shown in sorted(set(other.fields) - set(one.fields)):
            yield self.differs("notices", name, "shows", "shown", field=self._field(shown))
        for hidden in sorted(set(one.fields) - set(other.fields)):
            yield self.differs("notices", name, "hides", "hidden", field=self._field(hidden))

    def outcomes(self) -> Iterator[Difference]:
        one, other = self.old.definition.outcomes, self.new.definition.outcomes
        for name in sorted(set(one) ^ set(other)):
            yield self.differs("outcomes", name, "added" if name in other else "removed")

    def wording(self) -> Iterator[Difference]:
        """Texts of the guide and the legal basis that read otherwise; they change no case."""
        keys = [set(version.texts.get("zh-CN", {})) for version in (self.old, self.new)]
        for key in sorted(keys[0] | keys[1]):
            if key.split(".")[0] not in WORDING:
                continue
            was, now = (
                [version.texts.get(lang, {}).get(key) for lang in LANGUAGES]
                for version in (self.old, self.new)
            )
            if was != now:
                yield self.differs("wording", key, "changed", key=key)

    # --- words ----------------------------------------------------------------------------------------------------

    def _period(self, clock: ClockSpec) -> Period:
        return parse_period(clock.promise) if clock.promise else self.law.rules[clock.rule][-1].period

    def _post(self, version: Version, post: str | None) -> Callable[[str], str]:
        return lambda lang: version.named(f"posts.{post}", lang) if post else "-"

    def _names(self, part: str, names: Sequence[str]) -> Callable[[str], str]:
        def said(lang: str) -> str:
            places = (f"{part}.{name}" for name in names)
            found = (
                self.new.named(p, lang) if p in self.new.texts.get(lang, {}) else self.old.named(p, lang)
                for p in places
            )
            return ", ".join(found) or "-"

        return said

    def _asked(self, name: str, action: Action, version: Version) -> Callable[[str], str]:
        return lambda lang: (
            ", ".join(version.named(f"actions.{name}.fields.{key}", lang) for key in action.fields) or "-"
        )

    def _grounds(self, clock: ClockSpec) -> Callable[[str], str]:
        def said(lang: str) -> str:
            titles = (self.law.grounds[pause.ground].title[lang] for pause in clock.pauses)
            return ", ".join(dict.fromkeys(titles)) or "-"

        return said

    def _field(self, name: str) -> Callable[[str], str]:
        place = f"form.{name}"
        version = self.new if place in self.new.texts.get("en", {}) else self.old
        return lambda lang: version.named(place, lang)


def _effects(action: Action) -> str:
    operands = [
        (
            effect.do,
            [named for named in (effect.document, effect.notice, effect.outcome, effect.clock) if named],
        )
        for effect in action.effects
    ]
    return ", ".join(" ".join([do, *named]) for do, named in operands) or "-"


def _quota(quota: QuotaSpec) -> str:
    counted = f"{quota.places}" if quota.count is None else f"{quota.places} + {quota.count}"
    exempt = f", exempt: {told(quota.exempt)}" if quota.exempt is not None else ""
    return f"{quota.kind} {quota.per}, {quota.year}, {counted}{exempt}"


def _condition(action: Action) -> str:
    return told(action.when) if action.when is not None else "-"


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    return ", ".join(value) if isinstance(value, (list, tuple)) else str(value)


def _files(material: Material) -> str:
    """What files a material may be."""
    return f"{', '.join(material.accept) or '*'} ≤ {material.max_mb} MB"
