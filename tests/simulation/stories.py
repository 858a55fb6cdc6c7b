"""The main stories of the engine as steps that can each be asked for again: what somebody does, what the machine does, and
time that passes. Each step is what one process does between two replies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from tests.integration.transfers import AFTER_THE_NOTICE, FILER, FORM, MATERIALS, TO_THE_NOTICE
from tests.simulation.errands import SAMPLE, with_promise
from tests.simulation.places import catalog
from workflow.catalog.plans import Plan
from workflow.domain.calendar import Notice, NoticeDay
from workflow.domain.commands import SubmitFiling, TakeAction
from workflow.domain.directory import Absence
from workflow.engine import calendar_notices, directory_changes
from workflow.engine.banjie import Banjie
from workflow.engine.filings import file_together
from workflow.engine.handle import case_id_for, handle
from workflow.engine.migrations import migrate
from workflow.engine.versions import publish

Ask = Callable[[Banjie], Any]
Step = Ask | datetime | timedelta
"""Something asked for by somebody; or an instant, or a while, until which time passes and falls due."""

WEEK = timedelta(days=7)


def filing(key: str, *, letter: str | None = None) -> SubmitFiling:
    return SubmitFiling(
        case_id=case_id_for("ella", key), key=key, actor="ella", matter=SAMPLE, form={"name": f"王{key}"},
        materials=("charter", "funds"), letter=letter,
    )  # fmt: skip


def files(key: str = "one", *, letter: str | None = None) -> Ask:
    command = filing(key, letter=letter)
    return lambda banjie: handle(banjie, command)


def acts(actor: str, action: str, of: str = "one", *, filer: str = "ella", **fields: Any) -> Ask:
    """Nobody does the same twice on a case in these stories, so the key follows from what is done."""
    command = TakeAction(
        case_id=case_id_for(filer, of), key=f"{action}-{of}", actor=actor, action=action, fields=fields
    )
    return lambda banjie: handle(banjie, command)


def administrators() -> tuple[str, str]:
    directory, on = catalog().directory, date(2026, 9, 7)
    return directory.administrators("system", on)[0], directory.administrators("security", on)[0]


def _licence() -> list[Step]:
    return [
        files(), acts("clerk", "accept"), acts("anna", "review", inspectors=["anna", "bo"]), acts("chen", "agree"),
        timedelta(days=9), acts("dong", "sign"),
    ]  # fmt: skip


def _expiry() -> list[Step]:
    return [files(), 2 * WEEK, 5 * WEEK, acts("ella", "withdraw")]


def _supplement() -> list[Step]:
    return [
        files(), acts("clerk", "request_supplement", defects=["章程"]), timedelta(days=1),
        acts("ella", "supplement", materials=["charter", "funds"]), acts("clerk", "accept"),
    ]  # fmt: skip


def _extension() -> list[Step]:
    return [
        files(), acts("clerk", "accept"), timedelta(days=2), acts("dong", "extend", reason="案情复杂"),
        acts("anna", "consult", ground="expert_review"), timedelta(days=3),
        acts("anna", "hear_back", ground="expert_review"), 6 * WEEK,
    ]  # fmt: skip


def _hearing() -> list[Step]:
    return [
        files(), acts("clerk", "accept"), acts("anna", "order_hearing"), WEEK,
        acts("anna", "hold_hearing", chair="sven", record="听证笔录"),
        acts("anna", "review", inspectors=["anna", "bo"]), acts("chen", "send_back"),
    ]  # fmt: skip


def _countersign() -> list[Step]:
    return [
        files(), acts("clerk", "accept"), acts("anna", "claim"),
        acts("anna", "countersign", question="可否", mode="all", signers=["bo", "chen"]),
        acts("bo", "cosign", vote="agree"), acts("chen", "cosign", vote="agree"),
        acts("anna", "review", inspectors=["anna", "bo"]),
    ]  # fmt: skip


def _letter() -> list[Step]:
    number = "京人函〔2026〕5号"
    return [
        files("one", letter=number), files("two", letter=number), timedelta(days=1), acts("ella", "withdraw", "one"),
        acts("ella", "withdraw", "two"),
    ]  # fmt: skip


def _roster() -> list[Step]:
    commands = [filing(f"row-{row}") for row in range(3)]
    return [lambda banjie: tuple(file_together(banjie, commands)), acts("clerk", "accept", "row-1")]


def _notifications() -> list[Step]:
    return [
        files(), acts("clerk", "accept"), acts("bo", "claim"), acts("bo", "transfer", person="anna", reason="出差"),
        acts("sven", "order", text="请抓紧办理", due_on="2026-09-14"),
    ]  # fmt: skip


def _notice() -> list[Step]:
    system, security = administrators()
    paper = Notice(
        id="moved", number="moved", issued_on=date(2026, 9, 7), source="test", title="moved", confirms=None,
        days=tuple(NoticeDay(date=date(2026, 9, day), off=day == 9, name="调休") for day in (9, 12)),
    )  # fmt: skip
    return [
        files("one"), files("two"), acts("clerk", "accept", "two"),
        lambda banjie: calendar_notices.propose(banjie, "cn", paper, by=system),
        lambda banjie: calendar_notices.publish(banjie, "cn", "moved", by=security), 2 * WEEK,
    ]  # fmt: skip


def _absence() -> list[Step]:
    away = Absence(person="anna", since=date(2026, 9, 7), until=date(2026, 9, 8))
    return [
        files(), acts("clerk", "accept"), acts("anna", "claim"),
        lambda banjie: directory_changes.record(banjie, away, by="anna"), timedelta(days=3),
    ]  # fmt: skip


def _migration() -> list[Step]:
    system, _ = administrators()
    newer = with_promise(catalog(), "15wd")
    to = newer.matter(SAMPLE).definition.hash
    plan = Plan(matter=SAMPLE, reason="承诺时限缩短", hash=to)

    def published(banjie: Banjie) -> Any:
        return publish(replace(banjie, catalog=newer), SAMPLE, since=date(2026, 9, 8), until=None, by=system)

    def moved(banjie: Banjie) -> Any:
        told = list(migrate(replace(banjie, catalog=newer), plan, to, by=system, dry_run=False))
        for one in told:
            if one.error is not None:
                raise one.error
        return None

    return [
        files("one"),
        files("two"),
        acts("clerk", "accept", "two"),
        published,
        timedelta(days=1),
        moved,
        WEEK,
    ]


def _transfer() -> list[Step]:
    """Under a quota and a letter, from the filing to the archive."""
    key = "transfer"
    command = SubmitFiling(
        case_id=case_id_for(FILER, key), key=key, actor=FILER, matter="transfer-into-beijing", form=FORM,
        materials=MATERIALS,
    )  # fmt: skip
    before = [acts(who, what, key, filer=FILER, **fields) for who, what, fields in TO_THE_NOTICE]
    after = [acts(who, what, key, filer=FILER, **fields) for who, what, fields in AFTER_THE_NOTICE]
    return [lambda banjie: handle(banjie, command), *before, timedelta(days=9), *after]


STORIES: dict[str, Callable[[], list[Step]]] = {
    "licence from filing to archive": _licence,
    "deemed acceptance, reminder and red card": _expiry,
    "supplement": _supplement,
    "extension and excluded time": _extension,
    "hearing and return": _hearing,
    "countersign": _countersign,
    "letter with one reply": _letter,
    "rows of a roster": _roster,
    "notifications": _notifications,
    "notice on holidays": _notice,
    "absence and deputy": _absence,
    "migration": _migration,
    "transfer under a quota": _transfer,
}
