"""Planted faults: each is found under its rule, at its line, and nothing else is."""

from __future__ import annotations

import pytest

TRANSFER = "processes/personnel-transfer.yaml"
LICENSING = "processes/licensing.yaml"
BEIJING = "matters/transfer-into-beijing.yaml"
AGENCY = "matters/talent-agency-licence.yaml"
SAMPLE = "organs/sample.yaml"

# A matter adds to its process: a state that nothing leaves, an action that leaves the end.
TITLE = "title: {zh-CN: 无, en: Nothing}"
LIMBO = f"""
states:
  limbo: {{{TITLE}, stage: submit, post: unit_officer}}
actions:
  vanish: {{{TITLE}, from: [awaiting_arrival], to: limbo, by: [unit_officer]}}
posts:
"""
ENDLESS = f"""
states:
  circle: {{{TITLE}, stage: submit, post: unit_officer}}
  round: {{{TITLE}, stage: submit, post: unit_officer}}
actions:
  vanish: {{{TITLE}, from: [awaiting_arrival], to: circle, by: [unit_officer]}}
  onward: {{{TITLE}, from: [circle], to: round, by: [unit_officer]}}
  back: {{{TITLE}, from: [round], to: circle, on_return: continue, by: [unit_officer]}}
posts:
"""
REOPENED = f"""
actions:
  reopen: {{{TITLE}, from: [archived], to: under_review, on_return: continue, by: [handler]}}
posts:
"""

VERB = f"""
actions:
  take_back: {{{TITLE}, from: [under_check], to: under_review, on_return: continue, by: [checker]}}
posts:
"""
HIDDEN = f"""
states:
  received: {{automatic: [precheck, straight_on]}}
actions:
  straight_on: {{{TITLE}, from: [received], to: acceptance, by: [system]}}
posts:
"""

