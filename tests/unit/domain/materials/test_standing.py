"""How materials stand, whatever is done with them and in whatever order: a property over random courses."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.walk import FILED, Walk
from workflow.domain.materials.standing import standing, version_of, wanting
from workflow.domain.materials.state import COUNTING, Standing
from workflow.errors import BanjieError
from workflow.testing import sample
from workflow.testing.sample import at

DEFINITION = sample.definition()
LATER = at("2026-09-22")
ACTS = st.tuples(
    st.sampled_from(
        [
            ("ella", "receive_material", {"channel": "paper"}),
            ("ella", "replace_material", {"channel": "paper"}),
            ("ella", "withdraw_material", {}),
            ("clerk", "mark_defective", {"reason": "看不清"}),
            ("clerk", "waive_material", {"reason": "已有"}),
        ]
    ),
    st.sampled_from(sorted(DEFINITION.materials)),
)


@given(st.lists(ACTS, max_size=12), st.sets(st.sampled_from(sorted(DEFINITION.materials))))
def test_names_standings_and_versions_agree_after_every_act(acts, named):
    walk = Walk()
    walk.file(materials=tuple(sorted(named)))
    for (actor, verb, fields), material in acts:
        before = walk.case
        try:
            walk.act(actor, verb, LATER, material=material, **fields)
        except BanjieError:
            assert walk.case is before
            continue
        case = walk.case
        new = standing(DEFINITION, case, material) not in (Standing.DEFECTIVE, Standing.WITHDRAWN)
        assert version_of(case, material) == version_of(before, material) + new
        assert case.version == before.version + 1
        counting = {name for name in DEFINITION.materials if standing(DEFINITION, case, name) in COUNTING}
        assert set(case.materials) == counting
        assert len(case.materials) == len(counting)
        # The check has run once: since then the list of what is missing follows every act.
        assert set(case.missing) == set(wanting(DEFINITION, case))
        assert len({one.material for one in case.handed_in}) == len(case.handed_in)


@given(st.sets(st.sampled_from(sorted(DEFINITION.materials))), st.sets(st.sampled_from(["charter", "extra"])))
def test_a_supplement_cures_what_comes_again_and_nothing_else(named, again):
    walk = Walk()
    walk.file(materials=("charter",))
    defects = sorted(named)
    walk.act("clerk", "request_supplement", LATER, defects=defects)
    asked = set(walk.case.defects)
    assert asked == {"funds", *named}
    handed = sorted(again) or ["extra"]
    walk.act("ella", "supplement", LATER, materials=handed)
    walk.job("precheck", LATER)

    case = walk.case
    assert set(case.defects) == asked - set(handed)
    assert set(handed) <= set(case.materials)
    assert "funds" in case.missing
    assert ("charter" in case.missing) == ("charter" in named - set(handed))


def test_a_case_that_knows_only_names_is_as_it_always_was():
    walk = Walk()
    walk.file()

    assert walk.case.handed_in == ()
    assert standing(DEFINITION, walk.case, "charter") is Standing.RECEIVED
    assert standing(DEFINITION, walk.case, "extra") is Standing.OPTIONAL
    assert standing(DEFINITION, replace(walk.case, materials=()), "charter") is Standing.REQUIRED
    assert walk.case.received_at == FILED
