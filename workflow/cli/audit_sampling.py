"""`banjie audit sample`, `samples` and `prove`: drawing concluded cases to look at, in a way that anybody can repeat."""

from __future__ import annotations

import re
import secrets
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.rendering import emit, local, say, table
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.storage.audit_register import Sample

app = typer.Typer()
_ZONE = "Asia/Shanghai"

Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]


class Stratify(StrEnum):
    """By what a sample may be stratified."""

    ORGAN = "organ"
    OUTCOME = "outcome"


def _month(given: str) -> str:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", given):
        raise typer.BadParameter(t("audit.usage.month"))
    return given


@app.command(help=t("audit.help.sample"))
def sample(
    month: Annotated[
        str, typer.Option("--month", metavar="YYYY-MM", callback=_month, help=t("audit.help.month"))
    ],
    size: Annotated[int, typer.Option("--size", metavar="N", min=1, max=100_000, help=t("audit.help.size"))],
    seed: Annotated[str | None, typer.Option("--seed", metavar="S", help=t("audit.help.seed"))] = None,
    matter: Annotated[
        str | None, typer.Option("--matter", metavar="CODE", help=t("audit.help.matter"))
    ] = None,
    stratify: Annotated[Stratify | None, typer.Option("--stratify", help=t("audit.help.stratify"))] = None,
    by: Annotated[str | None, typer.Option("--as", metavar="USER", help=t("cli.help.as"))] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.opening import open_banjie
    from workflow.engine.audits import Terms, draw_sample

    terms = Terms(
        month=month,
        size=size,
        seed=seed if seed is not None else secrets.token_hex(8),
        matter=matter,
        stratify=stratify.value if stratify else None,
    )
    with open_banjie() as banjie:
        found = draw_sample(banjie, terms, actor(by))
        if as_json:
            emit(_plain(found))
            return
    _tell(found)


@app.command(help=t("audit.help.samples"))
def samples(as_json: Json = False) -> None:
    from workflow.cli.opening import open_database

    with open_database() as store:
        found = store.audits.all()
    if as_json:
        emit({"samples": [_plain(one) for one in found]})
        return
    if not found:
        say(t("audit.no_samples"))
        return
    heads = [t(f"audit.label.{name}") for name in ("id", "month", "matter", "size", "population", "by", "at")]
    rows = [
        (
            one.id,
            one.month,
            one.matter or "",
            str(len(one.drawn)),
            str(one.population),
            one.drawn_by,
            local(one.drawn_at, _ZONE),
        )
        for one in found
    ]
    say("\n".join(table(heads, rows)))


@app.command(help=t("audit.help.prove"))
def prove(
    id_: Annotated[str, typer.Argument(metavar="ID", help=t("audit.help.sample_id"))], as_json: Json = False
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.engine.audits import prove_sample

    with open_banjie() as banjie:
        told = prove_sample(banjie, id_)
    good = told.same_population and told.same_draw
    if as_json:
        said = {"population_now": told.population, "same_population": told.same_population}
        emit({"ok": good, **said, "same_draw": told.same_draw, "sample": _plain(told.sample)})
    else:
        key = "proved" if good else "population_moved" if not told.same_population else "draw_differs"
        say(t(f"audit.{key}", id=id_, then=told.sample.population, now=told.population))
    if not good:
        raise typer.Exit(1)


def _tell(found: Sample) -> None:
    said = {"id": found.id, "size": len(found.drawn), "population": found.population, "month": found.month}
    say(t("audit.sampled", **said))
    say(t("audit.seeded", seed=found.seed, root=found.root.hex()))
    if found.drawn:
        heads = [t(f"audit.label.{name}") for name in ("lot", "no", "stratum")]
        rows = [(str(place), one.no, one.stratum) for place, one in enumerate(found.drawn, 1)]
        say("\n".join(table(heads, rows)))


def _plain(found: Sample) -> dict[str, Any]:
    said = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return {
        **said,
        "root": found.root.hex(),
        "drawn": [{"no": one.no, "case_id": one.case_id, "stratum": one.stratum} for one in found.drawn],
    }
