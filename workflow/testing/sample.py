"""A small licence, a small directory and the facts they need, built in code: for tests that are about the machine and
not about any real matter.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from workflow.domain.calendar import Calendar, Notice, NoticeDay
from workflow.domain.definition import (
    Action,
    ClockSpec,
    Colour,
    Definition,
    DocumentSpec,
    Effect,
    Expiry,
    Field,
    Holder,
    Material,
    NoticeSpec,
    OnReturn,
    Pause,
    Post,
    Regime,
    Rung,
    State,
    Trigger,
)
from workflow.domain.directory import Directory, Holding, Organ, Person
from workflow.domain.law import (
    EndOfDayRule,
    ExtensionRule,
    Ground,
    LawParameters,
    RollRule,
    Rule,
    StartRule,
)
from workflow.domain.period import WorkingDays
from workflow.domain.scene import Facts

ZONE = "Asia/Shanghai"
LONG_AGO = date(2000, 1, 1)


def at(day: str, clock: str = "09:00") -> datetime:
    """The instant (UTC) of a day and a time in Beijing."""
    local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(ZONE))
    return local.astimezone(UTC)


def ground(ground_id: str, *, limit: int | None = None, automatic_end: bool = False) -> Ground:
    """A ground of excluded time, with an alarm two working days before its limit."""
    return Ground(
        id=ground_id,
        title={"zh-CN": ground_id, "en": ground_id},
        basis={"zh-CN": "行政许可法第四十五条", "en": "Licensing Law art. 45"},
        opener="handler",
        notice="notice",
        holder="expert",
        limit=WorkingDays(limit) if limit else None,
        alarm=WorkingDays(2) if limit else None,
        automatic_end=automatic_end,
    )


def rule(rule_id: str, days: int, *, extension: int | None = None, grounds: tuple[Ground, ...] = ()) -> Rule:
    """A rule of so many working days, starting the day after."""
    return Rule(
        id=rule_id,
        version="2004-07-01",
        title={"zh-CN": rule_id, "en": rule_id},
        period=WorkingDays(days),
        citation={"zh-CN": "行政许可法", "en": "Licensing Law"},
        basis="statute",
        zone=ZONE,
        calendar="cn",
        start=StartRule(),
        roll=RollRule.NONE,
        end_of_day=EndOfDayRule.MIDNIGHT,
        valid_from=LONG_AGO,
        extension=ExtensionRule(period=WorkingDays(extension)) if extension else None,
        grounds=grounds,
    )


GROUNDS = (
    ground("hearing"),
    ground("testing"),
    ground("appraisal", limit=5),
    ground("expert_review", limit=5, automatic_end=True),
)


def calendar() -> Calendar:
    """Weekends, and one notice for 2026: 1–8 October off, Saturday 10 October worked."""
    off = tuple(NoticeDay(date=date(2026, 10, day), off=True, name="国庆节") for day in range(1, 9))
    worked = NoticeDay(date=date(2026, 10, 10), off=False, name="国庆节")
    paper = Notice(
        id="cn-2026",
        issued_on=date(2025, 11, 4),
        source="sample",
        title="2026",
        days=(*off, worked),
        confirms=2026,
    )
    return Calendar(code="cn", zone=ZONE, notices=(paper,))


def directory() -> Directory:
    """An office with a window, two handlers and their deputy, a checker, an approver, a head, a supervisor, two auditors and
    two keepers of the calendar, and an agency that files.
    """
    organs = {
        "office": Organ(
            code="office", kind="ministry", names={"zh-CN": "人事部", "en": "Ministry of Personnel"}
        ),
        "agency": Organ(code="agency", kind="agency", names={"zh-CN": "人才公司", "en": "Talent agency"}),
    }
    kinds = {
        "clerk": ("window",),
        "anna": ("handler",),
        "bo": ("handler",),
        "chen": ("checker", "handler"),
        "dong": ("approver",),
        "fay": ("calendar_keeper",),
        "gus": ("calendar_keeper",),
        "hana": ("head",),
        "sven": ("supervisor",),
        "arno": ("auditor",),
        "axel": ("auditor",),
    }
    holdings = [
        Holding(person=person, kind=kind, organ="office", since=LONG_AGO)
        for person, held in kinds.items()
        for kind in held
    ]
    holdings.append(Holding(person="dora", kind="handler", organ="office", since=LONG_AGO, deputy=True))
    holdings.append(Holding(person="ella", kind="applicant", organ="agency", since=LONG_AGO))
    persons = {code: Person(code=code, name=code.title()) for code in (*kinds, "dora", "ella")}
    return Directory(version="sample-1", organs=organs, persons=persons, holdings=tuple(holdings))


def facts() -> Facts:
    """The facts of the sample licence."""
    rules = {
        "accept": (rule("accept", 5),),
        "decide": (rule("decide", 20, extension=10, grounds=GROUNDS),),
        "publicity": (rule("publicity", 5),),
        "cn.house.order": (rule("cn.house.order", 5),),
        "cn.accountability.acknowledgement": (rule("cn.accountability.acknowledgement", 1),),
        "cn.accountability.explanation": (rule("cn.accountability.explanation", 5),),
    }
    return Facts(
        calendar=calendar(),
        law=LawParameters(version="law-1", rules=rules, grounds={found.id: found for found in GROUNDS}),
        directory=directory(),
    )


def definition() -> Definition:
    """Filed → (5 days, else deemed accepted) → review → check → notice → sign → delivered and archived by the system."""
    office = {name: Post(kind=name, organ="office") for name in ("window", "handler", "checker", "approver")}
    return Definition(
        code="sample-licence",
        hash="sample",
        process="licensing",
        regime=Regime.LICENSING,
        provenance="reconstructed",
        kind="promised",
        zone=ZONE,
        calendar="cn",
        series="SL",
        initial="filed",
        filed_by=("applicant",),
        posts={**office, "applicant": Post(kind="applicant", organ="@filer")},
        states={
            "filed": State(stage="submit", automatic="precheck"),
            "received": State(stage="accept", post="window"),
            "supplementing": State(stage="accept", post="applicant", holder=Holder.APPLICANT),
            "review": State(stage="review", post="handler"),
            "hearing": State(stage="review", post="handler"),
            "check": State(stage="review", post="checker"),
            "notice": State(stage="publicize", post="handler"),
            "signing": State(stage="approve", post="approver"),
            "granted": State(stage="deliver", automatic="archive"),
            "withdrawn": State(stage="archive", final=True),
            "archived": State(stage="archive", final=True),
        },
        actions=_actions(),
        clocks=_clocks(),
        form={"type": "object"},
        personal=("name",),
        materials={"charter": Material(), "funds": Material(), "extra": Material(required=False)},
        documents={"licence": DocumentSpec(series="许"), "notice": DocumentSpec()},
        notices={"result": NoticeSpec(before_effect=True, fields=("name",))},
        outcomes=("granted", "withdrawn"),
        distinct=(("handler", "checker", "approver"),),
    )


def _actions() -> dict[str, Action]:
    def by(post: str) -> tuple[str, ...]:
        return (post,)

    return {
        "precheck": Action(
            sources=("filed",), to="received", by=by("system"), effects=(Effect(do="check_materials"),)
        ),
        "accept": Action(
            sources=("received",),
            to="review",
            by=by("window"),
            guards=("materials_complete",),
            effects=(Effect(do="accept"), Effect(do="issue", document="notice")),
        ),
        "deem_accepted": Action(
            sources=("received",),
            to="review",
            by=by("system"),
            effects=(Effect(do="accept", backdated=True),),
        ),
        "request_supplement": Action(
            sources=("received",),
            to="supplementing",
            by=by("window"),
            fields={"defects": Field(type="list", required=False)},
            guards=("supplement_not_yet_requested",),
            effects=(Effect(do="request_supplement"),),
        ),
        "supplement": Action(
            sources=("supplementing",),
            to="filed",
            by=by("applicant"),
            fields={"materials": Field(type="list", min_items=1)},
            effects=(Effect(do="receive_supplement"),),
        ),
        "review": Action(
            sources=("review",),
            to="check",
            by=by("handler"),
            fields={"inspectors": Field(type="list"), "note": Field(required=False)},
            guards=("two_inspectors",),
        ),
        "order_hearing": Action(sources=("review",), to="hearing", by=by("handler")),
        "hold_hearing": Action(
            sources=("hearing",),
            to="review",
            by=by("handler"),
            fields={"chair": Field(), "record": Field(type="text")},
            guards=("chair_is_not_examiner", "hearing_record_given"),
        ),
        "send_back": Action(sources=("check",), to="review", by=by("checker"), on_return=OnReturn.CONTINUE),
        "start_over": Action(sources=("check",), to="review", by=by("checker"), on_return=OnReturn.RESTART),
        "consult": Action(
            sources=("review", "check"),
            by=by("handler"),
            fields={"ground": Field()},
            effects=(Effect(do="stop_counting", clock="decision", document="notice"),),
        ),
        "hear_back": Action(
            sources=("review", "check"),
            by=by("handler"),
            fields={"ground": Field()},
            effects=(Effect(do="resume_counting", clock="decision"),),
        ),
        "agree": Action(
            sources=("check",),
            to="notice",
            by=by("checker"),
            effects=(Effect(do="publish", notice="result"),),
        ),
        "object": Action(
            sources=("notice", "signing"),
            by=by("public"),
            fields={"grounds": Field(type="text")},
            effects=(Effect(do="raise_objection"),),
        ),
        "answer_objection": Action(
            sources=("notice", "signing"),
            by=by("handler"),
            fields={"upheld": Field(type="boolean"), "finding": Field(type="text")},
            guards=("open_objection",),
            effects=(Effect(do="decide_objection"),),
        ),
        "end_notice": Action(
            sources=("notice",),
            to="signing",
            by=by("system"),
            effects=(Effect(do="take_down", notice="result"),),
        ),
        "extend": Action(
            sources=("review", "check"),
            by=by("approver"),
            fields={"reason": Field(type="text")},
            guards=("not_extended_before", "before_due"),
            effects=(Effect(do="extend", clock="decision"),),
        ),
        "take_extension_back": Action(
            sources=("review", "check"),
            by=by("approver"),
            fields={"reason": Field(type="text")},
            effects=(Effect(do="remove_extension", clock="decision"),),
        ),
        "sign": Action(
            sources=("signing",),
            to="granted",
            by=by("approver"),
            guards=("no_open_objection",),
            effects=(
                Effect(do="decide", outcome="granted"),
                Effect(do="conclude"),
                Effect(do="issue", document="licence"),
            ),
        ),
        "withdraw": Action(
            sources=("received", "supplementing", "review", "check"),
            to="withdrawn",
            by=by("applicant"),
            effects=(Effect(do="conclude", outcome="withdrawn"),),
        ),
        "archive": Action(
            sources=("granted",),
            to="archived",
            by=by("system"),
            effects=(Effect(do="deliver"), Effect(do="archive")),
        ),
    }


def _clocks() -> dict[str, ClockSpec]:
    ladder = (
        Rung(name="reminder", offset=-1, colour=Colour.REMINDER),
        Rung(name="overdue", offset=0, colour=Colour.RED),
    )
    return {
        "acceptance": ClockSpec(
            rule="accept",
            start=Trigger(events=("FilingSubmitted", "MaterialsSupplemented")),
            end=Trigger(events=("FilingAccepted", "SupplementRequested", "CaseConcluded")),
            expiry=Expiry.DEEMED_ACCEPTED,
            expiry_action="deem_accepted",
        ),
        "decision": ClockSpec(
            rule="decide",
            start=Trigger(events=("FilingAccepted",)),
            end=Trigger(events=("CaseConcluded",)),
            pauses=(Pause(states=("hearing",), ground="hearing", notice="notice"),),
            rungs=ladder,
        ),
        "publicity": ClockSpec(
            rule="publicity",
            start=Trigger(enter=("notice",)),
            end=Trigger(leave=("notice",)),
            expiry=Expiry.PROCEED,
            expiry_action="end_notice",
        ),
    }
