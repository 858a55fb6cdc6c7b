"""Whether a definition is good administration: a decision is checked by somebody else, remedies are those there are, and
nothing is asked for in vague words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, Final

from workflow.catalog.faults import Fault
from workflow.catalog.references import Judged
from workflow.catalog.topology import edges, reachable_by
from workflow.domain.definition import Action, Definition, Regime

DECIDERS: Final = frozenset({"approver", "head"})
CHECKER: Final = "checker"
"""Kinds of post (definitions/organs) that decide, and the kind that checks before them (审核人)."""

_FOUR_EYES: Final = ("handler", "checker", "approver")

_REMEDY: Final = {
    "zh-CN": (re.compile(r"复议|诉讼|起诉"), re.compile(r"不|无|没有|非"), re.compile(r"[。；;]")),
    "en": (
        re.compile(
            r"(?i)\b(administrative )?reconsideration\b|\blitigation\b|\blawsuits?\b|\bsue\b|\bcourts?\b"
        ),
        re.compile(r"(?i)\b(not|no|neither|nor|never|without|outside)\b"),
        re.compile(r"[.;]"),
    ),
}
"""What promises a remedy, what denies it, and what ends a sentence."""

_VAGUE: Final = re.compile(
    r"(?<![高中初同平均优上特劣])等(?![级次额同于待价效第])|其他|其它|相关|有关|必要的|所需的"
)
"""Words that leave open what is to be handed in (限时办结制 forbids them in lists of materials)."""


def check_practice(judged: Judged) -> Iterator[Fault]:
    """The faults of decisions, remedies and lists of materials."""
    yield from _unchecked(judged)
    yield from _same_person(judged)
    yield from _remedies(judged)
    for name, material in judged.resolved.tree["materials"].items():
        words = f"{material['title']['zh-CN']} {material.get('note', {}).get('zh-CN', '')}"
        if (vague := _VAGUE.search(words)) is not None:
            yield judged.fault("materials.vague", "materials", name, name=name, word=vague.group())


def _unchecked(judged: Judged) -> Iterator[Fault]:
    """An approver decides only after a checker has acted; what is done on the spot (即办件) needs no check."""
    definition = judged.definition
    if definition.kind == "instant":
        return
    unchecked = reachable_by(
        definition.initial,
        [
            (source, target)
            for source, action, target in edges(definition)
            # What somebody else may do as well is no check.
            if _kinds(definition, definition.actions[action]) != {CHECKER}
        ],
    )
    decided = {state: (name, action) for name, action in _decisions(definition) for state in action.sources}
    for state in judged.resolved.tree["states"]:
        if state in unchecked and state in decided:
            name, action = decided[state]
            post = next(post for post in action.by if _kind(definition, post) in DECIDERS)
            yield judged.fault("machine.no_check", "states", state, name=name, post=post, state=state)
            return  # what lies behind it is unchecked for the same reason


def _same_person(judged: Judged) -> Iterator[Fault]:
    """Handler, checker and approver of one case are different persons."""
    definition = judged.definition
    if not any(True for _ in _decisions(definition)):
        return
    posts = [name for name, post in definition.posts.items() if post.kind in _FOUR_EYES]
    acting = {post for action in definition.actions.values() for post in action.by}
    for one, other in combinations(sorted(set(posts) & acting), 2):
        alike = _kind(definition, one) == _kind(definition, other)
        if not alike and not any({one, other} <= set(group) for group in definition.distinct):
            yield judged.fault("machine.not_distinct", "distinct", checker=one, approver=other)
            return


def _remedies(judged: Judged) -> Iterator[Fault]:
    definition, tree = judged.definition, judged.resolved.tree
    told = tree["guide"]["remedies"]
    if definition.regime is Regime.LICENSING and definition.calendar.startswith("cn"):
        if not ("复议" in told["zh-CN"] and "诉讼" in told["zh-CN"]):
            yield judged.fault("remedies.not_told", "guide", "remedies")
        return
    if definition.regime not in (Regime.NON_LICENSING_APPROVAL, Regime.SERVICE):
        return
    if _promises(told):
        yield judged.fault("remedies.not_given", "guide", "remedies")
    for name, field in tree.get("fields", {}).items():
        if _promises(field["title"]):
            yield judged.fault("remedies.not_given", "fields", name, "title")
    for action, written in tree["actions"].items():
        for name, field in written["fields"].items():
            if name not in tree.get("fields", {}) and _promises(field["title"]):
                yield judged.fault("remedies.not_given", "actions", action, "fields", name, "title")


def _promises(text: Mapping[str, Any]) -> bool:
    """Whether a text promises reconsideration or litigation: a sentence that names one and does not deny it."""
    for lang, (remedy, denial, end) in _REMEDY.items():
        if any(remedy.search(part) and not denial.search(part) for part in end.split(text.get(lang, ""))):
            return True
    return False


def _decisions(definition: Definition) -> Iterator[tuple[str, Action]]:
    for name, action in definition.actions.items():
        decides = any(effect.do == "decide" for effect in action.effects)
        if decides and _kinds(definition, action) & DECIDERS:
            yield name, action


def _kinds(definition: Definition, action: Action) -> set[str | None]:
    return {_kind(definition, post) for post in action.by}


def _kind(definition: Definition, post: str) -> str | None:
    return definition.posts[post].kind if post in definition.posts else None
