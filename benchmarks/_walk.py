"""A licence on its way: what five persons do with it one after the other, each from the post that it waits for.

The way is that of the shipped matter (人才中介服务机构设立审批): filed, accepted, inspected by two, an opinion
given, checked and decided. Between filing and acceptance the machine checks the materials; after the decision it delivers
and archives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import psycopg

from benchmarks._floor import Change, Snapshot
from benchmarks._installation import WINDOW, Installation
from workflow.domain.commands import TakeAction
from workflow.engine.handle import Receipt, handle


class Act(NamedTuple):
    """What one person does."""

    actor: str
    action: str
    fields: Mapping[str, Any]


ACTS = (
    Act(WINDOW, "accept", {}),
    Act(
        "jin-zhe",
        "inspect_on_site",
        {
            "inspectors": ["jin-zhe", "zha-shuyi"],
            "credentials_shown": True,
            "findings": "现场核查情况与申报材料一致，场所、人员、制度符合规定条件。",
        },
    ),
    Act("jin-zhe", "propose", {"opinion": "agree", "text": "经审查，材料真实、完整，符合规定条件。"}),
    Act("murong-xue", "confirm", {"text": "审核无误，同意承办人意见，报请批准。"}),
    Act("gu-weimin", "grant", {}),
)
"""Everything that persons do between the pre-check and the end."""


def act(made: Installation, case_id: str, number: int) -> Receipt:
    """The act with that number on a case; each only once."""
    actor, action, fields = ACTS[number]
    command = TakeAction(
        case_id=case_id, key=f"{case_id}:{number}", actor=actor, action=action, fields=fields
    )
    return handle(made.banjie, command)


def changes_of(
    made: Installation, connection: psycopg.Connection[Any]
) -> tuple[Snapshot, list[list[Change]]]:
    """One licence is walked: how it stood before the first act, and what each act changed in the tables."""
    filed = made.file("template")
    first = before = Snapshot(connection, filed.case_id)
    changes = []
    for number in range(len(ACTS)):
        act(made, filed.case_id, number)
        after = Snapshot(connection, filed.case_id)
        changes.append(after.since(before))
        before = after
    return first, changes
