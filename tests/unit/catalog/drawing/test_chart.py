"""The flow chart: nothing overlaps, nothing is missing, no line runs through a step, whatever the machine."""

from __future__ import annotations

from itertools import combinations, pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import settings as examples
from lxml import etree

from tests.unit.catalog.drawing.machines import CATALOG, ON, machines, made
from workflow.catalog.drawing.chart import chart
from workflow.catalog.drawing.shapes import Box, Chart, Line
from workflow.catalog.drawing.svg import pieces, svg, text_width
from workflow.catalog.loader import Matter
from workflow.texts import LANGUAGES

SHAPES = pytest.mark.parametrize("narrow", [True, False], ids=["narrow", "wide"])
SPOKEN = pytest.mark.parametrize("lang", LANGUAGES)


def arcs(matter: Matter) -> set[tuple[str, str, str]]:
    actions = matter.definition.actions.items()
    return {(s, name, a.to) for name, a in actions for s in a.sources if a.to is not None and a.to != s}


def box_of(line: Line) -> Box:
    wide = text_width(line)
    return Box(x=line.x - wide // 2 if line.middle else line.x, y=line.y - 10, width=wide, height=12)


def within(inner: Box, outer: Box) -> bool:
    return (
        outer.x <= inner.x
        and inner.right <= outer.right
        and outer.y <= inner.y
        and inner.bottom <= outer.bottom
    )


def through(drawn: Chart) -> list[tuple[str, str]]:
    """Steps that a line enters by more than its ends."""
    found = []
    for route in drawn.routes:
        for (x0, y0), (x1, y1) in pairwise(route.points):
            run = Box(
                x=min(x0, x1) + 1,
                y=min(y0, y1) + 1,
                width=max(abs(x1 - x0) - 2, 0),
                height=max(abs(y1 - y0) - 2, 0),
            )
            found += [(str(route.ways), card.state) for card in drawn.cards if crosses(run, card.box)]
    return found


def crosses(run: Box, card: Box) -> bool:
    """Whether a thin line passes over the card's area."""
    across = run.x < card.right and card.x < run.right + (run.width == 0)
    down = run.y < card.bottom and card.y < run.bottom + (run.height == 0)
    return across and down


def judge(matter: Matter, drawn: Chart) -> None:
    page = Box(x=0, y=0, width=drawn.width, height=drawn.height)
    boxes = [card.box for card in drawn.cards]
    assert sorted(card.state for card in drawn.cards) == sorted(matter.definition.states)
    assert [(a, b) for a, b in combinations([*boxes, drawn.start], 2) if a.overlaps(b)] == []
    assert all(within(box, page) for box in [*boxes, drawn.start, *(band.box for band in drawn.bands)])
    assert {way for route in drawn.routes for way in route.ways} | set(drawn.shared) == arcs(matter)
    assert [
        (c.state, line.text) for c in drawn.cards for line in c.lines if not within(box_of(line), c.box)
    ] == []
    assert [line.text for line in drawn.lines if not within(box_of(line), page)] == []
    assert [line.text for line in drawn.lines if any(box_of(line).overlaps(box) for box in boxes)] == []
    assert all(within(Box(x=x, y=y, width=0, height=0), page) for r in drawn.routes for x, y in r.points)
    assert through(drawn) == []


@SHAPES
@SPOKEN
def test_every_shipped_matter_is_drawn_whole_and_without_overlap(matter, lang, narrow, shipped):
    for state in (None, *matter.definition.states):
        judge(matter, chart(shipped, matter, lang, ON, state=state, narrow=narrow))


@SHAPES
@given(matter=machines())
@examples(max_examples=60)
def test_so_is_any_machine(matter, narrow):
    judge(matter, chart(CATALOG, matter, "zh-CN", ON, narrow=narrow))


@SHAPES
def test_the_main_path_runs_straight_down(matter, narrow, shipped):
    drawn = chart(shipped, matter, "zh-CN", ON, narrow=narrow)
    main = [route for route in drawn.routes if route.main]

    assert len({x for route in main for x, _ in route.points}) == 1
    assert all(before.points[-1][1] < after.points[0][1] for before, after in pairwise(main))
    assert len(main) == sum(not card.side for card in drawn.cards)


def test_a_phone_needs_no_magnifying_glass(matter, shipped):
    for lang in LANGUAGES:
        assert chart(shipped, matter, lang, ON, narrow=True).width <= 430


def test_the_current_step_is_marked_in_words_and_nothing_else_is(matter, shipped):
    state = matter.definition.initial
    drawn = chart(shipped, matter, "zh-CN", ON, state=state)

    assert [card.state for card in drawn.cards if card.current] == [state]
    assert svg(drawn).count("当前环节") == 1
    assert "当前环节" not in svg(chart(shipped, matter, "zh-CN", ON))


def test_a_step_says_post_limit_and_papers(shipped):
    drawn = chart(shipped, shipped.matters["transfer-into-beijing"], "zh-CN", ON)
    words = {card.state: [line.text for line in card.lines] for card in drawn.cards}

    assert words["under_review"] == [
        "审查",
        "岗位：承办人，京外调配处（示例）",
        "办理期限：20 个工作日（承诺）",
        "环节时限：8 个工作日（承诺）",
        "征求户籍管理机关意见 → 征求联审机关意见",
    ]
    assert "不同意《否定报备单》 → 不同意报备" in words["awaiting_approval"]
    assert "签收不同意报备《不同意调入复函》 → 告知结果" in words["disagreement_reported"]
    assert "签发《同意调入复函》《调动通知》" in [line.text for line in drawn.lines]


def test_a_statutory_limit_is_told_from_a_promise(shipped):
    drawn = chart(shipped, shipped.matters["talent-agency-licence"], "en", ON)
    said = {line.text for card in drawn.cards for line in card.lines}

    assert "Decision (statutory): 20 working days" in said
    assert "Decision (promised): 15 working days" in said
    assert "Acceptance: 5 working days (by law)" in said
    assert "Step limit: 3 working days (promised)" in said


def test_an_exit_of_most_steps_is_a_mark_and_is_explained(shipped):
    drawn = chart(shipped, shipped.matters["talent-agency-licence"], "zh-CN", ON)
    hollow = {card.state for card in drawn.cards for mark in card.marks if not mark.full}

    assert hollow == set(shipped.matters["talent-agency-licence"].definition.actions["withdraw"].sources)
    assert [card.state for card in drawn.cards for mark in card.marks if mark.full] == ["delivering"]
    assert any(line.text.startswith("撤回申请（申请人）") for line in drawn.lines)


def test_way_and_way_back_between_neighbours_do_not_cross():
    matter = made(
        ["a", "b", "side", "end"],
        [("a", "b", False), ("b", "end", False), ("a", "side", False), ("side", "a", True)],
    )
    drawn = chart(CATALOG, matter, "zh-CN", ON)
    out, back = (route.points for route in drawn.routes if not route.main)

    assert out[0][1] == out[-1][1] < back[0][1] == back[-1][1]
    assert [card.state for card in drawn.cards if card.side] == ["side"]


def test_the_same_matter_gives_the_same_bytes_and_in_good_time(matter, shipped):
    first = svg(chart(shipped, matter, "zh-CN", ON))
    seconds = []
    for _ in range(5):
        began = process_time()
        assert svg(chart(shipped, matter, "zh-CN", ON)) == first
        seconds.append(process_time() - began)

    assert min(seconds) <= 0.05


BESIDE = ("disagreement_reported", "consulting_organs")


def test_lines_to_one_step_share_their_track_and_are_drawn_once(shipped):
    """Broken lines drawn over each other would look whole."""
    drawn = chart(shipped, shipped.matters["transfer-into-beijing"], "zh-CN", ON)
    # What comes from a step beside the others has a track of its own.
    back = [
        route
        for route in drawn.routes
        if route.back and route.ways[0][2] == "under_review" and route.ways[0][0] not in BESIDE
    ]
    document = etree.fromstring(svg(drawn).encode())
    x = back[0].points[1][0]
    broken = document.xpath("//*[@stroke-dasharray]/@d")

    assert len({route.points[1][0] for route in back}) == 1
    assert len(back) > 2
    assert sum(f"L{back[0].points[-1][0] - 4} {back[0].points[-1][1]}" in line for line in broken) == 1
    assert (
        sum(line.endswith(f"L{x} {route.points[0][1]}") for route in back for line in broken) == len(back) - 1
    )


def test_a_chart_is_cut_for_paper_between_its_steps(matter, shipped):
    drawn = chart(shipped, matter, "zh-CN", ON, narrow=True)
    cut = [etree.fromstring(piece.encode()).get("viewBox").split() for piece in pieces(drawn, 900)]
    tops = [int(top) for _, top, _, _ in cut]

    assert tops[0] == 0
    assert int(cut[-1][1]) + int(cut[-1][3]) == drawn.height
    assert all(
        int(top) + int(height) == after for (_, top, _, height), after in zip(cut, tops[1:], strict=False)
    )
    assert all(int(height) <= 900 for *_, height in cut)
    assert not any(card.box.y < top < card.box.bottom for card in drawn.cards for top in tops)
