"""BPMN 2.0 with its diagram: what bpmn.io and other modelling tools open, valid against the standard's schemas.

Names are in the language asked for, documentation carries the other one. Periods in working days have no ISO 8601 form, so
a timer's duration is written as the definition writes it (`20wd`) with its own expression language.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from workflow.catalog.drawing.captions import PUBLIC, Caption, captions, told
from workflow.catalog.drawing.nodes import SYSTEM, Arrow, Net, Node, What, net
from workflow.catalog.drawing.plan import Plan, plan
from workflow.catalog.drawing.shapes import Box
from workflow.catalog.limits import all_limits
from workflow.domain.period import WorkingDays, parse_period
from workflow.texts import LANGUAGES, t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog, Matter

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
PERIODS: Final = "urn:banjie:period"

_PREFIXES: Final = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI}


class _Writer:
    """Writes one matter in one language; the words of both are at hand for documentation."""

    def __init__(self, catalog: Catalog, matter: Matter, lang: str, on: date) -> None:
        self.matter = matter
        self.lang = lang
        self.other = next(each for each in LANGUAGES if each != lang)
        self.net: Net = net(matter)
        self.words: dict[str, dict[str, Caption]] = {
            each: captions(catalog, matter, self.net.of, each, on) for each in LANGUAGES
        }
        self.nodes = {node.id: node for node in self.net.nodes}
        self.names = dict(self._names())
        self.periods = {limit.clock: limit.period for limit in all_limits(catalog.law, matter, lang, on)}

    def document(self) -> bytes:
        definition = self.matter.definition
        root = etree.Element(_name(BPMN, "definitions"), nsmap=_PREFIXES)
        root.set("id", "definitions")
        root.set("name", self.matter.title(self.lang))
        root.set("targetNamespace", f"urn:banjie:matter:{definition.code}")
        root.set("exporter", "Banjie")
        process = f"process_{definition.code}"
        collaboration = _below(root, "collaboration", id="collaboration")
        _below(collaboration, "participant", id="pool", name=self.matter.title(self.lang), processRef=process)
        self._process(root, process)
        _diagram(root, self.net, plan(self.net, self.names))
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def _process(self, root: Any, name: str) -> None:
        definition = self.matter.definition
        process = _below(
            root,
            "process",
            id=name,
            name=self.matter.title(self.lang),
            processType="Private",
            isExecutable="false",
        )
        _documented(process, self.matter.title(self.other), f"sha256:{definition.hash}")
        lanes = _below(process, "laneSet", id="lanes")
        for lane in self.net.lanes:
            made = _below(lanes, "lane", id=f"lane_{lane}", name=self._post(lane, self.lang))
            _documented(made, self._post(lane, self.other))
            for node in self.net.nodes:
                if node.lane == lane:
                    _below(made, "flowNodeRef").text = node.id
        for node in self.net.nodes:
            self._node(process, node)
        for arrow in self.net.arrows:
            self._arrow(process, arrow)

    def _node(self, process: Any, node: Node) -> None:
        tag = What.WAIT if node.what is What.CATCH else node.what
        made = _below(process, tag, id=node.id)
        name = self.names[node.id]
        if name:
            made.set("name", name)
            _documented(made, self._named(node, self.other), *self._facts(node))
        if node.what is What.TIMER:
            made.set("attachedToRef", f"state_{node.state}")
            made.set("cancelActivity", "true")
        for arrow in self.net.arrows:
            if arrow.target == node.id:
                _below(made, "incoming").text = arrow.id
        for arrow in self.net.arrows:
            if arrow.source == node.id:
                _below(made, "outgoing").text = arrow.id
        if node.clock is not None:
            self._timer(made, node)
        if node.what in (What.THROW, What.CATCH):
            _below(made, "linkEventDefinition", id=f"{node.id}_link", name=str(node.action))

    def _timer(self, made: Any, node: Node) -> None:
        timer = _below(made, "timerEventDefinition", id=f"{node.id}_timer")
        length = _below(timer, "timeDuration")
        length.set(_name(XSI, "type"), "bpmn:tFormalExpression")
        period = self.periods[str(node.clock)]
        length.text = _iso(period)
        if length.text == period:
            length.set("language", PERIODS)

    def _arrow(self, process: Any, arrow: Arrow) -> None:
        made = _below(process, "sequenceFlow", id=arrow.id, sourceRef=arrow.source, targetRef=arrow.target)
        if arrow.id in self.names:
            made.set("name", self.names[arrow.id])
        if arrow.action is not None:
            state = self.nodes[arrow.source].state
            said = (told(self.matter, state, arrow.action, each) for each in (self.lang, self.other))
            _documented(made, *said)

    def _names(self) -> Iterator[tuple[str, str]]:
        """What elements and lines are called; a line from a timer or a link says nothing that they do not say."""
        for node in self.net.nodes:
            yield node.id, self._named(node, self.lang)
        for arrow in self.net.arrows:
            silent = (What.TIMER, What.THROW)
            ends = (self.nodes[arrow.source].what, self.nodes[arrow.target].what)
            if arrow.action is not None and not set(silent) & set(ends):
                yield arrow.id, self.matter.text(f"actions.{arrow.action}", self.lang)

    def _named(self, node: Node, lang: str) -> str:
        match node.what:
            case What.START:
                return t("drawing.bpmn.start", lang)
            case What.CHOICE:
                return ""
            case What.TIMER:
                return t("drawing.bpmn.timer", lang, clock=self.matter.text(f"clocks.{node.clock}", lang))
            case What.THROW | What.CATCH:
                return self.matter.text(f"actions.{node.action}", lang)
            case _:
                return self.words[lang][node.state].title

    def _facts(self, node: Node) -> list[str]:
        """Post and limits of a task in both languages, and the acts that leave the case where it is."""
        if node.what not in (What.USER, What.SERVICE, What.WAIT):
            return []
        facts: list[str] = []
        for lang in (self.lang, self.other):
            caption = self.words[lang][node.state]
            if caption.post and caption.organ:
                facts.append(t("drawing.post_at", lang, post=caption.post, organ=caption.organ))
            facts += caption.limits
            facts += (told(self.matter, node.state, name, lang) for name in self.net.of.within[node.state])
        return facts

    def _post(self, lane: str, lang: str) -> str:
        if lane == SYSTEM:
            return t("drawing.bpmn.lane_system", lang)
        if lane == PUBLIC:
            return t("drawing.anybody", lang)
        return self.matter.text(f"posts.{lane}", lang, default=lane)


def bpmn(catalog: Catalog, matter: Matter, lang: str, on: date) -> bytes:
    """A matter as a BPMN 2.0 document with its diagram, with the law in force `on` a day; the same matter gives the same
    bytes.
    """
    return _Writer(catalog, matter, lang, on).document()


def _diagram(root: Any, of: Net, places: Plan) -> None:
    diagram = etree.SubElement(root, _name(BPMNDI, "BPMNDiagram"), id="diagram")
    plane = etree.SubElement(diagram, _name(BPMNDI, "BPMNPlane"), id="plane", bpmnElement="collaboration")
    _shape(plane, "pool", places.pool, isHorizontal="true")
    for lane, box in places.lanes.items():
        _shape(plane, f"lane_{lane}", box, isHorizontal="true")
    for node in of.nodes:
        marked = {"isMarkerVisible": "true"} if node.what is What.CHOICE else {}
        _labelled(_shape(plane, node.id, places.boxes[node.id], **marked), places.labels.get(node.id))
    for arrow in of.arrows:
        edge = etree.SubElement(plane, _name(BPMNDI, "BPMNEdge"), id=f"{arrow.id}_di", bpmnElement=arrow.id)
        for x, y in places.lines[arrow.id]:
            etree.SubElement(edge, _name(DI, "waypoint"), x=str(x), y=str(y))
        _labelled(edge, places.labels.get(arrow.id))


def _shape(plane: Any, name: str, box: Box, **more: str) -> Any:
    shape = etree.SubElement(
        plane, _name(BPMNDI, "BPMNShape"), {"id": f"{name}_di", "bpmnElement": name, **more}
    )
    _bounds(shape, box)
    return shape


def _labelled(element: Any, box: Box | None) -> None:
    if box is not None:
        _bounds(etree.SubElement(element, _name(BPMNDI, "BPMNLabel")), box)


def _bounds(element: Any, box: Box) -> None:
    etree.SubElement(
        element, _name(DC, "Bounds"), x=str(box.x), y=str(box.y), width=str(box.width), height=str(box.height)
    )


def _below(parent: Any, tag: str, **attributes: str) -> Any:
    return etree.SubElement(parent, _name(BPMN, tag), attributes)


def _documented(element: Any, *texts: str) -> None:
    _below(element, "documentation").text = "\n".join(texts)


def _iso(period: str) -> str:
    """A period as ISO 8601 writes it; as it is where working days are counted."""
    length = parse_period(period)
    if isinstance(length, WorkingDays):
        return period
    unit = {"Hours": "PT{}H", "Days": "P{}D", "Weeks": "P{}W", "Months": "P{}M", "Years": "P{}Y"}
    return unit[type(length).__name__].format(length.amount)


def _name(space: str, tag: str) -> str:
    return f"{{{space}}}{tag}"
