"""Every shipped matter can be walked: along random legal paths to an end, and past the hard places on the law's own days."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.catalog.loader import Catalog, load
from workflow.domain import authority
from workflow.domain.case import Case
from workflow.domain.commands import AnyCommand, EndChild, FireRung, RunJob, SubmitFiling, TakeAction
from workflow.domain.decide import decide
from workflow.domain.definition import Definition, Field
from workflow.domain.events import ActionTaken
from workflow.domain.evolve import evolve, fold
from workflow.domain.scene import Facts
from workflow.errors import BanjieError, Conflict, GuardRefused, NoRuleInForce, NotAuthorised
from workflow.testing.forms import filled_form

CATALOG = load()
FILERS = {
    "transfer-into-beijing": "zhi-moxiang",
    "talent-agency-licence": "wen-zhanmo",
    "environmental-permit-nl": "public:applicant",
}
"""Who files what the walks past hard places are about; for random walks anybody who may is found in the directory."""


class Walk:
    """One case under way, with the clock in hand."""

    def __init__(self, code: str, start: datetime, catalog: Catalog = CATALOG) -> None:
        self.definition: Definition = catalog.matter(code).definition
        self.facts = Facts(
            calendar=catalog.calendars[self.definition.calendar], law=catalog.law, directory=catalog.directory
        )
        self.now = start
        self.case: Case | None = None
        self.history: list[Any] = []

    @property
    def here(self) -> Case:
        assert self.case is not None
        return self.case

    @property
    def over(self) -> bool:
        return self.definition.states[self.here.state].final

    def do(self, command: AnyCommand) -> None:
        for decided in decide(self.definition, self.case, command, self.facts, self.now):
            self.case = evolve(self.case, decided.event, case_id="c", actor=decided.actor)
            self.history.append((decided.event, decided.actor))

    def file(self, *materials: str, form: dict[str, Any] | None = None) -> None:
        code = self.definition.code
        actor = FILERS[code] if code in FILERS else self.filer()
        form = form or {}
        self.do(SubmitFiling(case_id="c", key="0", actor=actor, matter=code, form=form, materials=materials))
        self.run_automatic()

    def file_somehow(self, chance: Random, share: float) -> None:
        """File with a form filled in at random and each material as likely as `share`."""
        form = filled_form(self.definition, chance, self.now.date())
        self.file(*(name for name in self.definition.materials if chance.random() < share), form=form)

    def filer(self) -> str:
        """Somebody who may file this matter."""
        posts = [self.definition.posts[p] for p in self.definition.filed_by if p in self.definition.posts]
        holdings = self.facts.directory.holdings
        return next(
            (
                h.person
                for p in posts
                for h in holdings
                if h.kind == p.kind and p.organ in (h.organ, f"@{p.organ[1:]}")
            ),
            "public:applicant",
        )

    def act(self, actor: str, action: str, **fields: Any) -> None:
        key = str(len(self.history))
        self.do(TakeAction(case_id="c", key=key, actor=actor, action=action, fields=fields))
        self.run_automatic()

    def end_a_child(self) -> None:
        """The first child that is still open, if there is one, is concluded somehow."""
        for child in self.here.children:
            if child.outcome is None:
                named = {"join": child.join, "round": child.round, "child": child.child}
                end = EndChild(case_id="c", key="e", actor="system", child_case="x", outcome="done", **named)
                self.do(end)
                self.run_automatic()
                return

    def run_automatic(self) -> None:
        while actions := self.definition.states[self.here.state].automatic_actions:
            action = actions[0]
            self.do(RunJob(case_id="c", key="j", actor="system", job=1, action=action, visit=self.here.visit))

    def to(self, moment: datetime) -> None:
        """Let time pass, everything that falls due on the way at its own instant."""
        while (due := self.next_rung()) is not None and due[0] <= moment:
            self.now = max(self.now, due[0])
            clock, generation, rung, revision = due[1:]
            self.do(
                FireRung(
                    case_id="c",
                    key="r",
                    actor="system",
                    clock=clock,
                    generation=generation,
                    rung=rung,
                    revision=revision,
                )
            )
            self.run_automatic()
        self.now = moment

    def next_rung(self) -> tuple[datetime, str, int, str, int] | None:
        waiting = [
            (rung.at, clock.clock, clock.generation, rung.rung, rung.revision)
            for clock in self.here.open_clocks()
            for rung in clock.rungs
            if not rung.fired and not rung.withheld
        ]
        return min(waiting, default=None)

    def actors(self, action: str) -> Iterator[str]:
        on = self.now.astimezone(ZoneInfo(self.definition.zone)).date()
        for post in self.definition.actions[action].by:
            if post in self.definition.posts:
                organ = authority.organ_of(self.definition, self.here.parties, post)
                yield from self.facts.directory.holders(organ or "", self.definition.posts[post].kind, on)
            elif post == "public":
                yield "public:somebody"


def filled(name: str, field: Field, chance: Random, walk: Walk) -> Any:
    if name == "objection":
        return next((found.number for found in walk.here.open_objections()), 1)
    if name == "materials":
        return list(walk.definition.materials)
    match field.type:
        case "choice":
            return chance.choice(field.choices)
        case "list":
            return ["zhou-mingli", "he-jie"]
        case "date":
            return walk.now.date().isoformat()
        case "integer":
            return chance.randint(1, 9)
        case "boolean":
            return chance.choice([True, False])
    return "文字"


def far(walk: Walk, name: str, taken: AbstractSet[str]) -> int:
    """How many transitions lie between where an action leads and the next action that is not in `taken`."""
    definition = walk.definition
    aims = {
        source
        for other, action in definition.actions.items()
        if other not in taken
        for source in action.sources
    }
    near, steps = {definition.actions[name].to or walk.here.state}, 0
    while not near & aims:
        reached = near | {a.to for a in definition.actions.values() if a.to and near & set(a.sources)}
        if reached == near:
            return len(definition.states)
        near, steps = reached, steps + 1
    return steps


def take_a_step(walk: Walk, chance: Random, taken: AbstractSet[str] = frozenset()) -> None:
    """Some legal action by somebody who may, or none at all.

    One that is not in `taken` comes first, then whatever leads nearer to one that is not.
    """
    if chance.random() < 0.6:
        walk.end_a_child()
    names = [
        name
        for name in walk.definition.actions_from(walk.here.state)
        if "system" not in walk.definition.actions[name].by
    ]
    chance.shuffle(names)
    # The nearest way may be closed to this case for good, so a farther one is tried now and then.
    for name in sorted(names, key=lambda name: (name in taken, far(walk, name, taken) + chance.randint(0, 3))):
        fields = walk.definition.actions[name].fields
        given_ = {key: filled(key, field, chance, walk) for key, field in fields.items()}
        actors = list(walk.actors(name))
        chance.shuffle(actors)
        for actor in actors:
            try:
                walk.act(actor, name, **given_)
            except (NotAuthorised, Conflict, NoRuleInForce):
                continue
            return


@pytest.mark.parametrize("code", sorted(CATALOG.matters))
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_a_random_legal_path_leads_to_an_end(code, seed):
    chance = Random(seed)
    walk = Walk(code, datetime(2011, 5, 9, 1, tzinfo=UTC))
    walk.file_somehow(chance, chance.choice([0.2, 0.8, 1]))

    for _ in range(300):
        if walk.over:
            break
        walk.to(walk.now + timedelta(hours=chance.randint(1, 96)))
        take_a_step(walk, chance)

    assert walk.over, walk.here.state
    assert walk.here.outcome or walk.here.concluded_at
    assert {paper.document for paper in walk.here.documents} <= set(walk.here.delivered) | {
        "extension_notice"
    }
    assert fold(walk.history, case_id="c") == walk.here


@pytest.mark.parametrize("code", sorted(CATALOG.matters))
def test_random_paths_cover_every_action(code):
    taken: set[str] = set()
    definition = CATALOG.matter(code).definition
    for seed in range(60):
        chance = Random(seed)
        # Some steps came with a later law.
        walk = Walk(code, datetime(2011 if seed % 2 else 2022, 5, 9, 1, tzinfo=UTC))
        walk.file_somehow(chance, 0.9)
        for _ in range(60):
            if walk.over:
                break
            walk.to(walk.now + timedelta(hours=chance.choice([1, 5, 24, 48, 300, 700])))
            take_a_step(walk, chance, taken)
            taken |= {event.action for event, _ in walk.history if isinstance(event, ActionTaken)}
        if taken == definition.actions.keys():
            break

    assert definition.actions.keys() - taken == set()


def beijing(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


def licence(start: datetime) -> Walk:
    walk = Walk("talent-agency-licence", start)
    walk.file(*walk.definition.materials)
    return walk


def due(walk: Walk, clock: str) -> date:
    found = walk.here.clock(clock)
    assert found is not None
    assert found.due is not None
    return found.due.on


def test_silence_accepts_back_to_the_receipt_over_the_golden_week():
    # Reference law-and-domain §2: received 2007-09-26, five working days end on 10-08, the decision is due 10-29.
    walk = licence(beijing(2007, 9, 26, 10))
    assert due(walk, "acceptance") == date(2007, 10, 8)

    walk.to(beijing(2007, 10, 8, 23))
    assert walk.here.state == "acceptance"
    walk.to(beijing(2007, 10, 9, 1))

    assert walk.here.state == "under_review"
    assert walk.here.deemed
    assert walk.here.accepted_at == beijing(2007, 9, 26, 10)
    assert due(walk, "decision") == date(2007, 10, 29)
    assert [(found.colour, found.clock) for found in walk.here.findings] == [
        ("reminder", "acceptance"),
        ("red", "acceptance"),
    ]


def test_the_head_of_the_organ_extends_once_before_the_end():
    walk = licence(beijing(2007, 9, 26, 10))
    walk.to(beijing(2007, 10, 9, 9))

    walk.act("ouyang-zhengqing", "extend", reason="需进一步核实场所")

    assert due(walk, "decision") == date(2007, 11, 12)
    with pytest.raises(GuardRefused):
        walk.act("ouyang-zhengqing", "extend", reason="再次延长")
    with pytest.raises(NotAuthorised):
        walk.act("gu-weimin", "extend", reason="分管领导")


def test_a_supplement_is_asked_for_once_and_starts_the_five_days_again():
    walk = Walk("talent-agency-licence", beijing(2026, 9, 7, 9))
    walk.file("application_report")

    with pytest.raises(GuardRefused):
        walk.act("lin-xiaotang", "accept")
    walk.act("lin-xiaotang", "request_supplement")
    assert len(walk.here.defects) == 5
    walk.to(beijing(2026, 9, 10, 9))
    walk.act("wen-zhanmo", "supplement_materials", materials=list(walk.definition.materials))

    clock = walk.here.clock("acceptance")
    assert clock is not None
    assert (clock.generation, due(walk, "acceptance")) == (2, date(2026, 9, 17))
    with pytest.raises(GuardRefused):
        walk.act("shan-zhiyuan", "request_supplement", defects=["还差一份"])
    walk.act("shan-zhiyuan", "accept")
    assert walk.here.state == "under_review"


def test_a_hearing_stops_the_clocks_and_its_chair_has_not_examined():
    walk = licence(beijing(2026, 9, 7, 9))
    walk.act("lin-xiaotang", "accept")
    with pytest.raises(GuardRefused):
        walk.act("jin-zhe", "inspect_on_site", inspectors=["jin-zhe", "jin-zhe"], findings="一人")
    walk.act("jin-zhe", "inspect_on_site", inspectors=["jin-zhe", "zha-shuyi"], findings="属实")
    before = due(walk, "decision")
    walk.act("jin-zhe", "order_hearing", reasons="涉及重大利益", hearing_on="2026-09-21", place="三层")

    assert walk.here.clock("decision").due is None
    assert walk.here.clock("decision_promise").due is None
    walk.to(beijing(2026, 9, 21, 15))
    with pytest.raises(BanjieError):
        walk.act("gongsun-lu", "hold_hearing", chair="jin-zhe", record="笔录")
    walk.act("gongsun-lu", "hold_hearing", chair="gongsun-lu", record="笔录")

    assert due(walk, "decision") > before
    assert {paper.document for paper in walk.here.documents} >= {"hearing_notice", "required_time_notice"}


def transfer_in_publicity() -> Walk:
    walk = Walk("transfer-into-beijing", beijing(2026, 9, 7, 9))
    walk.file(*walk.definition.materials)
    walk.act("shu-huaijin", "endorse", text="同意")
    walk.act("mo-yunxiang", "approve_report")
    walk.act("dian-ya", "report_up", letter="典人函〔2026〕7号", signer="舒怀瑾")
    walk.act("lin-xiaotang", "accept")
    walk.act("he-jie", "propose", opinion="agree", text="符合条件")
    walk.act("sima-yuan", "confirm", text="同意承办意见")
    walk.to(beijing(2026, 9, 28, 9))
    walk.act("gu-weimin", "intend_to_agree")
    return walk


def test_the_public_notice_ends_by_itself_after_the_golden_week():
    walk = transfer_in_publicity()
    # Five working days after Monday 28 September 2026: 29, 30 September and 8, 9, 10 October (a working Saturday).
    assert due(walk, "publicity") == date(2026, 10, 10)
    assert walk.here.clock("handling").due is None

    walk.to(beijing(2026, 10, 11, 0, 0))

    assert walk.here.state == "awaiting_issue"
    assert walk.here.notices == ()
    assert due(walk, "handling") > date(2026, 10, 11)


def test_an_objection_stops_the_signing_until_it_is_answered():
    walk = transfer_in_publicity()
    walk.act("public:reader", "raise_objection", grounds="学历不实")
    walk.to(beijing(2026, 10, 12, 9))

    with pytest.raises(GuardRefused):
        walk.act("gu-weimin", "sign_and_issue")
    walk.act("he-jie", "dismiss_objection", objection=1, finding="经核查，学历属实")
    walk.act("gu-weimin", "sign_and_issue")

    assert (walk.here.outcome, walk.here.state) == ("agreed", "awaiting_arrival")
    assert {
        paper.series for paper in walk.here.documents if paper.document in ("reply", "transfer_notice")
    } == {
        "国人函",
        "国人调",
    }


def test_an_objection_that_is_upheld_leads_back_to_the_handler_and_a_second_notice():
    walk = transfer_in_publicity()
    walk.act("public", "raise_objection", grounds="试用期未满")
    walk.act("he-jie", "uphold_objection", objection=1, finding="属实，材料需重新审查")

    assert (walk.here.state, walk.here.notices) == ("under_review", ())
    walk.act("he-jie", "propose", opinion="agree", text="试用期现已届满")
    walk.act("sima-yuan", "confirm", text="同意")
    walk.act("gu-weimin", "intend_to_agree")
    walk.to(walk.now + timedelta(days=20))
    walk.act("gu-weimin", "sign_and_issue")
    assert walk.here.outcome == "agreed"
    assert walk.here.clock("publicity").generation == 2


def test_handler_checker_and_approver_are_three_persons():
    walk = transfer_in_publicity()

    assert {act.person for act in walk.here.acts if act.post in ("handler", "checker", "approver")} == {
        "he-jie",
        "sima-yuan",
        "gu-weimin",
    }


def test_the_dutch_term_is_eight_weeks_to_the_minute_across_summer_time():
    amsterdam = ZoneInfo("Europe/Amsterdam")
    walk = Walk("environmental-permit-nl", datetime(2011, 10, 11, 13, 42, tzinfo=amsterdam).astimezone(UTC))
    walk.file()

    decision = walk.here.clock("decision")
    assert decision is not None
    assert decision.due is not None
    assert decision.due.at.astimezone(amsterdam).replace(tzinfo=None) == datetime(2011, 12, 6, 13, 42)  # noqa: DTZ001
