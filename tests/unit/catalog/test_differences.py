"""Two versions compared in words: each change of a file is told once, in both languages, with what it means."""

from __future__ import annotations

import shutil

import pytest

from tests.unit.catalog.conftest import GOOD
from workflow.catalog.differences import Version, differences
from workflow.catalog.loader import load
from workflow.texts import LANGUAGES, catalogue

TRANSFER = "processes/personnel-transfer.yaml"
LICENSING = "processes/licensing.yaml"
BEIJING = "matters/transfer-into-beijing.yaml"
AGENCY = "matters/talent-agency-licence.yaml"
CODES = {TRANSFER: "transfer-into-beijing", BEIJING: "transfer-into-beijing"}

NEW_STATE = """
states:
  quota: {title: {zh-CN: 指标登记, en: Quota}, stage: review, post: handler}
actions:
  to_quota: {title: {zh-CN: 转指标登记, en: To the quota}, from: [under_review], to: quota, by: [handler]}
  from_quota:
    {title: {zh-CN: 指标已登记, en: Registered}, from: [quota], to: under_review, on_return: continue, by: [handler]}
posts:
"""

CHANGES = [
    # file, what stands there, what stands there afterwards, (part, what, meaning) of each difference
    (TRANSFER, "    promise: 20wd", "    promise: 19wd", [("clocks", "period", "sooner")]),
    (TRANSFER, "    promise: 20wd", "    promise: 25wd", [("clocks", "period", "later")]),
    (TRANSFER, "promise: 8wd", "promise: 7wd", [("clocks", "period", None)]),
    (
        TRANSFER,
        "    stage: publicize\n    post: handler",
        "    stage: review\n    post: handler",
        [("states", "changed", None)],
    ),
    (
        TRANSFER,
        "    by: [ministry_officer, unit_officer]",
        "    by: [ministry_officer]",
        [("actions", "by", None)],
    ),
    (
        TRANSFER,
        "    from: [internal_review]\n    to: internal_approval\n",
        "    from: [internal_review]\n    to: internal_approval\n    when: accompanying < 5\n",
        [("actions", "when", None)],
    ),
    (TRANSFER, "guards: [no_open_objection]", "guards: []", [("actions", "guards", None)]),
    (TRANSFER, "      - {do: issue, document: transfer_notice}\n", "", [("actions", "effects", None)]),
    (
        TRANSFER,
        "      - {states: [publicity], ground: publicity}\n",
        "      - {states: [publicity], ground: supplement}\n",
        [("clocks", "pauses", None)],
    ),
    (
        BEIJING,
        "\nposts:\n",
        NEW_STATE,
        [("states", "added", None), ("actions", "added", None), ("actions", "added", None)],
    ),
    (
        BEIJING,
        "  checker: {organ: transfers-into-beijing}",
        "  checker: {organ: talent-market}",
        [("posts", "moved", None)],
    ),
    (TRANSFER, "  year: report\n", "  year: filing\n", [("quota", "changed", "quota_changed")]),
    (BEIJING, "copies: 3", "copies: 2", [("materials", "copies", "copies")]),
    (
        BEIJING,
        "source: organ, required: false}",
        "source: organ}",
        [("materials", "required", "materials_required")],
    ),
    (
        BEIJING,
        "  appraisal: {title: {zh-CN: 近三年考核材料, en: Appraisals of the last three years}, source: organ}\n",
        "",
        [("materials", "removed", "materials_removed")],
    ),
    (
        BEIJING,
        "type: string, max_length: 40, required: false}",
        "type: string, max_length: 40}",
        [("form", "required", "form_required")],
    ),
    (BEIJING, "max_length: 1000", "max_length: 500", [("form", "changed", None)]),
    (BEIJING, "reason, deciding_organ, batch,", "reason, deciding_organ,", [("notices", "hides", "hidden")]),
    (
        BEIJING,
        "fields: [name, receiving_unit,",
        "fields: [name, receiving_unit, receiving_post,",
        [("notices", "shows", "shown")],
    ),
    (BEIJING, "    before_effect: true", "    before_effect: false", [("notices", "after", None)]),
    (
        BEIJING,
        "  transfer_notice: {series: 国人调}",
        "  transfer_notice: {series: 国人调函}",
        [("documents", "series", None)],
    ),
    (BEIJING, "series: JWDG", "series: JWD", [("head", "changed", None)]),
    (
        BEIJING,
        "  fees: {zh-CN: 不收费, en: No fee}",
        "  fees: {zh-CN: 免费, en: No fee}",
        [("wording", "changed", None)],
    ),
]


def version(folder, code) -> Version:
    matter = load([folder]).matter(code)
    return Version(definition=matter.definition, texts=matter.texts)


@pytest.fixture(scope="module")
def before():
    return version(GOOD, "transfer-into-beijing")


@pytest.mark.parametrize(("file", "old", "new", "expected"), CHANGES)
def test_each_change_is_told_once(tmp_path, before, file, old, new, expected):
    folder = tmp_path / "changed"
    shutil.copytree(GOOD, folder)
    text = (folder / file).read_text("utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), "utf-8")

    found = differences(before, version(folder, CODES[file]), load([folder]).law)

    assert [(one.part, one.what, one.means) for one in found] == expected
    for one in found:
        for lang in LANGUAGES:
            assert one.says(lang)
            assert "{" not in one.says(lang)
            assert (one.for_applicants(lang) is None) == (one.means is None)


def test_a_version_does_not_differ_from_itself(before):
    assert differences(before, before, load([GOOD]).law) == []


def test_two_matters_differ_in_everything_without_an_error(before):
    other = version(GOOD, "talent-agency-licence")

    found = differences(before, other, load([GOOD]).law)

    assert {one.part for one in found} >= {
        "head",
        "states",
        "actions",
        "clocks",
        "form",
        "materials",
        "wording",
    }
    assert all(one.says(lang) for one in found for lang in LANGUAGES)


def test_a_change_is_told_by_the_names_people_know(tmp_path, before):
    folder = tmp_path / "changed"
    shutil.copytree(GOOD, folder)
    path = folder / TRANSFER
    path.write_text(path.read_text("utf-8").replace("    promise: 20wd", "    promise: 19wd"), "utf-8")

    (change,) = differences(before, version(folder, "transfer-into-beijing"), load([folder]).law)

    assert change.says("zh-CN") == "期限“办理期限”：20 个工作日 → 19 个工作日"
    assert change.says("en") == "the period Handling: 20 working days → 19 working days"
    assert change.for_applicants("zh-CN") == "申请人可以更早得到答复"


def test_the_words_of_both_languages_have_the_same_keys():
    keys = [{key for key in catalogue(lang) if key.startswith("changes.")} for lang in LANGUAGES]

    assert keys[0] == keys[1]
