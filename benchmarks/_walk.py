"""A case on its way: what persons do with it one after the other, each from the post that it waits for.

Two ways. `SIX_STEPS` is a plain approval, defined for measuring (benchmarks/definitions): received, examined, proposed,
checked, decided and handed over, under the two periods of the Licensing Law. `LICENCE` is the shipped matter
(人才中介服务机构设立审批) with its twelve periods: between filing and acceptance the machine checks the materials; it is
inspected by two, and five limits of steps begin and end with what is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import psycopg

from benchmarks._floor import Change, Snapshot
from benchmarks._installation import FORM, MATTER, WINDOW, Installation
from workflow.domain.commands import TakeAction
from workflow.engine.handle import Receipt, handle


class Act(NamedTuple):
    """What one person does."""

    actor: str
    action: str
    fields: Mapping[str, Any]


class Way(NamedTuple):
    """A matter, what is told of it when it is filed, and everything that persons do with it until it is over."""

    matter: str
    form: Mapping[str, Any]
    acts: tuple[Act, ...]


_LICENCE = (
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
LICENCE = Way(MATTER, FORM, _LICENCE)

SIX_STEPS = Way(
    "six-step-licence",
    {"agency_name": "瀚海人才服务中心"},
    (
        Act(WINDOW, "accept", {}),
        Act("jin-zhe", "examine", {"findings": "现场核查情况与申报材料一致，场所、人员、制度符合规定条件。"}),
        Act("jin-zhe", "propose", {"opinion": "经审查，材料真实、完整，符合规定条件，建议准予许可。"}),
        Act("murong-xue", "confirm", {"text": "审核无误，同意承办人意见，报请批准。"}),
        Act("gu-weimin", "grant", {}),
        Act(WINDOW, "deliver_papers", {}),
    ),
)

WAYS = {"six-steps": SIX_STEPS, "licence": LICENCE}


def act(made: Installation, way: Way, case_id: str, number: int) -> Receipt:
    """The act with that number on a case; each only once."""
    actor, action, fields = way.acts[number]
    command = TakeAction(
        case_id=case_id, key=f"{case_id}:{number}", actor=actor, action=action, fields=fields
    )
    return handle(made.banjie, command)


def changes_of(
    made: Installation, way: Way, connection: psycopg.Connection[Any]
) -> tuple[Snapshot, list[list[Change]]]:
    """One case is walked: how it stood before the first act, and what each act changed in the tables."""
    filed = made.file("template", matter=way.matter, form=way.form)
    first = before = Snapshot(connection, filed.case_id)
    changes = []
    for number in range(len(way.acts)):
        act(made, way, filed.case_id, number)
        after = Snapshot(connection, filed.case_id)
        changes.append(after.since(before))
        before = after
    return first, changes
