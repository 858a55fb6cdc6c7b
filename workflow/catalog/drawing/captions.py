"""What is written at each step of a drawing: title, post (岗位), limits (时限), and what each action there produces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from workflow.catalog.drawing.flow import Flow
from workflow.catalog.limits import Limit, all_limits
from workflow.catalog.procedure import organ_at
from workflow.catalog.resolve import STEP
from workflow.catalog.topology import running_states
from workflow.domain.definition import Action, ClockSpec, Holder
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog, Matter

SYSTEM, PUBLIC = "system", "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """The words at one step; no post where the system acts."""

    title: str
    stage: str
    post: str | None
    organ: str | None
    limits: tuple[str, ...]


def captions(catalog: Catalog, matter: Matter, of: Flow, lang: str, on: date) -> dict[str, Caption]:
    """The words at every step, with the law in force `on` a day."""
    limits = _limits(catalog, matter, of, lang, on)
    return {
        name: Caption(
            title=matter.text(f"states.{name}", lang),
            stage=state.stage,
            post=matter.text(f"posts.{state.post}", lang, default=state.post) if state.post else None,
            organ=organ_at(catalog, matter.definition, state.post, lang),
            limits=tuple(limits.get(name, ())),
        )
        for name, state in matter.definition.states.items()
    }


def told(matter: Matter, state: str, name: str, lang: str) -> str:
    """An action as it is told at a step: its title, who takes it if not the post of the step, and the papers it issues."""
    action = matter.definition.actions[name]
    title = matter.text(f"actions.{name}", lang)
    papers = (effect.document for effect in action.effects if effect.do == "issue" and effect.document)
    issued = "".join(
        t("drawing.paper", lang, paper=matter.text(f"documents.{paper}", lang)) for paper in papers
    )
    return f"{title}{_taker(matter, state, name, action, lang)}{issued}"


def filers(matter: Matter, lang: str) -> str:
    """Who files, as the beginning of the chart says it."""
    posts = matter.definition.filed_by
    if PUBLIC in posts:
        return t("drawing.start_public", lang)
    return t("drawing.start", lang, posts=_posts(matter, posts, lang))


def expiring(matter: Matter, action: str) -> Iterator[tuple[str, ClockSpec]]:
    """The periods whose end brings an action about, with their names."""
    clocks = matter.definition.clocks
    return ((name, clocks[name]) for name in matter.order("clocks") if clocks[name].expiry_action == action)


def _taker(matter: Matter, state: str, name: str, action: Action, lang: str) -> str:
    expected = matter.definition.states[state].post
    if any(expiring(matter, name)):
        return t("drawing.by", lang, posts=t("drawing.expiry", lang))
    others = tuple(post for post in action.by if post != SYSTEM)
    if not others or expected in others:
        return ""
    return t("drawing.by", lang, posts=_posts(matter, others, lang))


def _posts(matter: Matter, posts: tuple[str, ...], lang: str) -> str:
    named = (
        t("drawing.anybody", lang) if post == PUBLIC else matter.text(f"posts.{post}", lang, default=post)
        for post in posts
    )
    return t("drawing.and", lang).join(named)


def _limits(catalog: Catalog, matter: Matter, of: Flow, lang: str, on: date) -> Mapping[str, list[str]]:
    """Each period where it is felt first: at the step it is the limit of, else at the first step where somebody works."""
    found: dict[str, list[str]] = {}
    for limit in all_limits(catalog.law, matter, lang, on):
        running = running_states(matter.definition, matter.definition.clocks[limit.clock])
        passed = [
            state for state in of.states if state in running and not matter.definition.states[state].final
        ]
        manned = (state for state in passed if _manned(matter, state, limit))
        state = next(manned, next(iter(passed), None))
        if state is not None:
            found.setdefault(state, []).append(_said(limit, lang))
    return found


def _manned(matter: Matter, state: str, limit: Limit) -> bool:
    holder = matter.definition.states[state].holder
    return holder is Holder.APPLICANT if limit.scope == "applicant" else holder is Holder.ORGAN


def _said(limit: Limit, lang: str) -> str:
    length = t("drawing.limit.minimum", lang, length=limit.length) if limit.minimum else limit.length
    title = t("drawing.limit.step", lang) if limit.clock.startswith(STEP) else limit.title
    # A title that says itself whether law or promise stands behind the period is not told twice.
    said = t(f"drawing.limit.word.{limit.nature}", lang) in title.lower()
    kind = "promise_below" if limit.statutory else "named" if said else limit.nature
    return t(f"drawing.limit.{kind}", lang, title=title, length=length, statutory=limit.statutory)
