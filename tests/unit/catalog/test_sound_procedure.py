"""Planted faults of the procedure: acts without what the law puts on them, refusals nobody else sees, time never counted
again.
"""

from __future__ import annotations

import pytest

LICENSING = "processes/licensing.yaml"

RESUME = """    effects:
      - {do: resume_periods}
      - {do: issue, document: resumption_notice}
"""
STOP = """      - {do: stop_periods, document: required_time_notice}
      - {do: issue, document: required_time_notice}
  resume"""
EXTEND = """      - {do: extend, clock: decision}
"""
GUARDS = "parties_heard, hearing_right_told, rests_on_hearing_record]\n"
REFUSAL_GUARDS = f"    guards: [reasons_given, remedies_known, report_given, {GUARDS}"
GRANT_GUARDS = f"    guards: [{GUARDS}    effects:\n      - {{do: decide, outcome: granted}}"

PLANTED = [
    # file, what stands there, what is planted, the rule that is broken, how the line named begins
    (
        LICENSING,
        "[two_inspectors, inspectors_on_staff,",
        "[two_inspectors,",
        "procedure.unguarded",
        "inspect_on_site:",
    ),
    (
        LICENSING,
        "    guards: [hearing_notice_in_time, public_or_reason,",
        "    guards: [public_or_reason,",
        "procedure.unguarded",
        "notify_hearing:",
    ),
    (
        LICENSING,
        "public_or_reason, chair_is_not_examiner,",
        "public_or_reason,",
        "procedure.unguarded",
        "notify_hearing:",
    ),
    (
        LICENSING,
        "hearing_record_given, record_signed]",
        "hearing_record_given]",
        "procedure.unguarded",
        "hold_hearing:",
    ),
    (
        LICENSING,
        "[chair_presides, hearing_day_come,",
        "[hearing_day_come,",
        "procedure.unguarded",
        "hold_hearing:",
    ),
    (
        LICENSING,
        REFUSAL_GUARDS,
        REFUSAL_GUARDS.replace("report_given, ", ""),
        "procedure.unguarded",
        "refuse:",
    ),
    (
        LICENSING,
        "    guards: [supplement_not_yet_requested]\n",
        "",
        "procedure.unguarded",
        "request_supplement:",
    ),
    (LICENSING, "[not_extended_before, before_due]", "[before_due]", "procedure.unguarded", "extend:"),
    # no decision before everybody was heard, and none beside the record
    (
        LICENSING,
        REFUSAL_GUARDS,
        REFUSAL_GUARDS.replace("parties_heard, ", ""),
        "procedure.decision",
        "refuse:",
    ),
    (
        LICENSING,
        REFUSAL_GUARDS,
        REFUSAL_GUARDS.replace(", rests_on_hearing_record", ""),
        "procedure.decision",
        "refuse:",
    ),
    (
        LICENSING,
        GRANT_GUARDS,
        GRANT_GUARDS.replace("hearing_right_told, ", ""),
        "procedure.decision",
        "grant:",
    ),
    # a refusal is seen by somebody else
    (LICENSING, "  - [approver, head]\n", "", "procedure.own_report", "refuse:"),
    (
        LICENSING,
        "    from: [refusal_reported]\n    to: delivering",
        "    from: [awaiting_decision]\n    to: delivering",
        "procedure.unread_report",
        "refuse:",
    ),
    # time
    (
        LICENSING,
        RESUME,
        RESUME.replace("      - {do: resume_periods}\n", ""),
        "limits.never_resumed",
        "- {do: stop",
    ),
    (LICENSING, EXTEND, "", "limits.no_extension", "decision:"),
    (
        LICENSING,
        STOP,
        STOP.replace(", document: required_time_notice}\n      - {do: issue", "}\n      - {do: issue"),
        "limits.no_notice",
        "- {do: stop",
    ),
    (
        LICENSING,
        STOP,
        STOP.replace("periods, document: required_time_notice", "periods, document: extension_notice"),
        "limits.notice_not_issued",
        "- {do: stop",
    ),
    (
        LICENSING,
        STOP,
        STOP.replace("periods, ", "periods, ground: publicity, "),
        "limits.ground",
        "- {do: stop",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "rule", "line"), PLANTED)
def test_a_planted_fault_is_found_where_it_stands(plant_heard, file, old, new, rule, line):
    found = plant_heard(file, old, new)

    assert {broken for broken, _ in found} == {rule}, found
    assert any(broken == rule and named.startswith(line) for broken, named in found), found


def test_nothing_is_wrong_with_the_whole_procedure(plant_heard):
    assert plant_heard("matters/talent-agency-licence.yaml", "series: RCZJ", "series: RCZ") == []
