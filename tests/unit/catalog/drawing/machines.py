"""Machines made at random, far stranger than any that is shipped, to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from hypothesis import strategies as st

from workflow.catalog.loader import Catalog, Matter, load
from workflow.domain.definition import Action, Definition, Effect, OnReturn, Regime, State

ON = date(2026, 9, 7)
CATALOG: Catalog = load()
STAGES = ("submit", "accept", "review", "approve", "publicize", "deliver", "archive")


def made(states: Sequence[str], arcs: Sequence[tuple[str, str, bool]], long: int = 1) -> Matter:
    """A matter of the given states (the last one an end) and arcs (source, target, declared as a way back)."""
    actions = {
        f"act_{number}": Action(
            sources=(source,),
            by=("clerk",),
            to=target,
            effects=(Effect(do="issue", document="paper"),),
            on_return=OnReturn.CONTINUE if back else None,
        )
        for number, (source, target, back) in enumerate(arcs)
    }
    definition = Definition(
        code="made",
        hash="0" * 64,
        process="made",
        regime=Regime.SERVICE,
        provenance="reconstructed",
        kind="promised",
        zone="Asia/Shanghai",
        calendar="cn",
        series="M",
        initial=states[0],
        filed_by=("clerk",),
        posts={},
        states={
            name: State(stage=STAGES[number * len(STAGES) // len(states)], final=number == len(states) - 1)
            for number, name in enumerate(states)
        },
        actions=actions,
        clocks={},
        form={},
    )
    words = {
        **{f"states.{name}": f"环节{name}" * long for name in states},
        **{f"actions.{name}": f"办理 {name} acting " * long for name in actions},
        "documents.paper": "文书",
        "posts.clerk": "经办人",
        "title": "样例",
    }
    tree = {
        "states": dict.fromkeys(states),
        "actions": dict.fromkeys(actions),
        "clocks": {},
        "outcomes": {},
        "audience": "public",
    }
    return Matter(
        definition=definition,
        canonical=b"",
        texts={"zh-CN": words, "en": words},
        tree=tree,
        path=Path("made.yaml"),
    )


@st.composite
def machines(draw: st.DrawFn) -> Matter:
    """Up to 25 states, any arcs between them, long and short words."""
    count = draw(st.integers(2, 25))
    states = [f"s{number}" for number in range(count)]
    ends = st.sampled_from(states)
    arcs = draw(st.lists(st.tuples(st.sampled_from(states[:-1]), ends, st.booleans()), max_size=60))
    spine = [(a, b, False) for a, b in pairwise(states)] if draw(st.booleans()) else []
    return made(states, [*spine, *arcs], long=draw(st.integers(1, 4)))
