"""How the rules of findings look: one a line, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workflow.cli.rendering import table
from workflow.texts import language, t

if TYPE_CHECKING:
    from workflow.queries.finding_rules import FindingRule

LABELS = ("id", "colour", "offset", "title", "provision", "matters")


def rules_page(rules: Sequence[FindingRule]) -> list[str]:
    """The lines of `findings rules`."""
    rows = [
        (
            rule.id,
            t(f"findings.colour.{rule.colour}"),
            "" if rule.offset is None else f"{rule.offset:+d}" if rule.offset else "0",
            rule.titles[language()],
            rule.provision[language()],
            str(len(rule.matters)) if rule.matters else t("findings.rule.every"),
        )
        for rule in rules
    ]
    return table([t(f"findings.rule.label.{name}") for name in LABELS], rows)
