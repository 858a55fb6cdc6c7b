"""Mermaid text: every state and every way, once, and nothing that Mermaid would read as its own signs."""

from __future__ import annotations

import re

import pytest

from tests.unit.catalog.drawing.machines import made
from workflow.catalog.drawing.mermaid import mermaid
from workflow.texts import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_and_every_way_once(matter, lang):
    lines = mermaid(matter, lang).splitlines()
    ways = [line.strip() for line in lines if "-->" in line and "[*]" not in line]
    actions = matter.definition.actions.items()
    wanted = [(s, a.to, name) for name, a in actions for s in a.sources if a.to not in (None, s)]

    assert lines[:4] == ["---", f'title: "{matter.title(lang)}"', "---", "stateDiagram-v2"]
    assert f"    [*] --> {matter.definition.initial}" in lines
    assert sorted(re.sub(r" : .*", "", way) for way in ways) == sorted(f"{s} --> {t}" for s, t, _ in wanted)
    assert all(
        sum(line.startswith(f"    {state} : ") for line in lines) == 1 for state in matter.definition.states
    )


def test_the_current_step_can_be_marked(matter):
    state = matter.definition.initial

    assert mermaid(matter, "en", state=state).endswith(f"    class {state} current\n")
    assert "current" not in mermaid(matter, "en").split("stateDiagram-v2")[1].split()


def test_signs_of_mermaid_are_written_as_entities():
    matter = made(["a", "b"], [("a", "b", False)])
    matter.texts["en"]["actions.act_0"] = 'Sign; "agree": #1 <b>'

    assert "a --> b : Sign#59; #34;agree#34;#58; #35;1 #lt;b#gt;" in mermaid(matter, "en")
