"""Planted faults of periods: too long, stopped without right or notice, called law, resting on a law nobody cites."""

from __future__ import annotations

import pytest

TRANSFER = "processes/personnel-transfer.yaml"
LICENSING = "processes/licensing.yaml"
BEIJING = "matters/transfer-into-beijing.yaml"
AGENCY = "matters/talent-agency-licence.yaml"
LAW = "law/cn-licensing.yaml"

STATUTE = "    rule: cn.licensing.decision\n"
STATUTORY_PAUSE = """    pauses:
      - {states: [hearing], ground: hearing, notice: required_time_notice}
    ladder: statute
"""
PROMISED_PAUSE = """    pauses:
      - {states: [hearing], ground: hearing, notice: required_time_notice}
    ladder: promise
"""
EXTEND = "    effects:\n      - {do: extend, clock: decision}"
RESUME = "\n      - {do: resume_counting, clock: decision, ground: testing}"

PLANTED = [
    # file, what stands there, what is planted, the rule that is broken, how the line named begins
    (LICENSING, "    promise: 15wd", "    promise: 21wd", "limits.longer_than_law", "promise: 21wd"),
    (LICENSING, "    promise: 15wd", "    promise: 20d", "limits.unit", "promise: 20d"),
    (LICENSING, "promise: 6wd", "promise: 7wd", "limits.steps_exceed", "promise: 15wd"),
    (TRANSFER, "promise: 8wd", "promise: 11wd", "limits.steps_exceed", "promise: 20wd"),
    (
        TRANSFER,
        "    expiry: proceed\n    expiry_action: end_publicity",
        "    expiry: proceed",
        "limits.expiry_action",
        "expiry: proceed",
    ),
    (TRANSFER, "    expiry: proceed\n", "", "limits.alert_action", "expiry_action:"),
    (TRANSFER, "    expiry: proceed\n", "    expiry: deemed_accepted\n", "limits.silence", "expiry: deemed"),
    (
        LICENSING,
        "    expiry: deemed_accepted",
        "    expiry: deemed_renewed",
        "limits.silence",
        "expiry: deemed",
    ),
    (
        LICENSING,
        "    expiry: deemed_accepted",
        "    expiry: consent_of_silent_organ",
        "limits.silence",
        "expiry: consent",
    ),
    (
        LICENSING,
        "{do: extend, clock: decision}",
        "{do: extend, clock: decision}\n      - {do: extend, clock: delivery}",
        "machine.extend",
        "- {do: extend, clock: delivery",
    ),
    # what stops a period
    (
        LICENSING,
        STATUTE
        + "    start: {events: [FilingAccepted]}\n    end: {events: [DecisionMade, CaseConcluded]}\n"
        + STATUTORY_PAUSE,
        STATUTE
        + "    start: {events: [FilingAccepted]}\n    end: {events: [DecisionMade, CaseConcluded]}\n"
        + STATUTORY_PAUSE.replace(
            "    ladder", "      - {states: [delivering], ground: publicity}\n    ladder"
        ),
        "publication.stops_licence",
        "- {states: [delivering]",
    ),
    (
        LICENSING,
        PROMISED_PAUSE,
        PROMISED_PAUSE.replace(
            "    ladder", "      - {states: [under_check], ground: publicity}\n    ladder"
        ),
        "limits.pause_beyond_law",
        "- {states: [under_check]",
    ),
    (
        LICENSING,
        STATUTORY_PAUSE,
        STATUTORY_PAUSE.replace("ground: hearing", "ground: third_party"),
        "limits.ground",
        "- {states",
    ),
    (
        LICENSING,
        STATUTORY_PAUSE,
        STATUTORY_PAUSE.replace("ground: hearing", "ground: leave"),
        "reference.ground",
        "- {states",
    ),
    (
        LICENSING,
        STATUTORY_PAUSE,
        STATUTORY_PAUSE.replace(", notice: required_time_notice", ""),
        "limits.no_notice",
        "- {states",
    ),
    (
        LICENSING,
        PROMISED_PAUSE,
        PROMISED_PAUSE.replace(", notice: required_time_notice", ""),
        "limits.no_notice",
        "- {states",
    ),
    (
        LICENSING,
        STATUTORY_PAUSE,
        STATUTORY_PAUSE.replace("required_time_notice", "extension_notice"),
        "limits.notice_not_issued",
        "- {states",
    ),
    (
        LICENSING,
        EXTEND,
        EXTEND + "\n      - {do: stop_counting, clock: decision, ground: publicity}" + RESUME,
        "limits.ground",
        "- {do: stop",
    ),
    (
        LICENSING,
        EXTEND,
        EXTEND + "\n      - {do: stop_counting, clock: decision, ground: leave}" + RESUME,
        "reference.ground",
        "- {do: stop",
    ),
    (
        LICENSING,
        EXTEND,
        EXTEND + "\n      - {do: stop_counting, clock: decision, ground: testing}" + RESUME,
        "limits.no_notice",
        "- {do: stop",
    ),
    (
        LICENSING,
        EXTEND,
        EXTEND
        + "\n      - {do: stop_counting, clock: decision, ground: testing, document: hearing_notice}"
        + RESUME,
        "limits.notice_not_issued",
        "- {do: stop",
    ),
    (
        LICENSING,
        EXTEND,
        EXTEND
        + "\n      - {do: stop_counting, clock: delivery, ground: supplement, document: extension_notice}"
        + "\n      - {do: resume_counting, clock: delivery, ground: supplement}",
        "limits.ground",
        "- {do: stop",
    ),
    # what a period is called, and what it rests on
    (
        LICENSING,
        "    title: {zh-CN: 承诺办理期限, en: Decision (promised)}",
        "    title: {zh-CN: 法定承诺期限, en: Decision (promised)}",
        "limits.called_law",
        "title: {zh-CN: 法定",
    ),
    (
        TRANSFER,
        "    title: {zh-CN: 办理期限, en: Handling}",
        "    title: {zh-CN: 办理期限, en: Handling (statutory)}",
        "limits.called_law",
        "title: {zh-CN: 办理期限",
    ),
    (
        TRANSFER,
        "    rule: cn.promise.months\n    promise: 3mo",
        "    rule: cn.disclosure.reply",
        "limits.uncited",
        "rule: cn.disclosure.reply",
    ),
    (
        LAW,
        "        citation: {zh-CN: 《行政许可法》第四十三条, en: Administrative Licensing Law art. 43}\n",
        "",
        "law.no_citation",
        "basis: statute",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "rule", "line"), PLANTED)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else(plant, file, old, new, rule, line):
    found = plant(file, old, new)

    assert [broken for broken, _ in found] == [rule], found
    assert found[0][1].startswith(line), found


RETURN = """    to: drafting_opinion
    on_return: continue
    by: [approver]
    ask: [reasons]
    guards: [reasons_given]
"""


def test_a_return_may_stop_where_every_clock_of_the_case_is_stopped(plant):
    # The hearing stops both clocks of the licence.
    stops = RETURN.replace("drafting_opinion", "hearing").replace("continue", "stop")
    issued = "    effects:\n      - {do: issue, document: required_time_notice}\n"

    assert plant(LICENSING, RETURN, stops + issued) == []


def test_a_return_may_not_stop_where_one_of_them_runs_on(plant):
    plant(LICENSING, PROMISED_PAUSE, "    ladder: promise\n")
    stops = RETURN.replace("drafting_opinion", "hearing").replace("continue", "stop")
    issued = "    effects:\n      - {do: issue, document: required_time_notice}\n"

    assert plant(LICENSING, RETURN, stops + issued) == [("machine.return_stop", "on_return: stop")]
