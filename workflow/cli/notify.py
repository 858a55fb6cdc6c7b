"""`banjie notify`: what was sent to whom, what could not be, and how each person wants to be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.rendering import emit, pairs, say, table
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.domain.notification.times import Preference
    from workflow.engine.banjie import Banjie

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.notify"))
preferences = typer.Typer(no_args_is_help=True, help=t("notify.help.preferences"))
app.add_typer(preferences, name="preferences")

Who = Annotated[str, typer.Argument(metavar="PERSON", help=t("notify.help.person"))]
Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]
Words = list[str] | None

NONE = "-"
"""What is written for "as the installation has it", or for none."""


@preferences.command(help=t("notify.help.show"))
def show(person: Who, as_json: Json = False) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.engine.notification_wishes import wishes
    from workflow.errors import UnknownPerson

    with open_banjie() as banjie:
        if person not in banjie.directory().persons:
            raise UnknownPerson(what="person", name=person)
        _told(person, wishes(banjie, person), as_json=as_json)


@preferences.command("set", help=t("notify.help.set"))
def set_(
    person: Who,
    channel: Annotated[
        Words, typer.Option("--channel", metavar="NAME", help=t("notify.help.channel"))
    ] = None,
    address: Annotated[
        Words, typer.Option("--address", metavar="CHANNEL=ADDRESS", help=t("notify.help.address"))
    ] = None,
    lang: Annotated[str | None, typer.Option("--language", help=t("notify.help.language"))] = None,
    digest: Annotated[
        str | None, typer.Option("--digest", metavar="HH:MM", help=t("notify.help.digest"))
    ] = None,
    quiet: Annotated[
        str | None, typer.Option("--quiet", metavar="HH:MM-HH:MM", help=t("notify.help.quiet"))
    ] = None,
    decline: Annotated[
        Words, typer.Option("--decline", metavar="KIND", help=t("notify.help.decline"))
    ] = None,
    accept: Annotated[Words, typer.Option("--accept", metavar="KIND", help=t("notify.help.accept"))] = None,
    by: Annotated[str | None, typer.Option("--as", metavar="USER", help=t("notify.help.as"))] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.opening import open_banjie
    from workflow.engine.notification_wishes import keep_wishes, wishes

    with open_banjie() as banjie:
        wish = wishes(banjie, person)
        if channel is not None:
            wish = replace(wish, channels=() if channel == [NONE] else tuple(dict.fromkeys(channel)))
        if lang is not None:
            wish = replace(wish, language=None if lang == NONE else lang)
        if digest is not None:
            wish = replace(wish, digest=_time(digest))
        if quiet is not None:
            wish = replace(wish, quiet=_hours(quiet))
        wish = replace(
            wish,
            addresses=_addresses(wish.addresses, address or []),
            declined=(wish.declined | frozenset(decline or ())) - frozenset(accept or ()),
        )
        keep_wishes(banjie, person, wish, by=actor(by))
        if not as_json:
            say(t("notify.kept", person=person))
        _told(person, wish, as_json=as_json)


@app.command("list", help=t("notify.help.list"))
def list_(
    dead: Annotated[bool, typer.Option("--dead", help=t("notify.help.dead"))] = False,
    person: Annotated[
        str | None, typer.Option("--person", metavar="CODE", help=t("notify.help.of_person"))
    ] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="NO", help=t("notify.help.of_case"))] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=1000, help=t("notify.help.limit"))
    ] = 50,
    as_json: Json = False,
) -> None:
    from workflow.cli.notify_page import lines
    from workflow.cli.opening import open_banjie
    from workflow.errors import UnknownCase

    with open_banjie() as banjie:
        case_id = banjie.store.case_id(case) if case is not None else None
        if case is not None and case_id is None:
            raise UnknownCase(what="case", name=case)
        found = banjie.store.notifications.kept(
            standing="dead" if dead else None, recipient=person, case_id=case_id, limit=limit
        )
        if as_json:
            emit({"notifications": found})
        elif not found:
            say(t("notify.none"))
        else:
            names = ("id", "raised", "no", "kind", "recipient", "standing", "channel", "detail")
            heads = [t(f"notify.label.{name}") for name in names]
            say("\n".join(table(heads, lines(banjie, found))))


@app.command(help=t("notify.help.retry"))
def retry(
    delivery: Annotated[str, typer.Argument(metavar="ID", help=t("notify.help.id"))], as_json: Json = False
) -> None:
    from workflow.cli.opening import open_database

    with open_database() as store:
        again = store.notifications.retry(delivery)
    if as_json:
        emit({"retried": again, "id": delivery})
    else:
        say(t("notify.retried" if again else "notify.not_dead", id=delivery))
    if not again:
        raise typer.Exit(1)


@app.command("hold-after-restore", help=t("notify.help.hold"))
def hold_after_restore(as_json: Json = False) -> None:
    from workflow.cli.opening import open_database

    with open_database() as store:
        held = store.notifications.hold()
    if as_json:
        emit({"held": held})
    else:
        say(t("notify.held", count=held))


@app.command("release-held", help=t("notify.help.release_held"))
def release_held(as_json: Json = False) -> None:
    from workflow.cli.opening import open_database

    with open_database() as store:
        released = store.notifications.release_held()
    if as_json:
        emit({"released": released})
    else:
        say(t("notify.released", count=released))


@app.command("test", help=t("notify.help.test"))
def try_out(person: Who, as_json: Json = False) -> None:
    from workflow.cli.opening import open_banjie

    with open_banjie() as banjie:
        answers = _tried(banjie, person)
    if as_json:
        emit({"channels": answers})
    else:
        for one in answers:
            said = "trial_sent" if one["outcome"] == "sent" else "trial_failed"
            say(t(f"notify.{said}", channel=one["channel"], why=one["why"]))
        if not answers:
            say(t("notify.no_way"))
    if not answers or any(one["outcome"] != "sent" for one in answers):
        raise typer.Exit(1)


def _tried(banjie: Banjie, person: str) -> list[dict[str, Any]]:
    """What each channel of a person answers to a message that is in no outbox."""
    from uuid import uuid4

    from workflow.engine.notification_wishes import wishes
    from workflow.engine.notification_words import trial
    from workflow.engine.notifying import ways
    from workflow.errors import BadSetting, UnknownPerson

    if banjie.notifier is None:
        raise BadSetting(name="BANJIE_NOTIFY", reason=t("notify.no_channels"))
    if person not in banjie.directory().persons:
        raise UnknownPerson(what="person", name=person)
    wish = wishes(banjie, person)
    language, now = wish.language or banjie.notifier.language, banjie.store.notifications.real_time()
    told = []
    for channel, address in ways(banjie.notifier, wish):
        answer = channel.send(trial(str(uuid4()), person, language, now), address)
        told.append({"channel": channel.name, "outcome": answer.outcome.value, "why": answer.why})
    return told


def _told(person: str, wish: Preference, *, as_json: bool) -> None:
    from workflow.engine.notification_wishes import plain

    content = plain(wish)
    if as_json:
        emit({"person": person, **content})
        return
    usual, comma = t("notify.by_default"), t("case.comma")
    shown = {
        "person": person,
        "language": content["language"] or usual,
        "channels": comma.join(content["channels"]) or usual,
        "addresses": comma.join(f"{name}={address}" for name, address in content["addresses"].items()),
        "digest": content["digest"] or "",
        "quiet": "-".join(content["quiet"] or ()),
        "declined": comma.join(t(f"notify.kind.{kind}") for kind in content["declined"]),
    }
    say("\n".join(pairs((t(f"notify.label.{name}"), value) for name, value in shown.items())))


def _time(text: str) -> time | None:
    from workflow.engine.notification_wishes import time_of_day

    return None if text == NONE else time_of_day(text)


def _hours(text: str) -> tuple[time, time] | None:
    from workflow.engine.notification_wishes import time_of_day

    if text == NONE:
        return None
    begin, dash, end = text.partition("-")
    if not dash:
        raise typer.BadParameter(t("notify.usage.quiet"))
    return time_of_day(begin), time_of_day(end)


def _addresses(known: Any, given: list[str]) -> dict[str, str]:
    addresses = dict(known)
    for one in given:
        name, equals, address = one.partition("=")
        if not equals:
            raise typer.BadParameter(t("notify.usage.address"))
        if address:
            addresses[name] = address
        else:
            addresses.pop(name, None)
    return addresses
