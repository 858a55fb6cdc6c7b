"""The graph behind the drawings: the main path, side states where they belong, ways back, exits that are shared."""

from __future__ import annotations

from hypothesis import given

from tests.unit.catalog.drawing.machines import machines, made
from workflow.catalog.drawing.flow import Kind, flow, ranks


def test_the_main_path_of_a_transfer_is_the_one_to_a_transfer(shipped):
    of = flow(shipped.matters["transfer-into-beijing"])
    steps = [
        "internal_review",
        "under_review",
        "under_check",
        "publicity",
        "awaiting_issue",
        "delivering",
        "archived",
    ]

    assert [state for state in of.main if state in steps] == steps
    assert of.blocks[0] == ("internal_review", "returned_to_unit")
    assert "withdraw" in of.common


def test_a_state_that_stands_last_in_the_file_takes_its_place_on_the_way():
    of = flow(
        made(
            ["a", "c", "b", "end"],
            [("a", "b", False), ("b", "c", False), ("c", "end", False)],
        )
    )

    assert of.main == ("a", "b", "c", "end")


def test_a_declared_way_back_is_one_even_where_the_file_has_it_first():
    of = flow(made(["a", "b", "end"], [("b", "a", True), ("a", "b", False), ("b", "end", False)]))

    assert {(way.source, way.target): way.kind for way in of.ways} == {
        ("a", "b"): Kind.MAIN,
        ("b", "end"): Kind.MAIN,
        ("b", "a"): Kind.BACK,
    }


def test_a_side_state_of_several_sources_stands_before_where_it_leads():
    arcs = [
        ("a", "b", False),
        ("b", "c", False),
        ("c", "end", False),
        ("a", "out", False),
        ("b", "out", False),
        ("out", "end", False),
    ]

    assert flow(made(["a", "b", "c", "out", "end"], arcs)).blocks == (("a",), ("b",), ("c", "out"), ("end",))


@given(matter=machines())
def test_every_state_has_one_place_and_every_way_a_kind(matter):
    of = flow(matter)
    rank = ranks(of)

    assert sorted(of.states) == sorted(matter.definition.states)
    assert of.main[0] == matter.definition.initial
    assert all(rank[way.source] < rank[way.target] for way in of.ways if way.kind in (Kind.MAIN, Kind.ONWARD))


def test_a_short_answer_at_the_counter_is_not_the_main_path(shipped):
    of = flow(shipped.matters["hotline-complaint"])

    assert of.main == (
        "registered",
        "investigating",
        "under_check",
        "delivering",
        "rating",
        "closing",
        "archived",
    )