# file, what stands there, what is planted, the rule that is broken, how the line named begins
PLANTED = [
    # what a name must mean
    (TRANSFER, "initial: internal_review", "initial: intake", "reference.state", "initial:"),
    (TRANSFER, "filed_by: [unit_officer]", "filed_by: [clerk]", "reference.post", "filed_by:"),
    (TRANSFER, "    automatic: precheck", "    automatic: pre_check", "reference.action", "automatic:"),
    (TRANSFER, "    post: checker", "    post: chequer", "reference.post", "post: chequer"),
    (TRANSFER, "    to: awaiting_approval", "    to: awaiting", "reference.state", "to: awaiting"),
    (
        TRANSFER,
        "    from: [under_check]\n    to: awaiting",
        "    from: [under_chek]\n    to: awaiting",
        "reference.state",
        "from:",
    ),
    (
        TRANSFER,
        "    by: [ministry_officer, unit_officer]",
        "    by: [ministry_officer, clerk]",
        "reference.post",
        "by:",
    ),
    (
        TRANSFER,
        "{do: issue, document: reply}",
        "{do: issue, document: letter}",
        "reference.document",
        "- {do: issue",
    ),
    (
        TRANSFER,
        "{do: publish, notice: publicity}",
        "{do: publish, notice: board}",
        "reference.notice",
        "- {do: publish",
    ),
    (
        TRANSFER,
        "{do: decide, outcome: agreed}",
        "{do: decide, outcome: granted}",
        "reference.outcome",
        "- {do: decide",
    ),
    (
        TRANSFER,
        "{do: decide_objection, outcome: upheld}",
        "{do: decide_objection, outcome: agreed}",
        "reference.outcome",
        "- {do: decide_obj",
    ),
    (
        TRANSFER,
        "    from: [under_review]\n    to: under_check\n    by: [handler]\n    ask: [opinion, text]",
        "    from: [under_review]\n    to: under_check\n    by: [handler]\n    ask: [opinion, words]",
        "reference.field",
        "ask:",
    ),
    (TRANSFER, "    ladder: applicant", "    ladder: nobody", "reference.ladder", "ladder: nobody"),
    (
        TRANSFER,
        "    rule: cn.publicity.result",
        "    rule: cn.publicity.nothing",
        "reference.rule",
        "rule: cn.publicity",
    ),
    (
        TRANSFER,
        "    start: {enter: [awaiting_arrival]}",
        "    start: {enter: [awaiting]}",
        "reference.state",
        "start:",
    ),
    (TRANSFER, "ground: publicity", "ground: holidays", "reference.ground", "- {states"),
    (TRANSFER, "calendar: cn", "calendar: mars", "reference.calendar", "calendar:"),
    (TRANSFER, "zone: Asia/Shanghai", "zone: Asia/Peking", "reference.zone", "zone:"),
    (
        TRANSFER,
        "  - [ministry_reviewer, ministry_approver]",
        "  - [ministry_reviewer, minister]",
        "reference.post",
        "- [ministry",
    ),
    (TRANSFER, "expiry_action: end_publicity", "expiry_action: finish", "reference.action", "expiry_action:"),
    (
        LICENSING,
        "{do: extend, clock: decision}",
        "{do: extend, clock: deciding}",
        "reference.clock",
        "- {do: extend",
    ),
    (
        BEIJING,
        "reception: {organ: approval-reception}",
        "reception: {organ: window-7}",
        "reference.organ",
        "reception:",
    ),
    (
        BEIJING,
        "checker: {organ: transfers-into-beijing}",
        "checker: {organ: approval-reception}",
        "reference.post_unheld",
        "checker:",
    ),
    (
        BEIJING,
        "required_when: {reason: [other]}",
        "required_when: {cause: [other]}",
        "reference.field",
        "reason_text:",
    ),
    (
        BEIJING,
        "required_when: {reason: [other]}",
        "required_when: {reason: [others]}",
        "reference.choice",
        "reason_text:",
    ),
    (
        BEIJING,
        "process: personnel-transfer",
        "process: personel-transfer",
        "file.unknown_process",
        "process:",
    ),
    (
        SAMPLE,
        "    parent: talent-mobility\n    posts:\n      handler:\n        - {person: jin-zhe",
        "    parent: talent\n    posts:\n      handler:\n        - {person: jin-zhe",
        "reference.organ",
        "parent: talent",
    ),
    # a machine that runs to its end
    (TRANSFER, "    to: to_be_reported", "    to: received", "machine.unreachable", "to_be_reported:"),
    (BEIJING, "\nposts:\n", ENDLESS, "machine.no_end", "circle:"),
    (BEIJING, "\nposts:\n", LIMBO, "machine.dead_end", "limbo:"),
    (BEIJING, "\nposts:\n", VERB, "action.verb", "take_back:"),
    (BEIJING, "\nposts:\n", REOPENED, "machine.leaves_final", "archived:"),
    (
        TRANSFER,
        "    from: [returned_to_unit]\n    to: internal_review",
        "    from: [returned_to_unit]\n    to: returned_to_unit",
        "machine.stays_put",
        "to: returned_to_unit",
    ),
    (
        TRANSFER,
        "    post: approver\n    limit: {rule: cn.promise.working_days, promise: 3wd}\n  publicity",
        "    limit: {rule: cn.promise.working_days, promise: 3wd}\n  publicity",
        "machine.no_post",
        "awaiting_approval:",
    ),
    (
        TRANSFER,
        "    stage: publicize\n    post: handler",
        "    stage: publicize\n    post: checker",
        "machine.idle_post",
        "post: checker",
    ),
    (
        TRANSFER,
        "    from: [received]\n    to: acceptance\n    by: [system]",
        "    from: [received]\n    to: acceptance\n    by: [reception]",
        "machine.automatic",
        "automatic: precheck",
    ),
    (
        TRANSFER,
        "    from: [publicity]\n    to: awaiting_issue\n    by: [system]",
        "    from: [publicity]\n    to: awaiting_issue\n    by: [handler]",
        "machine.expiry",
        "expiry_action:",
    ),
    (
        LICENSING,
        "from: [received, acceptance]",
        "from: [acceptance]",
        "machine.expiry_state",
        "expiry_action:",
    ),
    (TRANSFER, "{do: issue, document: reply}", "{do: issue}", "machine.operand", "- {do: issue}"),
    (TRANSFER, "{do: decide, outcome: disagreed}", "{do: decide}", "machine.operand", "- {do: decide}"),
    (
        TRANSFER,
        "      arrived_on: {title: {zh-CN: 报到日期, en: Day of arrival}, type: date}",
        "      came_on: {title: {zh-CN: 报到日期, en: Day of arrival}, type: date}",
        "machine.needs_field",
        "- {do: report_arrival}",
    ),
    (
        LICENSING,
        "    by: [approver]\n    ask: [reasons, remedies]\n",
        "    by: [approver]\n    ask: [reasons]\n",
        "machine.needs_field",
        "guards: [reasons_given, remedies_known]",
    ),
    (
        TRANSFER,
        "    from: [awaiting_approval]\n    to: under_review\n    on_return: continue\n",
        "    from: [awaiting_approval]\n    to: under_review\n",
        "machine.on_return",
        "return_for_review:",
    ),
    (
        TRANSFER,
        "    from: [awaiting_approval]\n    to: under_review\n    on_return: continue\n",
        "    from: [awaiting_approval]\n    to: under_review\n    on_return: stop\n",
        "machine.return_stop",
        "on_return: stop",
    ),
    (
        LICENSING,
        "{do: extend, clock: decision}",
        "{do: stop_counting, clock: decision}",
        "machine.operand",
        "- {do: stop_counting",
    ),
    (TRANSFER, "    by: [public]", "    by: []", "machine.no_actor", "by: []"),
    (
        TRANSFER,
        "    automatic: precheck",
        "    automatic: [notify, precheck]",
        "machine.automatic",
        "automatic: [notify",
    ),
    (
        TRANSFER,
        "    from: [received]\n",
        "    from: [received]\n    when: deemed\n",
        "machine.automatic_else",
        "automatic: precheck",
    ),
    (BEIJING, "\nposts:\n", HIDDEN, "machine.automatic_hidden", "received: {automatic"),
    (TRANSFER, "      - {do: archive}", "      - {do: deliver}", "machine.silent_end", "to: archived"),
    (TRANSFER, "    final: true", "    final: false", "machine.no_final", "states:"),
    # what is shown in the open
    (
        BEIJING,
        "fields: [name, receiving_unit,",
        "fields: [name, id_number, receiving_unit,",
        "publication.secret",
        "fields:",
    ),
    (
        BEIJING,
        "fields: [name, receiving_unit,",
        "fields: [name, shoe_size, receiving_unit,",
        "publication.field",
        "fields:",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "rule", "line"), PLANTED)
def test_a_planted_fault_is_found_where_it_stands(plant, file, old, new, rule, line):
    found = plant(file, old, new)

    assert [broken for broken, _ in found] == [rule], found
    assert found[0][1].startswith(line), found
