"""`banjie case bulk`: one act on many cases, and how results of many cases look."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.rendering import emit, note, say, table
from workflow.texts import error_text, t

if TYPE_CHECKING:
    from workflow.engine.bulk import Item, Result

Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=t("runs.help.dry_run"))]
Id = Annotated[str | None, typer.Option("--id", metavar="ID", help=t("runs.help.id"))]
By = Annotated[str | None, typer.Option("--as", metavar="USER", help=t("cli.help.as"))]


def bulk(
    action: Annotated[str, typer.Argument(metavar="ACTION", help=t("case.help.action"))],
    cases: Annotated[str, typer.Option("--cases", metavar="FILE", help=t("runs.help.cases"))],
    file: Annotated[str | None, typer.Option("--file", metavar="F", help=t("case.help.fields"))] = None,
    by: By = None,
    id_: Id = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.input_file import read_mapping
    from workflow.cli.opening import open_banjie
    from workflow.engine.bulk import Run, run
    from workflow.engine.bulk import dry_run as tried

    of = Run(
        id=id_ or fresh_id("bulk"),
        actor=actor(by),
        action=action,
        fields=read_mapping(file) if file is not None else {},
        items=read_items(cases),
    )
    with open_banjie() as banjie:
        results = tried(banjie, of) if dry_run else run(banjie, of)
    tell(of.id, results, dry_run=dry_run, as_json=as_json)


def fresh_id(kind: str) -> str:
    """An id for a run that was given none."""
    return f"{kind}-{secrets.token_hex(6)}"


def read_items(name: str) -> list[Item]:
    """The cases of a run: a number on each line (what stands behind it is not read; lines with # are notes), or in JSON a
    list of objects with `no` and, where an item has its own, `fields`. Raises BadInput.
    """
    from workflow.cli.input_file import parsed_json, read_text
    from workflow.engine.bulk import Item
    from workflow.errors import BadInput

    text = read_text(name)
    if not text.lstrip().startswith("["):
        lines = (line.strip() for line in text.splitlines())
        return [Item(no=line.split()[0].strip(",;")) for line in lines if line and not line.startswith("#")]
    items = []
    for row in parsed_json(text, name):
        fields = row.get("fields", {}) if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(row.get("no"), str) or not isinstance(fields, dict):
            raise BadInput(reason=t("runs.bad_items", file=name))
        items.append(Item(no=row["no"], fields=fields))
    return items


def tell(run: str, results: Sequence[Result], *, dry_run: bool, as_json: bool) -> None:
    """Print what became of each item; leaves with exit code 1 when any was refused."""
    refused = sum(one.outcome == "refused" for one in results)
    if as_json:
        emit(
            {"run": run, "dry_run": dry_run, "counts": counts(results), "items": [_plain(o) for o in results]}
        )
    else:
        heads = [t(f"runs.label.{name}") for name in ("case", "result", "person", "why", "detail")]
        say("\n".join(table(heads, [_line(one) for one in results])))
        key = "runs.tried" if dry_run else "runs.ran"
        say(t(key, run=run, done=len(results) - refused, refused=refused))
        if refused and not dry_run:
            note(t("runs.again", run=run))
    if refused:
        raise typer.Exit(1)


def counts(results: Sequence[Result]) -> dict[str, int]:
    """How many were done, repeated and refused."""
    told = [one.outcome for one in results]
    return {name: told.count(name) for name in ("done", "repeated", "refused")}


def _plain(one: Result) -> dict[str, Any]:
    error = None
    if one.error is not None:
        rule = one.error.fields.get("rule")
        error = {"code": one.error.code, "rule": rule, "message": error_text(one.error)}
    return {
        "no": one.item.no,
        "result": one.outcome,
        "state": one.receipt.state if one.receipt is not None else None,
        "version": one.receipt.version if one.receipt is not None else None,
        "person": one.item.person,
        "why": one.item.why,
        "error": error,
    }


def _line(one: Result) -> tuple[str, ...]:
    detail = error_text(one.error) if one.error is not None else one.receipt.state if one.receipt else ""
    why = t(f"runs.why.{one.item.why}") if one.item.why else ""
    return one.item.no, t(f"runs.result.{one.outcome}"), one.item.person or "", why, " ".join(detail.split())
