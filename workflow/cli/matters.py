"""`banjie matters`: the catalogue listed, one matter shown, the files checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.matter_index import import_catalogue, search
from workflow.cli.matter_new import new
from workflow.cli.matter_papers import catalogue, draw, guide
from workflow.cli.matter_versions import diff, migrate, publish, versions
from workflow.cli.rendering import emit, pairs, say, table
from workflow.texts import LANGUAGES, t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog, Matter

app = typer.Typer(add_completion=False, no_args_is_help=True)

app.command(help=t("matter_papers.help.guide"))(guide)
app.command(help=t("matter_papers.help.draw"))(draw)
app.command(help=t("matter_papers.help.catalogue"))(catalogue)
app.command("import", help=t("matter_index.help.import"))(import_catalogue)
app.command("search", help=t("matter_index.help.search"))(search)

app.command(help=t("scaffold.help.new"))(new)
app.command("publish", help=t("versions.help.publish"))(publish)
app.command("versions", help=t("versions.help.versions"))(versions)
app.command("diff", help=t("versions.help.diff"))(diff)
app.command("migrate", help=t("versions.help.migrate"))(migrate)

AsJson = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]


@app.command("list", help=t("matters.help.list"))
def list_matters(as_json: AsJson = False) -> None:
    matters = sorted(_catalog().matters.values(), key=lambda matter: matter.code)
    if as_json:
        emit([_entry(matter) for matter in matters])
        return
    heads = [t(f"matters.head.{name}") for name in ("code", "regime", "provenance", "kind", "title")]
    for line in table(heads, ([matter.code, *_class(matter), _title(matter)] for matter in matters)):
        say(line)


@app.command(help=t("matters.help.show"))
def show(
    code: Annotated[str, typer.Argument(metavar="CODE", help=t("matters.help.code"))], as_json: AsJson = False
) -> None:
    import msgspec

    catalog = _catalog()
    matter = catalog.matter(code)
    if as_json:
        emit(_entry(matter) | {"definition": msgspec.json.decode(matter.canonical), "texts": matter.texts})
        return
    for line in _page(matter, catalog):
        say(line)


@app.command(help=t("matters.help.check"))
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]…", help=t("matters.help.paths"), exists=True)
    ] = None,
    as_json: AsJson = False,
) -> None:
    from workflow.texts import language

    faults, matters = _judged([path.absolute() for path in paths or []])
    if as_json:
        emit({"matters": matters, "faults": faults})
    else:
        for fault in faults:
            place = f"{fault['file']}:{fault['line']}:{fault['column']}"
            say(f"{place}: {fault['rule']}: {fault['says'][language()]}")
            say(t("matters.mend", mend=fault["mend"][language()]))
        say(t("matters.faults", count=len(faults)) if faults else t("matters.sound", matters=len(matters)))
    if faults:
        raise typer.Exit(1)


def _catalog() -> Catalog:
    from workflow.catalog.loader import load
    from workflow.config import Settings

    return load(Settings.from_environment().definition_folders())


def _judged(paths: list[Path]) -> tuple[list[dict[str, Any]], list[str]]:
    """The faults in the files and folders named (or in all of them), and the matters that could be built."""
    from workflow.catalog.loader import examine, shown
    from workflow.config import Settings
    from workflow.errors import BadDefinition

    folders = [*Settings.from_environment().definition_folders(), *(path for path in paths if path.is_dir())]
    try:
        catalog, found = examine(folders, [path for path in paths if path.is_file()])
    except BadDefinition as error:
        # The law or a calendar cannot be read, so nothing else can be judged yet.
        return list(error.fields["faults"]), []
    named = [Path(shown(path)) for path in paths]
    faults = [fault.plain() for fault in found]
    return [fault for fault in faults if not named or _below(Path(fault["file"]), named)], sorted(
        catalog.matters
    )


def _below(file: Path, named: list[Path]) -> bool:
    return any(file.is_relative_to(path) for path in named)


def _entry(matter: Matter) -> dict[str, Any]:
    definition = matter.definition
    return {
        "code": matter.code,
        "title": {lang: matter.title(lang) for lang in LANGUAGES},
        "regime": definition.regime,
        "provenance": definition.provenance,
        "kind": definition.kind,
        "process": definition.process,
        "audience": matter.audience,
        "hash": definition.hash,
    }


def _class(matter: Matter) -> list[str]:
    definition = matter.definition
    return [
        t(f"matters.regime.{definition.regime}"),
        t(f"matters.provenance.{definition.provenance}"),
        t(f"matters.kind.{definition.kind}"),
    ]


def _title(matter: Matter) -> str:
    title = matter.title()
    return title if matter.audience == "public" else t(f"matters.{matter.audience}_only", title=title)


def _page(matter: Matter, catalog: Catalog) -> Iterator[str]:
    definition = matter.definition
    yield _title(matter)
    if note := matter.text("note", default=""):
        yield note
    basis = [
        f"{matter.text(f'basis.{number}')} {matter.text(f'basis.{number}.citation')}"
        for number in range(len(matter.tree["basis"]))
    ]
    yield ""
    yield from pairs(
        [
            (t("matters.head.regime"), " · ".join(_class(matter))),
            (t("matters.name.basis"), "; ".join(basis)),
            (t("matters.name.applicant"), matter.text("guide.applicant")),
            (t("matters.name.materials"), "; ".join(_materials(matter))),
            (t("matters.name.documents"), _names(matter, "documents")),
            (t("matters.name.outcomes"), _names(matter, "outcomes")),
            (t("matters.name.fees"), matter.text("guide.fees")),
            (t("matters.name.remedies"), matter.text("guide.remedies")),
            (t("matters.name.version"), definition.hash),
        ]
    )
    yield ""
    yield from table(
        [t(f"matters.head.{name}") for name in ("state", "limit", "post")], _steps(matter, catalog)
    )
    yield ""
    heads = [t(f"matters.head.{name}") for name in ("clock", "length", "expiry", "rule")]
    yield from table(heads, _clocks(matter))


def _steps(matter: Matter, catalog: Catalog) -> Iterator[list[str]]:
    for name in matter.order("states"):
        state, limit = matter.definition.states[name], matter.definition.clocks.get(f"step_{name}")
        post = ""
        if state.post is not None:
            organ = matter.definition.posts[state.post].organ
            held_at = "" if organ.startswith("@") else f" · {catalog.organ_name(organ)}"
            post = f"{matter.text(f'posts.{state.post}')}{held_at}"
        yield [matter.text(f"states.{name}"), (limit.promise or "") if limit else "", post]


def _clocks(matter: Matter) -> Iterator[list[str]]:
    for name in matter.order("clocks"):
        clock = matter.definition.clocks[name]
        if clock.scope != "step" or not name.startswith("step_"):
            length = clock.promise or t("matters.by_rule")
            yield [matter.text(f"clocks.{name}"), length, t(f"matters.expiry.{clock.expiry}"), clock.rule]


def _materials(matter: Matter) -> Iterator[str]:
    for name in matter.order("materials"):
        title = matter.text(f"materials.{name}")
        required = matter.definition.materials[name].required
        yield title if required else t("matters.optional", name=title)


def _names(matter: Matter, section: str) -> str:
    return "; ".join(matter.text(f"{section}.{name}") for name in matter.order(section))
