"""The procedure (办理程序) of a matter as people read it: its states in order, who holds each, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from workflow.catalog.limits import step_limits
from workflow.domain.definition import Definition

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog, Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """A way out of a step: the action and where it leads."""

    action: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A state of the procedure: who holds it (`holder`: organ, applicant or system), for how long, and what follows."""

    state: str
    title: str
    note: str
    stage: str
    holder: str
    post: str | None
    organ: str | None
    limit: str | None
    onward: tuple[Onward, ...]
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLine:
    """A post (岗位) of the procedure; no organ: it belongs to the filing party."""

    post: str
    title: str
    organ: str | None


def steps(catalog: Catalog, matter: Matter, lang: str, on: date) -> tuple[Step, ...]:
    """The states of a matter in the order of its file."""
    return tuple(_steps(catalog, matter, lang, on))


def anytime(matter: Matter, lang: str) -> tuple[Onward, ...]:
    """The ways out that most steps share, such as withdrawing: told once, not at each step."""
    common = common_actions(matter.definition)
    return tuple(_onward(matter, name, lang) for name in matter.order("actions") if name in common)


def posts(catalog: Catalog, matter: Matter, lang: str) -> tuple[PostLine, ...]:
    """The posts of a matter in the order of its file."""
    return tuple(
        PostLine(
            post=name,
            title=matter.text(f"posts.{name}", lang, default=name),
            organ=organ_at(catalog, matter.definition, name, lang),
        )
        for name in matter.order("posts")
    )


def _steps(catalog: Catalog, matter: Matter, lang: str, on: date) -> Iterator[Step]:
    definition = matter.definition
    common = common_actions(definition)
    limits = step_limits(catalog.law, matter, lang, on)
    for name in matter.order("states"):
        state = definition.states[name]
        ways = (
            action
            for action in matter.order("actions")
            if name in definition.actions[action].sources
            and action not in common
            and definition.actions[action].to
        )
        yield Step(
            state=name,
            title=matter.text(f"states.{name}", lang),
            note=matter.text(f"states.{name}.note", lang, default=""),
            stage=state.stage,
            holder=state.holder.value,
            post=matter.text(f"posts.{state.post}", lang, default=state.post) if state.post else None,
            organ=organ_at(catalog, definition, state.post, lang),
            limit=limits.get(name),
            onward=tuple(_onward(matter, action, lang) for action in ways),
            final=state.final,
        )


def common_actions(definition: Definition) -> frozenset[str]:
    """The actions that are open in more than half of the states, such as withdrawing."""
    lasting = sum(not state.final for state in definition.states.values())
    return frozenset(name for name, action in definition.actions.items() if len(action.sources) * 2 > lasting)


def _onward(matter: Matter, action: str, lang: str) -> Onward:
    target = matter.definition.actions[action].to
    to = matter.text(f"states.{target}", lang) if target else ""
    return Onward(action=matter.text(f"actions.{action}", lang), to=to)


def organ_at(catalog: Catalog, definition: Definition, post: str | None, lang: str) -> str | None:
    """The name of the organ where a post is; None for one that belongs to the filing party."""
    if post not in definition.posts:
        return None
    bound = definition.posts[post].organ
    return None if bound.startswith("@") else catalog.organ_name(bound, lang)
