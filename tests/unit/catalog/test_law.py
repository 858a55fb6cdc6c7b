"""The law as data: the right version on the right day, complete, cited in both languages, and faults told."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from workflow.catalog.calendars import calendar_codes
from workflow.catalog.law import load_law
from workflow.domain.law import EndOfDayRule, RollRule
from workflow.domain.period import Hours
from workflow.errors import BadDefinition, NoRuleInForce, UnknownRule

LAW = load_law()
ALL = [rule for versions in LAW.rules.values() for rule in versions]
ART_45 = ["hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review"]


@pytest.mark.parametrize(
    ("rule", "on", "period", "extension"),
    [
        ("cn.licensing.acceptance", "2007-09-26", "5wd", None),
        ("cn.licensing.decision", "2007-09-26", "20wd", "10wd"),
        ("cn.licensing.joint_decision", "2007-09-26", "45wd", "15wd"),
        ("cn.licensing.lower_review", "2026-09-26", "20wd", None),
        ("cn.licensing.delivery", "2026-09-26", "10wd", None),
        ("cn.licensing.hearing_request", "2026-09-26", "5wd", None),
        ("cn.licensing.hearing_held", "2026-09-26", "20wd", None),
        ("cn.licensing.hearing_notice", "2026-09-26", "7wd", None),
        ("cn.licensing.renewal_application", "2026-09-26", "30d", None),
        ("cn.licensing.renewal_decision", "2026-09-26", "0d", None),
        ("cn.licensing.inspectors", "2026-09-26", "5wd", None),
        ("cn.disclosure.reply", "2008-05-01", "15wd", "15wd"),
        ("cn.disclosure.reply", "2019-05-14", "15wd", "15wd"),
        ("cn.disclosure.reply", "2019-05-15", "20wd", "20wd"),
        ("cn.disclosure.supplement", "2019-05-15", "7wd", None),
        ("cn.disclosure.third_party", "2019-05-15", "15wd", None),
        ("cn.disclosure.joint_organ", "2019-05-15", "15wd", None),
        ("cn.disclosure.active", "2010-01-01", "20wd", None),
        ("cn.publicity.civil_service", "2007-11-06", "7d", None),
        ("cn.publicity.civil_service", "2019-06-01", "5wd", None),
        ("cn.publicity.result", "2026-01-01", "5wd", None),
        ("cn.remedy.reconsideration", "2007-08-03", "60d", None),
        ("cn.remedy.reconsideration", "2024-01-01", "60d", None),
        ("cn.remedy.reconsideration_untold", "2024-01-01", "1y", None),
        ("cn.remedy.litigation", "2007-07-02", "3mo", None),
        ("cn.remedy.litigation", "2015-04-30", "3mo", None),
        ("cn.remedy.litigation", "2015-05-01", "6mo", None),
        ("cn.remedy.litigation_after_reconsideration", "2026-01-01", "15d", None),
        ("cn.remedy.failure_to_act", "2026-01-01", "2mo", None),
        ("cn.reconsideration.defence", "2023-12-31", "10d", None),
        ("cn.reconsideration.defence", "2024-01-01", "10wd", None),
        ("cn.reconsideration.decision", "2024-01-01", "60d", "30d"),
        ("cn.accountability.explanation", "2026-01-01", "5wd", None),
        ("nl.wabo.regular", "2010-10-02", "8w", "6w"),
    ],
)
def test_the_periods_of_the_law(rule, on, period, extension):
    found = LAW.rule(rule, date.fromisoformat(on))
    assert str(found.period) == period
    assert (str(found.extension.period) if found.extension else None) == extension


@pytest.mark.parametrize(
    ("rule", "on"),
    [
        ("cn.licensing.decision", "2004-06-30"),
        ("cn.disclosure.reply", "2008-04-30"),
        ("cn.disclosure.joint_organ", "2019-05-14"),
        ("cn.remedy.reconsideration_untold", "2023-12-31"),
        ("nl.wabo.regular", "2024-01-01"),
    ],
)
def test_a_rule_has_no_version_before_or_after_its_law(rule, on):
    with pytest.raises(NoRuleInForce):
        LAW.rule(rule, date.fromisoformat(on))


def test_unknown_rules_and_versions():
    with pytest.raises(UnknownRule):
        LAW.rule("cn.licensing.nothing", date(2026, 1, 1))
    kept = LAW.rule("cn.disclosure.reply", date(2019, 5, 14))
    assert LAW.rule_version("cn.disclosure.reply", kept.version) == kept
    with pytest.raises(UnknownRule):
        LAW.rule_version("cn.disclosure.reply", "2019-05-15.00000000")


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: f"{rule.id}@{rule.version}")
def test_every_version_is_cited_in_both_languages_and_counted_explicitly(rule):
    for words in (rule.title, rule.citation, *([rule.note] if rule.note else [])):
        assert set(words) == {"zh-CN", "en"}
        assert all(words.values())
    assert rule.calendar in calendar_codes()
    assert rule.version.startswith(rule.valid_from.isoformat())
    assert not isinstance(rule.period, Hours) or rule.roll is RollRule.NONE


@pytest.mark.parametrize(
    "rule", ["cn.licensing.decision", "cn.licensing.joint_decision", "cn.licensing.delivery"]
)
def test_article_45_lists_eight_grounds_and_a_public_notice_is_none_of_them(rule):
    assert [ground.id for ground in LAW.rule(rule, date(2026, 1, 1)).grounds] == ART_45
    assert LAW.rule("cn.licensing.acceptance", date(2026, 1, 1)).grounds == ()


def test_silence_means_something_only_where_a_rule_says_so():
    endings = {rule.id: rule.on_expiry for rule in ALL if rule.on_expiry not in {"alert", "proceed"}}
    assert endings == {
        "cn.licensing.acceptance": "deemed_accepted",
        "cn.licensing.renewal_decision": "deemed_renewed",
        "cn.disclosure.joint_organ": "consent_of_silent_organ",
        "cn.promise.silent_department": "consent_of_silent_organ",
    }


def test_the_third_partys_time_ends_by_itself_since_2019_and_by_an_act_before():
    old = LAW.rule("cn.disclosure.reply", date(2019, 5, 14)).ground("third_party")
    new = LAW.rule("cn.disclosure.reply", date(2019, 5, 15)).ground("third_party")
    assert old is not None
    assert new is not None
    assert (str(old.limit), old.automatic_end) == ("None", False)
    assert (str(new.limit), str(new.alarm), new.automatic_end) == ("15wd", "3wd", True)


def test_working_day_rules_never_roll_and_dutch_weeks_end_to_the_minute():
    assert all(rule.roll is RollRule.NONE for rule in ALL if rule.period.unit == "wd")
    dutch = LAW.rule("nl.wabo.regular", date(2010, 10, 2))
    assert (dutch.roll, dutch.end_of_day, dutch.zone) == (
        RollRule.NONE,
        EndOfDayRule.SAME_TIME,
        "Europe/Amsterdam",
    )


def test_versions_of_a_rule_follow_each_other_without_a_gap():
    for versions in LAW.rules.values():
        for earlier, later in pairwise(versions):
            assert earlier.valid_to is not None
            assert later.valid_from == earlier.valid_to + timedelta(days=1)


# --- faults --------------------------------------------------------------------------------------------------------

GOOD = """
counting:
  plain: {zone: Asia/Shanghai, calendar: cn, start: next_day, roll: none, end_of_day: midnight}
