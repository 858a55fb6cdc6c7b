"""Planted faults of a quota: nothing to move, nobody to take from, places that cannot be counted, places that leak."""

from __future__ import annotations

import pytest

from workflow.catalog.loader import load
from workflow.testing.quotas import KINDS

TRANSFER = "processes/personnel-transfer.yaml"
BEIJING = "matters/transfer-into-beijing.yaml"
AGENCY = "processes/licensing.yaml"

YEAR = "  year: report\n"
SIGNED = "      - {do: consume_quota}\n      - {do: conclude, outcome: agreed}\n"
REPORTED = "    effects:\n      - {do: reserve_quota}\n"
WITHDRAWN = "      - {do: release_quota}\n      - {do: conclude, outcome: withdrawn}\n"

PLANTED = [
    # file, what stands there, what is planted, the rule that is broken, how the line named begins
    (
        AGENCY,
        "      - {do: conclude, outcome: withdrawn}\n",
        "      - {do: release_quota}\n      - {do: conclude, outcome: withdrawn}\n",
        "quota.undeclared",
        "- {do: release_quota}",
    ),
    (TRANSFER, 'per: "@ministry"', 'per: "@province"', "quota.party", "per:"),
    (TRANSFER, YEAR, YEAR + "  count: receiving_unit\n", "quota.count", "count:"),
    (TRANSFER, YEAR, YEAR + "  count: children\n", "quota.count", "count:"),
    (TRANSFER, YEAR, YEAR + "  places: 0\n", "quota.no_place", "places:"),
    (TRANSFER, YEAR, YEAR + "  places: 0\n  count: accompanying\n", "quota.no_place", "count:"),
    (
        TRANSFER,
        SIGNED,
        SIGNED.replace("consume_quota}", "consume_quota, count: accompanying}"),
        "quota.consumed_count",
        "- {do: consume_quota, count",
    ),
    (
        TRANSFER,
        WITHDRAWN,
        WITHDRAWN.replace("release_quota}", "release_quota, count: reasons}"),
        "quota.consumed_count",
        "- {do: release_quota, count",
    ),
    (TRANSFER, REPORTED, "", "quota.never", "quota:"),
    (TRANSFER, SIGNED, SIGNED.replace("consume_quota", "release_quota"), "quota.never", "quota:"),
    (TRANSFER, WITHDRAWN, WITHDRAWN.partition("\n")[2], "quota.leaks", "withdraw:"),
]


@pytest.mark.parametrize(("file", "old", "new", "rule", "line"), PLANTED)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else(plant, file, old, new, rule, line):
    found = plant(file, old, new)

    assert [broken for broken, _ in found] == [rule], found
    assert found[0][1].startswith(line), found


def test_the_exempt_condition_is_read_like_any_other(plant):
    exempt = "  exempt: {when: whim > 1, title: {zh-CN: 不占, en: Exempt}}\n"

    assert plant(TRANSFER, YEAR, YEAR + exempt)[0][0] == "guard.unknown_name"


def test_a_matter_of_a_process_with_a_quota_may_take_no_place(plant):
    assert plant(BEIJING, "series: JWDG", "series: JWDG\nquota: none") == []


def test_places_may_be_counted_by_a_field_of_the_form(plant):
    assert plant(TRANSFER, YEAR, YEAR + "  count: accompanying\n") == []


def test_the_shipped_matters_under_a_quota():
    found = {
        code: (matter.definition.quota.kind, matter.definition.quota.exempt is not None)
        for code, matter in load().matters.items()
        if matter.definition.quota is not None
    }

    assert found == {
        "transfer-into-beijing": ("beijing_transfer", True),
        "spouse-reunion-transfer": ("beijing_transfer", True),
        "graduates-from-outside": ("beijing_graduates", False),
    }
    assert {kind for kind, _ in found.values()} == set(KINDS)
    officers = load().matter("out-of-plan-officers").definition
    effects = {effect.do for action in officers.actions.values() for effect in action.effects}
    assert not effects & {"reserve_quota", "consume_quota", "release_quota"}
