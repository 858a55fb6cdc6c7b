"""`banjie letter`: filing letters, which cases stand under them, and their replies."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.rendering import emit, local, pairs, say, table
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.queries.letters import Letter
    from workflow.storage.letter_register import KeptLetter

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.letter"))

Number = Annotated[str, typer.Argument(metavar="NO", help=t("letter.help.number"))]
OrganOption = Annotated[str | None, typer.Option("--organ", metavar="CODE", help=t("letter.help.organ"))]
Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]


@app.command("list", help=t("letter.help.list"))
def list_(
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=1000, help=t("letter.help.limit"))
    ] = 100,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie

    with open_banjie() as banjie:
        found = banjie.store.letters.all(limit=limit)
        if as_json:
            emit({"letters": [_plain(one) for one in found]})
        elif not found:
            say(t("letter.none"))
        else:
            catalog = banjie.present_catalog()
            heads = [t(f"letter.label.{name}") for name in ("number", "organ", "state", "cases", "reply")]
            say("\n".join(table(heads, [_line(one, catalog) for one in found])))


@app.command(help=t("letter.help.show"))
def show(number: Number, organ: OrganOption = None, as_json: Json = False) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.queries.letters import letter

    with open_banjie() as banjie:
        found = letter(banjie.store, number, organ)
        if as_json:
            members = [asdict(one) for one in (*found.members, *found.left)]
            emit({**_plain(found.kept), "members": members})
        else:
            say("\n".join(_page(found, banjie.present_catalog())))


@app.command(help=t("letter.help.reply"))
def reply(
    number: Number,
    out: Annotated[Path, typer.Option("--out", metavar="F", help=t("letter.help.out"))],
    organ: OrganOption = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.documents.reply import Replied, reply_page, reply_pdf
    from workflow.domain.publication import NAME
    from workflow.exchange.output import written
    from workflow.queries.letters import letter
    from workflow.texts import language

    with open_banjie() as banjie:
        found = letter(banjie.store, number, organ)
        names: dict[str, str] = {}
        for member in found.members:
            name = banjie.store.personal_values(member.case_id).get(f"form.{NAME}")
            if name is not None:
                names[member.case_id] = name
        of = Replied(kept=found.kept, members=found.members, matter=found.matter)
        given = (of, banjie.present_catalog(), names, language())
        body = reply_pdf(*given) if out.suffix == ".pdf" else reply_page(*given).encode()
    with written(out) as file:
        file.write(body)
    if as_json:
        emit({"out": str(out), "bytes": len(body)})
    else:
        say(t("letter.written", out=out))


def _plain(one: KeptLetter) -> dict[str, Any]:
    return {**asdict(one), "state": one.state, "reply": _number(one) or None}


def _number(one: KeptLetter) -> str:
    if one.reply_number is None:
        return ""
    return t("case.document_number", series=one.reply_series, year=one.reply_year, number=one.reply_number)


def _line(one: KeptLetter, catalog: Catalog) -> tuple[str, ...]:
    concluded = t("letter.concluded", done=one.cases - one.waiting, cases=one.cases)
    return one.number, catalog.organ_name(one.organ), t(f"letter.state.{one.state}"), concluded, _number(one)


def _page(found: Letter, catalog: Catalog) -> list[str]:
    kept, zone = found.kept, found.matter.definition.zone
    about = [
        ("number", kept.number),
        ("organ", catalog.organ_name(kept.organ)),
        ("matter", found.matter.title()),
        ("opened", local(kept.opened_at, zone)),
        ("state", t(f"letter.state.{kept.state}")),
        ("cases", t("letter.concluded", done=kept.cases - kept.waiting, cases=kept.cases)),
        ("reply", _number(kept)),
        ("replied", local(kept.replied_at, zone)),
    ]
    lines = pairs((t(f"letter.label.{name}"), value) for name, value in about)
    heads = [t(f"letter.head.{name}") for name in ("place", "case", "state", "outcome", "paper")]
    rows = [
        (
            str(one.place or ""),
            one.no,
            found.matter.text(f"states.{one.state}", default=one.state),
            found.matter.text(f"outcomes.{one.outcome}", default=one.outcome or "") if one.outcome else "",
            t("letter.left") if one.left_at is not None else one.paper or "",
        )
        for one in (*found.members, *found.left)
    ]
    return [*lines, "", *table(heads, rows)]
