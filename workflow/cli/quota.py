"""`banjie quota`: places allotted to ministries by paper (进京指标), what became of them, and whether the figures hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.rendering import emit, local, say, table
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.domain.quota.book import QuotaKey
    from workflow.engine.banjie import Banjie
    from workflow.storage.quota_register import Allotment

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.quota"))

Kind = Annotated[str, typer.Argument(metavar="KIND", help=t("quota.help.kind"))]
Organ = Annotated[str, typer.Argument(metavar="ORGAN", help=t("quota.help.organ"))]
Year = Annotated[int, typer.Argument(metavar="YEAR", help=t("quota.help.year"))]
Document = Annotated[str, typer.Option("--document", metavar="NO", help=t("quota.help.document"))]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help=t("quota.help.reason"))]
As = Annotated[str | None, typer.Option("--as", metavar="PERSON", help=t("quota.help.as"))]
Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]


@app.command(help=t("quota.help.grant"))
def grant(
    kind: Kind,
    organ: Organ,
    year: Year,
    places: Annotated[int, typer.Argument(metavar="PLACES", help=t("quota.help.more"))],
    document: Document,
    reason: Reason = "",
    by: As = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.opening import open_banjie
    from workflow.domain.quota.book import QuotaKey
    from workflow.engine.quotas import grant as allot

    with open_banjie() as banjie:
        key = QuotaKey(kind=kind, organ=organ, year=year)
        _tell(banjie, allot(banjie, key, places, document=document, by=actor(by), reason=reason), as_json)


@app.command(help=t("quota.help.adjust"))
def adjust(
    kind: Kind,
    organ: Organ,
    year: Year,
    places: Annotated[int, typer.Argument(metavar="PLACES", help=t("quota.help.total"))],
    document: Document,
    reason: Reason,
    by: As = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.opening import open_banjie
    from workflow.domain.quota.book import QuotaKey
    from workflow.engine.quotas import adjust as correct

    with open_banjie() as banjie:
        key = QuotaKey(kind=kind, organ=organ, year=year)
        _tell(banjie, correct(banjie, key, places, document=document, by=actor(by), reason=reason), as_json)


@app.command(help=t("quota.help.show"))
def show(
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help=t("quota.help.only_kind"))
    ] = None,
    organ: Annotated[
        str | None, typer.Option("--organ", metavar="CODE", help=t("quota.help.only_organ"))
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", metavar="YEAR", help=t("quota.help.only_year"))
    ] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie

    with open_banjie() as banjie:
        found = banjie.store.quotas.balances(kind=kind, organ=organ, year=year)
        if as_json:
            emit({"quotas": [{**_plain_key(k), **_plain(b), "left": b.left} for k, b in found.items()]})
            return
        if not found:
            say(t("quota.none"))
            return
        heads = ("kind", "organ", "year", "allotted", "reserved", "consumed", "left")
        rows = [
            (*_named(banjie, key), *map(str, (b.places, b.reserved, b.consumed, b.left)))
            for key, b in found.items()
        ]
        say("\n".join(table([t(f"quota.label.{name}") for name in heads], rows)))


@app.command(help=t("quota.help.ledger"))
def ledger(kind: Kind, organ: Organ, year: Year, as_json: Json = False) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.domain.quota.book import QuotaKey
    from workflow.engine.quotas import known
    from workflow.queries.quotas import ledger_of

    with open_banjie() as banjie:
        key = QuotaKey(kind=kind, organ=organ, year=year)
        # A quota that matters name no longer has its ledger all the same.
        lines = ledger_of(banjie.store, key)
        if not lines:
            known(banjie, key)
        if as_json:
            emit({**_plain_key(key), "entries": [_plain(line) for line in lines]})
            return
        if not lines:
            say(t("quota.no_entries", kind=kind, organ=organ, year=year))
            return
        heads = ("revision", "at", "entry", "places", "case", "who", "paper")
        persons = banjie.directory().persons
        rows = [
            (
                str(line.revision or ""),
                local(line.at, _zone(banjie, kind)),
                t(f"quota.entry.{line.entry}"),
                str(line.places),
                line.case or "",
                persons[line.who].name if line.who in persons else line.who,
                " ".join(part for part in (line.document, _reason(line.reason)) if part),
            )
            for line in lines
        ]
        say("\n".join(table([t(f"quota.label.{name}") for name in heads], rows)))


@app.command(help=t("quota.help.report"))
def report(year: Year, as_json: Json = False) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.domain.quota.book import QuotaKey
    from workflow.queries.quotas import quota_report

    with open_banjie() as banjie:
        lines = quota_report(banjie.store, year)
        if as_json:
            emit({"year": year, "lines": [_plain(line) for line in lines]})
            return
        if not lines:
            say(t("quota.none"))
            return
        figures = ("allotted", "reserved", "consumed", "left", "released", "exempt_cases")
        rows = []
        for line in lines:
            key = QuotaKey(kind=line.kind, organ=line.organ, year=line.year)
            kind, organ, _ = _named(banjie, key)
            rows.append((kind, organ, *(str(getattr(line, name)) for name in figures)))
        say("\n".join(table([t(f"quota.label.{name}") for name in ("kind", "organ", *figures)], rows)))


@app.command(help=t("quota.help.verify"))
def verify(as_json: Json = False) -> None:
    from workflow.cli.opening import open_database
    from workflow.evidence.quotas import verify_quotas

    with open_database() as store:
        found = verify_quotas(store)
    if as_json:
        wrong = [{**_plain_key(w.key), "flaw": w.flaw, "detail": w.detail} for w in found.wrong]
        emit({"ok": not wrong, "quotas": found.quotas, "events": found.events, "wrong": wrong})
    else:
        for one in found.wrong:
            flaw = t(f"quota.flaw.{one.flaw}")
            say(t("quota.wrong", flaw=flaw, detail=one.detail, **_plain_key(one.key)))
        counts = {"quotas": found.quotas, "events": found.events, "count": len(found.wrong)}
        say(t("quota.broken" if found.wrong else "quota.sound", **counts))
    if found.wrong:
        raise typer.Exit(1)


def _tell(banjie: Banjie, paper: Allotment, as_json: bool) -> None:
    balance = banjie.store.quotas.balances(kind=paper.key.kind, organ=paper.key.organ, year=paper.key.year)[
        paper.key
    ]
    if as_json:
        emit({**_plain_key(paper.key), **_plain(balance), "left": balance.left, "document": paper.document})
        return
    kind, organ, year = _named(banjie, paper.key)
    counts = {"places": balance.places, "used": balance.used, "left": balance.left}
    say(t(f"quota.{paper.entry}", kind=kind, organ=organ, year=year, document=paper.document, **counts))


def _named(banjie: Banjie, key: QuotaKey) -> tuple[str, str, str]:
    """A quota in words: the title that the matters give its kind, the organ's name, the year."""
    from workflow.engine.quotas import kinds

    matters = kinds(banjie).get(key.kind, ())
    title = banjie.catalog.matter(matters[0]).text("quota") if matters else key.kind
    return title, banjie.present_catalog().organ_name(key.organ), str(key.year)


def _zone(banjie: Banjie, kind: str) -> str:
    from workflow.engine.quotas import kinds

    matters = kinds(banjie).get(kind, ())
    return banjie.catalog.matter(matters[0]).definition.zone if matters else "UTC"


def _reason(reason: str | None) -> str:
    return t("quota.concluded") if reason == "concluded" else reason or ""


def _plain_key(key: QuotaKey) -> dict[str, Any]:
    return {"kind": key.kind, "organ": key.organ, "year": key.year}


def _plain(line: Any) -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__dataclass_fields__}
