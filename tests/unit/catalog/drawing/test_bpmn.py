"""BPMN: valid against the standard's own schemas, whole, in both languages, and laid out without collisions."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from lxml import etree

from tests.unit.catalog.drawing.machines import CATALOG, ON, machines
from workflow.catalog.drawing.bpmn import BPMN, BPMNDI, DC, DI, bpmn
from workflow.catalog.drawing.nodes import What, net
from workflow.catalog.drawing.plan import plan
from workflow.catalog.drawing.shapes import Box
from workflow.texts import LANGUAGES

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parents[3] / "data" / "bpmn" / "BPMN20.xsd"))
NAMES = {"b": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI}


def read(matter, lang="zh-CN", catalog=CATALOG):
    document = etree.fromstring(bpmn(catalog, matter, lang, ON))
    SCHEMA.assertValid(document)
    return document


def found(document, path):
    return document.xpath(path, namespaces=NAMES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_shipped_matter_is_valid_bpmn(matter, lang):
    document = read(matter, lang)

    assert document.get("name") == matter.title(lang)
    assert {
        e.get("id")
        for e in found(
            document,
            "//b:userTask | //b:serviceTask | //b:endEvent | //b:intermediateCatchEvent[b:timerEventDefinition]",
        )
    } == {f"state_{state}" for state in matter.definition.states}


def test_everything_is_in_the_diagram_and_nothing_else(matter):
    document = read(matter)
    elements = {
        e.get("id")
        for e in found(document, "//b:process/*[@id][not(self::b:laneSet)] | //b:lane | //b:participant")
    }
    drawn = {e.get("bpmnElement") for e in found(document, "//bpmndi:BPMNShape | //bpmndi:BPMNEdge")}

    assert drawn == elements


def test_every_way_is_a_flow_or_a_pair_of_links(matter):
    document = read(matter)
    flows = {e.get("id"): e for e in found(document, "//b:sequenceFlow")}

    for name, action in matter.definition.actions.items():
        for source in action.sources:
            if action.to not in (None, source):
                target = flows[f"flow_{source}_{name}"].get("targetRef")
                assert target in (f"state_{action.to}", f"exit_{source}_{name}")
    for thrown in found(document, "//b:intermediateThrowEvent/b:linkEventDefinition/@name"):
        (caught,) = found(
            document, f"//b:intermediateCatchEvent[b:linkEventDefinition[@name='{thrown}']]/@id"
        )
        assert flows[f"flow_{caught}"].get("targetRef") == f"state_{matter.definition.actions[thrown].to}"


def test_every_flow_is_told_by_both_its_ends(matter):
    document = read(matter)
    for flow in found(document, "//b:sequenceFlow"):
        ends = (
            found(document, f"//*[@id='{flow.get('sourceRef')}']/b:outgoing[.='{flow.get('id')}']"),
            found(document, f"//*[@id='{flow.get('targetRef')}']/b:incoming[.='{flow.get('id')}']"),
        )
        assert all(len(end) == 1 for end in ends)


def test_posts_are_lanes_and_people_and_machine_have_tasks_of_their_own(shipped):
    document = read(shipped.matters["transfer-into-beijing"])
    lanes = {e.get("name"): found(e, "b:flowNodeRef/text()") for e in found(document, "//b:lane")}

    assert "state_under_check" in lanes["审核人"]
    assert "state_delivering" in lanes["系统"]
    assert {"state_received", "state_delivering", "state_closing"} <= set(
        found(document, "//b:serviceTask/@id")
    )
    assert "state_under_check" in found(document, "//b:userTask/@id")


def test_an_expiry_that_acts_is_a_timer_on_its_task(shipped):
    document = read(shipped.matters["talent-agency-licence"])
    (timer,) = found(document, "//b:boundaryEvent[@attachedToRef='state_acceptance']")
    (flow,) = found(timer, "b:outgoing/text()")

    assert timer.get("name") == "受理期限届满"
    assert found(timer, "b:timerEventDefinition/b:timeDuration/text()") == ["5wd"]
    assert found(document, f"//b:sequenceFlow[@id='{flow}']/@targetRef") == ["state_under_review"]


def test_the_other_language_is_in_the_documentation(shipped):
    document = read(shipped.matters["talent-agency-licence"], "en")
    (task,) = found(document, "//b:userTask[@id='state_under_check']")
    (said,) = found(task, "b:documentation/text()")

    assert task.get("name") == "Under check"
    assert said.splitlines()[0] == "审核"
    assert "环节时限：3 个工作日（承诺）" in said


def judge(matter):
    of = net(matter)
    drawn = plan(
        of, dict.fromkeys([*(n.id for n in of.nodes), *(a.id for a in of.arrows if a.action)], "办理")
    )
    standing = {n.id: drawn.boxes[n.id] for n in of.nodes if n.what is not What.TIMER}
    lanes = {n.id: drawn.lanes[n.lane] for n in of.nodes}

    assert [(a, b) for a, b in combinations(standing, 2) if standing[a].overlaps(standing[b])] == []
    assert [name for name, box in standing.items() if not inside(box, lanes[name])] == []
    assert [(a, b) for a, b in combinations(drawn.lanes.values(), 2) if a.overlaps(b)] == []
    for arrow in of.arrows:
        points = drawn.lines[arrow.id]
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))
        passed = [
            name
            for name, box in standing.items()
            if name not in (arrow.source, arrow.target)
            and any(runs_over(a, b, box) for a, b in pairwise(points))
        ]
        assert passed == [] or arrow.source.startswith(("timer_", "exit_")), (arrow, passed)


def inside(box, lane):
    return lane.x <= box.x and box.right <= lane.right and lane.y <= box.y and box.bottom <= lane.bottom


def runs_over(a, b, box):
    run = Box(x=min(a[0], b[0]), y=min(a[1], b[1]), width=abs(a[0] - b[0]) or 1, height=abs(a[1] - b[1]) or 1)
    return run.overlaps(box)


def test_no_element_lies_on_another_and_no_line_runs_over_one(matter):
    judge(matter)


@given(matter=machines())
@examples(max_examples=40)
def test_so_it_is_for_any_machine(matter):
    read(matter)
    judge(matter)


def test_the_same_matter_gives_the_same_bytes(matter):
    assert bpmn(CATALOG, matter, "en", ON) == bpmn(CATALOG, matter, "en", ON)