rules:
  - id: local.approval
    title: {zh-CN: 地方审批, en: Local approval}
    on_expiry: alert
    versions:
      - valid_from: "2020-01-01"
        period: 12wd
        basis: promise
        citation: {zh-CN: 本市规定, en: a rule of this city}
        counting: plain
"""


def law_with(tmp_path: Path, text: str):
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "local.yaml").write_text(text, encoding="utf-8")
    return load_law(tmp_path)


def test_an_installation_adds_its_own_rules(tmp_path):
    law = law_with(tmp_path, GOOD)
    assert str(law.rule("local.approval", date(2026, 1, 1)).period) == "12wd"
    assert law.version != LAW.version
    assert set(law.rules) == {*LAW.rules, "local.approval"}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("12wd", "12 days"), "shape.period"),
        (("counting: plain", "counting: fancy"), "shape.choice"),
        (("basis: promise", "basis: habit"), "shape.choice"),
        (("roll: none", "roll: sometimes"), "shape.choice"),
        (("on_expiry: alert", "on_expiry: granted"), "shape.choice"),
        (("id: local.approval", "id: cn.licensing.decision"), "law.rule_twice"),
        (("counting: plain\n", 'counting: plain\n        valid_to: "2019-12-31"\n'), "law.ends_before"),
        (("counting: plain\n", "counting: plain\n        grounds: [weather]\n"), "shape.choice"),
        (("counting: plain\n", "counting: plain\n        colour: red\n"), "shape.unknown_key"),
        (
            (
                "counting: plain\n",
                "counting: plain\n        grounds: [{hearing: {limit: 3h, ends: by_act}}]\n",
            ),
            "law.limit_in_hours",
        ),
        (
            (
                "counting: plain\n",
                "counting: plain\n        extension: {period: 5d, times: 1, approver: x, notice: y}\n",
            ),
            "law.extension_unit",
        ),
    ],
)
def test_a_fault_in_a_rule_is_told_by_its_name(tmp_path, change, rule):
    with pytest.raises(BadDefinition) as refused:
        law_with(tmp_path, GOOD.replace(*change))
    assert rule in {fault["rule"] for fault in refused.value.fields["faults"]}


def test_versions_that_overlap_or_leave_a_gap_are_told(tmp_path):
    version = GOOD[GOOD.index("      - valid_from") :]
    overlap = GOOD + version.replace("2020-01-01", "2024-01-01")
    with pytest.raises(BadDefinition) as refused:
        law_with(tmp_path, overlap)
    assert "law.overlap" in {fault["rule"] for fault in refused.value.fields["faults"]}
    gap = overlap.replace(
        "counting: plain\n      - valid", 'counting: plain\n        valid_to: "2022-12-31"\n      - valid'
    )
    (tmp_path / "gap").mkdir()
    with pytest.raises(BadDefinition) as refused:
        law_with(tmp_path / "gap", gap)
    assert "law.gap" in {fault["rule"] for fault in refused.value.fields["faults"]}
