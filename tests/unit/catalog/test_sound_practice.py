"""Planted faults of administration: decided without a check, remedies there are not, vague lists, unsafe conditions."""

from __future__ import annotations

import re

import pytest

from tests.unit.catalog.conftest import GOOD

TRANSFER = "processes/personnel-transfer.yaml"
LICENSING = "processes/licensing.yaml"
BEIJING = "matters/transfer-into-beijing.yaml"
AGENCY = "matters/talent-agency-licence.yaml"

ENDORSE = "    from: [internal_review]\n    to: internal_approval\n"
REMEDIES = "    zh-CN: 本事项为机关之间的人事审批，不属于行政复议、行政诉讼受案范围。"
VIEWS = "This is an approval between organs and not open to administrative reconsideration or litigation."

PLANTED = [
    # file, what stands there, what is planted, the rule that is broken, how the line named begins
    # four eyes
    (
        TRANSFER,
        "  checker: {title: {zh-CN: 审核人, en: Checker}, kind: checker}",
        "  checker: {title: {zh-CN: 审核人, en: Checker}, kind: handler}",
        "machine.no_check",
        "awaiting_approval:",
    ),
    (
        LICENSING,
        "    from: [under_check]\n    to: awaiting_decision\n    by: [checker]",
        "    from: [under_check]\n    to: awaiting_decision\n    by: [checker, handler]",
        "machine.no_check",
        "awaiting_decision:",
    ),
    (
        TRANSFER,
        "  - [handler, checker, approver]\n",
        "  - [handler, checker]\n",
        "machine.not_distinct",
        "distinct:",
    ),
    (
        LICENSING,
        "  - [handler, checker, approver]\n",
        "  - [handler, approver]\n",
        "machine.not_distinct",
        "distinct:",
    ),
    # remedies
    (
        BEIJING,
        REMEDIES,
        "    zh-CN: 可以自知道之日起六十日内申请行政复议。",
        "remedies.not_given",
        "remedies:",
    ),
    (
        BEIJING,
        VIEWS,
        "Administrative reconsideration is open for sixty days.",
        "remedies.not_given",
        "remedies:",
    ),
    (BEIJING, VIEWS, "The applicant may go to court.", "remedies.not_given", "remedies:"),
    (
        TRANSFER,
        "remedies: {title: {zh-CN: 反映、复核渠道,",
        "remedies: {title: {zh-CN: 复议、诉讼权利告知,",
        "remedies.not_given",
        "remedies: {title",
    ),
    (
        AGENCY,
        "可以自知道之日起六十日内申请行政复议，或者依法提起行政诉讼；期限",
        "可以自知道之日起六十日内申请行政复议；期限",
        "remedies.not_told",
        "remedies:",
    ),
    # lists of materials
    (BEIJING, "{zh-CN: 学历、学位证书,", "{zh-CN: 学历证书等,", "materials.vague", "degree_certificate:"),
    (BEIJING, "{zh-CN: 编制证明,", "{zh-CN: 其他证明,", "materials.vague", "headcount_proof:"),
    (AGENCY, "{zh-CN: 注册资金证明,", "{zh-CN: 资金相关证明,", "materials.vague", "funds_proof:"),
    (AGENCY, "；不要求提交学历证明,", "；有关部门出具,", "materials.vague", "staff_certificates:"),
    # the five blocks
    (
        BEIJING,
        "  applicant: {zh-CN: 用人单位",
        "  applicants: {zh-CN: 用人单位",
        "shape.unknown_key",
        "applicants:",
    ),
    # conditions
    (TRANSFER, ENDORSE, ENDORSE + "    when: 'text.upper() == \"A\"'\n", "guard.call", "when:"),
    (TRANSFER, ENDORSE, ENDORSE + "    when: 'text.data == \"A\"'\n", "guard.attribute", "when:"),
    (TRANSFER, ENDORSE, ENDORSE + "    when: accompanying + 1 > 2\n", "guard.construct", "when:"),
    (TRANSFER, ENDORSE, ENDORSE + "    when: __import__('os')\n", "guard.call", "when:"),
    (TRANSFER, ENDORSE, ENDORSE + "    when: accompanying >\n", "guard.syntax", "when:"),
    (TRANSFER, ENDORSE, ENDORSE + "    when: quota_left > 0\n", "guard.unknown_name", "when:"),
    (TRANSFER, ENDORSE, ENDORSE + "    when: 'id_number == \"1\"'\n", "guard.personal", "when:"),
    (TRANSFER, ENDORSE, ENDORSE + "    when: accompanying == true\n", "guard.type", "when:"),
    (TRANSFER, ENDORSE, ENDORSE + "    when: 'reason == \"whim\"'\n", "guard.choice", "when:"),
    (TRANSFER, ENDORSE, ENDORSE + "    when: not not not not not deemed\n", "guard.too_deep", "when:"),
    (TRANSFER, ENDORSE, ENDORSE + f"    when: deemed {'or deemed ' * 30}\n", "guard.too_long", "when:"),
    (
        BEIJING,
        "  receiving_post: {title",
        "  text: {title: {zh-CN: 说明, en: Text}, type: integer}\n  receiving_post: {title",
        "guard.ambiguous",
        "when:",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "rule", "line"), PLANTED)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else(plant, file, old, new, rule, line):
    if rule == "guard.ambiguous":
        # The second of two changes: a condition on a field of an act whose name a field of the form then takes.
        plant(TRANSFER, ENDORSE, ENDORSE + "    when: text == none\n")

    found = plant(file, old, new)

    assert [broken for broken, _ in found] == [rule], found
    assert found[0][1].startswith(line), found


@pytest.mark.parametrize("block", ["scope", "procedure", "time_limits", "responsibility", "conditions"])
def test_a_matter_says_the_five_things_it_must(plant, block):
    text = (GOOD / BEIJING).read_text("utf-8")
    written = re.search(rf"^  {block}:\n(    .*\n)+", text, re.MULTILINE)

    assert plant(BEIJING, written.group(), "") == [("guide.block", "guide:")]


@pytest.mark.parametrize("title", ["高等学历证书", "中等职业学校毕业证", "二级等级证书", "平等就业承诺书"])
def test_words_that_only_contain_a_vague_one_are_none(plant, title):
    assert plant(BEIJING, "{zh-CN: 编制证明,", f"{{zh-CN: {title},") == []


def test_a_matter_may_say_that_a_remedy_is_not_open(plant):
    assert plant(BEIJING, VIEWS, "Neither administrative reconsideration nor litigation is open.") == []


def test_what_is_decided_on_the_spot_needs_no_check(plant):
    changed = "kind: instant\nzone: Asia/Shanghai\ncalendar: cn\ninitial: internal_review"
    plant(TRANSFER, "kind: reported\nzone: Asia/Shanghai\ncalendar: cn\ninitial: internal_review", changed)
    found = plant(BEIJING, "series: JWDG", "series: JWD")

    assert found == []
