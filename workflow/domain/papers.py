"""Which of the papers of a case go to the applicant: all but reports within the organ (否定报备单)."""

from __future__ import annotations

from collections.abc import Iterable

from workflow.domain.definition import Definition


def within_the_organ(definition: Definition) -> frozenset[str]:
    """The papers by which a refusal is reported upward: the applicant gets the decision, not what was reported of it."""
    return frozenset(
        effect.document
        for action in definition.actions.values()
        if any(one.do == "report_refusal" for one in action.effects)
        for effect in action.effects
        if effect.do == "issue" and effect.document is not None
    )


def for_the_applicant(definition: Definition, documents: Iterable[str]) -> tuple[str, ...]:
    """Those of these papers that are delivered to the applicant, each once."""
    inside = within_the_organ(definition)
    return tuple(dict.fromkeys(name for name in documents if name not in inside))
