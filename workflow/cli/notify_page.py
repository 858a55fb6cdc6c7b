"""How notifications look in a list and beside a finding, and what `doctor` says of them."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from workflow.cli.check import Check, Verdict
from workflow.cli.rendering import local, table
from workflow.domain.notification.values import APPLICANT
from workflow.errors import BanjieError
from workflow.texts import error_text, t

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.config import Settings
    from workflow.domain.directory import Directory
    from workflow.engine.banjie import Banjie
    from workflow.storage.notification_register import Kept
    from workflow.storage.store import Store

ZONE = "Asia/Shanghai"


def lines(banjie: Banjie, found: Sequence[Kept]) -> Iterator[tuple[str, ...]]:
    """A line of the list for each."""
    directory = banjie.directory()
    for one in found:
        yield (
            one.id,
            local(one.raised_at, ZONE),
            one.no,
            *_beside(one, directory),
        )


def of_finding(store: Store, case_id: str, finding: int) -> list[Kept]:
    """What was sent about a finding, the first first."""
    return list(reversed(store.notifications.kept(case_id=case_id, finding=finding)))


def finding_lines(found: Sequence[Kept], directory: Directory) -> list[str]:
    """Who was told of a finding, when and by what, or why not."""
    if not found:
        return [t("notify.finding.none")]
    names = ("kind", "recipient", "standing", "channel", "detail")
    heads = [t(f"notify.label.{name}") for name in names]
    return table(heads, [_beside(one, directory) for one in found])


def _beside(one: Kept, directory: Directory) -> tuple[str, ...]:
    person = directory.persons.get(one.recipient)
    name = t("notify.applicant") if one.recipient == APPLICANT else person.name if person else one.recipient
    standing = t(f"notify.standing.{one.standing}")
    return t(f"notify.kind.{one.kind}"), name, standing, one.channel or "", _detail(one)


def _detail(one: Kept) -> str:
    error = one.error or ""
    if one.standing == "sent":
        said = "in_digest" if one.digest else "sent"
        return t(f"notify.detail.{said}", at=local(one.sent_at, ZONE))
    if one.standing == "dead":
        return t("notify.detail.dead", attempts=one.attempts, error=error)
    if one.standing == "unwanted":
        return t(f"notify.detail.{error}")
    if error:
        return t("notify.detail.again", at=local(one.due_at, ZONE), error=error)
    return t("notify.detail.due", at=local(one.due_at, ZONE)) if one.due_at > one.raised_at else ""


def notify_checks(store: Store, settings: Settings) -> Iterator[Check]:
    """Whether there are channels that can be read, and whether anything could not be delivered."""
    if settings.notify is None:
        yield Check(name="notify", verdict=Verdict.WELL, found=t("notify.doctor.none"))
    else:
        yield from _channels(settings.notify)
    counts = store.notifications.counts()
    if dead := counts.get("dead", 0):
        found, mend = t("notify.doctor.dead", count=dead), t("notify.doctor.mend_dead")
        # Worth a person's look; but one bad address makes no worker sick, which a check that is wrong would.
        yield Check(name="notify", verdict=Verdict.NOTE, found=found, mend=mend)
    if waiting := counts.get("waiting", 0):
        yield Check(name="notify", verdict=Verdict.WELL, found=t("notify.doctor.waiting", count=waiting))


def _channels(path: Path) -> Iterator[Check]:
    from workflow.exchange.notify.settings import open_notifier

    try:
        notifier = open_notifier(path)
    except BanjieError as error:
        mend = t("notify.doctor.mend_settings")
        yield Check(name="notify", verdict=Verdict.WRONG, found=error_text(error), mend=mend)
        return
    names = t("case.comma").join(notifier.channels) if notifier is not None else ""
    found = t("notify.doctor.channels", names=names) if names else t("notify.doctor.none")
    yield Check(name="notify", verdict=Verdict.WELL, found=found)
    if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        found, mend = t("notify.doctor.unsafe", path=path), t("notify.doctor.mend_unsafe", path=path)
        yield Check(name="notify", verdict=Verdict.NOTE, found=found, mend=mend)
