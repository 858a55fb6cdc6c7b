"""`banjie findings`: what was found against posts, for those who hold them to account."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.finding_words import standing
from workflow.cli.rendering import day, emit, local, note, say, table
from workflow.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.engine.banjie import Banjie
    from workflow.queries.finding_rules import FindingRule
    from workflow.queries.findings import Listed
    from workflow.queries.wording import Wording

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.findings"))


class Weight(StrEnum):
    """The weights of a finding, as they are written on the command line."""

    REMINDER = "reminder"
    YELLOW = "yellow"
    RED = "red"


class Stand(StrEnum):
    """Where a finding stands in its life, as it is written on the command line."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"
    CONFIRMED = "confirmed"
    MEASURED = "measured"
    RESULTED = "resulted"
    STRUCK_OFF = "struck_off"


@app.callback()
def findings() -> None:
    """A group, so that `findings list` stays its name when others join it."""


@app.command("list", help=t("findings.help.list"))
def list_(
    colour: Annotated[Weight | None, typer.Option("--colour", help=t("findings.help.colour"))] = None,
    post: Annotated[str | None, typer.Option("--post", metavar="POST", help=t("findings.help.post"))] = None,
    organ: Annotated[
        str | None, typer.Option("--organ", metavar="CODE", help=t("findings.help.organ"))
    ] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="NO", help=t("findings.help.case"))] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="CODE", help=t("findings.help.person"))
    ] = None,
    standing: Annotated[Stand | None, typer.Option("--standing", help=t("findings.help.standing"))] = None,
    open_only: Annotated[bool, typer.Option("--open", help=t("findings.help.open"))] = False,
    after: Annotated[
        str | None, typer.Option("--after", metavar="MARK", help=t("findings.help.after"))
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=1000, help=t("findings.help.limit"))
    ] = 50,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.queries.findings import findings as found_by

    with open_banjie() as banjie:
        # One more than is shown tells whether there are more.
        found = found_by(
            banjie.store,
            colour=colour.value if colour else None,
            post=post,
            organ=organ,
            no=case,
            person=person,
            standing=standing.value if standing else None,
            open_only=open_only,
            after=after,
            limit=limit + 1,
        )
        shown = found[:limit]
        mark = shown[-1].mark if len(found) > limit else None
        if as_json:
            emit({"findings": [_plain(item) for item in shown], "next": mark})
            return
        say("\n".join(_page(banjie, shown)) if shown else t("findings.none"))
    if mark is not None:
        note(t("findings.more", mark=mark))


def _plain(item: Listed) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__dataclass_fields__}


def _page(banjie: Banjie, found: Sequence[Listed]) -> list[str]:
    from workflow.queries.cases import matter_of
    from workflow.queries.wording import Wording

    names = ("raised", "no", "number", "colour", "clock", "due", "post", "organ", "person", "standing")
    catalog = banjie.present_catalog()
    words = {
        hash_: Wording(matter=matter_of(banjie.store, hash_), catalog=catalog)
        for hash_ in {item.definition for item in found}
    }
    return table(
        [t(f"findings.label.{name}") for name in names],
        [_line(words[item.definition], item) for item in found],
    )


def _line(words: Wording, item: Listed) -> tuple[str, ...]:
    return (
        local(item.raised_at, words.matter.definition.zone),
        item.no,
        str(item.finding),
        t(f"findings.colour.{item.colour}"),
        words.of("clocks", item.clock) if item.clock else _duty(item),
        day(item.due_on),
        words.of("posts", item.post),
        words.organ(item.organ),
        words.person(item.person),
        standing(item),
    )


def _duty(item: Listed) -> str:
    return t(f"findings.{item.rule}") if item.basis == "procedure" else ""


@app.command(help=t("findings.help.show"))
def show(
    no: Annotated[str, typer.Argument(metavar="NO", help=t("findings.help.case"))],
    number: Annotated[int, typer.Argument(metavar="N", help=t("findings.help.number"))],
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.cli.finding_page import finding_page, finding_plain
    from workflow.cli.notify_page import finding_lines, of_finding
    from workflow.cli.opening import open_banjie
    from workflow.queries.findings import finding_file

    with open_banjie() as banjie:
        found = finding_file(banjie.store, banjie.present_catalog(), no, number)
        sent = of_finding(banjie.store, found.finding.case_id, number)
        if as_json:
            emit({**finding_plain(found), "notifications": sent})
        else:
            told = finding_lines(sent, banjie.directory())
            say("\n".join([*finding_page(found), "", t("notify.finding.title"), *told]))


@app.command(help=t("findings.help.rules"))
def rules(
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.catalog.loader import load
    from workflow.cli.finding_rules_page import rules_page
    from workflow.config import Settings
    from workflow.queries.finding_rules import finding_rules

    found = finding_rules(load(Settings.from_environment().definition_folders()))
    if as_json:
        emit({"rules": [_plain_rule(rule) for rule in found]})
    else:
        say("\n".join(rules_page(found)))


def _plain_rule(rule: FindingRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in rule.__dataclass_fields__}
