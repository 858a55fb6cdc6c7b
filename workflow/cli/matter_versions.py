"""`banjie matters publish`, `versions`, `diff`, `migrate`: versions of a matter, what differs, and running cases moved."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.rendering import emit, note, say, table
from workflow.texts import error_text, language, t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow.catalog.differences import Version
    from workflow.domain.versions import Publication
    from workflow.engine.migrations import Migrated

AsJson = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]
Code = Annotated[str, typer.Argument(metavar="CODE", help=t("matters.help.code"))]
Person = Annotated[str, typer.Option("--as", metavar="PERSON", help=t("versions.help.person"))]


def publish(
    code: Code,
    since: Annotated[str, typer.Option("--from", metavar="DATE", help=t("versions.help.since"))],
    by: Person,
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help=t("versions.help.until"))] = None,
    as_json: AsJson = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.engine.versions import publish as publish_version

    days = _day(since), None if until is None else _day(until)
    with open_banjie(create=True) as banjie:
        version = publish_version(banjie, code, since=days[0], until=days[1], by=by)
        title = banjie.catalog.matter(code).title()
    if as_json:
        emit(_plain(version))
    else:
        end = t("versions.until", day=version.valid_to) if version.valid_to else ""
        say(t("versions.published", title=title, hash=version.hash[:12], since=version.valid_from, until=end))


def versions(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help=t("matters.help.code"))] = None,
    as_json: AsJson = False,
) -> None:
    from workflow.cli.opening import open_banjie

    with open_banjie(create=True) as banjie:
        found = banjie.store.versions.publications(code)
    if as_json:
        emit([_plain(version) for version in found])
        return
    heads = [t(f"versions.head.{name}") for name in ("code", "hash", "since", "until", "by")]
    for line in table(
        heads,
        ([v.code, v.hash[:12], str(v.valid_from), str(v.valid_to or ""), v.published_by] for v in found),
    ):
        say(line)
    if not found:
        note(t("versions.none"))


def diff(
    old: Annotated[str, typer.Argument(metavar="A", help=t("versions.help.operand"))],
    new: Annotated[str, typer.Argument(metavar="B", help=t("versions.help.operand"))],
    as_json: AsJson = False,
) -> None:
    from workflow.catalog.differences import differences
    from workflow.catalog.law import load_law
    from workflow.config import Settings

    found = differences(_version(old), _version(new), load_law(Settings.from_environment().definitions))
    if as_json:
        emit([one.plain() for one in found])
        return
    for one in found:
        say(one.says(language()))
        if meaning := one.for_applicants(language()):
            say(t("versions.means", meaning=meaning))
    say(t("versions.differences", count=len(found)) if found else t("versions.same"))


def migrate(
    code: Code,
    by: Person,
    to: Annotated[str | None, typer.Option("--to", metavar="HASH", help=t("versions.help.to"))] = None,
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="PLAN.yaml", help=t("versions.help.plan"), exists=True)
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help=t("versions.help.undo"))] = False,
    reason: Annotated[str, typer.Option("--reason", help=t("versions.help.reason"))] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=t("versions.help.dry_run"))] = False,
    as_json: AsJson = False,
) -> None:
    from workflow.catalog.plans import read_plan
    from workflow.cli.opening import open_banjie
    from workflow.engine import migrations

    if undo and (not reason.strip() or to or plan):
        raise typer.BadParameter(t("versions.usage.undo"))
    if not undo and (to is None or plan is None):
        raise typer.BadParameter(t("versions.usage.migrate"))
    with open_banjie() as banjie:
        if undo:
            results = list(migrations.undo(banjie, code, by=by, reason=reason, dry_run=dry_run))
        else:
            read = read_plan(plan or Path())
            if read.matter != code:
                raise typer.BadParameter(t("versions.usage.other_matter", matter=read.matter))
            results = list(migrations.migrate(banjie, read, to or "", by=by, dry_run=dry_run))
    if as_json:
        emit({"dry_run": dry_run, "cases": [_told(one) for one in results]})
    else:
        _page(results, dry_run=dry_run)
    if any(one.error is not None for one in results):
        raise typer.Exit(1)


def _version(named: str) -> Version:
    """A file, the catalogue's own (CODE), a stored one (CODE@HASH) or the one in force today (CODE@published)."""
    from workflow.catalog.differences import Version
    from workflow.catalog.loader import load
    from workflow.catalog.pinned import pinned
    from workflow.cli.opening import open_banjie
    from workflow.config import Settings
    from workflow.domain.versions import in_force
    from workflow.engine.migrations import stored_hash
    from workflow.errors import NotFound

    if named.endswith((".yaml", ".yml")):
        return _of_file(Path(named))
    code, at, hash_ = named.partition("@")
    if not at:
        matter = load(Settings.from_environment().definition_folders()).matter(code)
        return Version(definition=matter.definition, texts=matter.texts)
    with open_banjie() as banjie:
        if hash_ == "published":
            today = banjie.store.clock().now.date()
            version = in_force(banjie.store.versions.publications(code), today)
            if version is None:
                raise NotFound(what="version", name=named)
            hash_ = version.hash
        stored = banjie.store.definition(stored_hash(banjie, code, hash_))
        if stored is None:
            raise NotFound(what="version", name=named)
    kept = pinned(*stored)
    return Version(definition=kept.definition, texts=kept.texts)


def _of_file(path: Path) -> Version:
    from workflow.catalog.differences import Version
    from workflow.catalog.faults import refuse
    from workflow.catalog.loader import examine, shown
    from workflow.config import Settings
    from workflow.errors import UnknownMatter

    catalog, faults = examine(Settings.from_environment().definition_folders(), [path.absolute()])
    refuse(fault for fault in faults if fault.mark.file == shown(path.absolute()))
    matter = catalog.matters.get(path.stem)
    if matter is None:
        raise UnknownMatter(what="matter", name=path.stem)
    return Version(definition=matter.definition, texts=matter.texts)


def _page(results: Iterable[Migrated], *, dry_run: bool) -> None:
    moved = refused = 0
    for one in results:
        if one.error is not None:
            refused += 1
            say(f"{one.no}  {one.error.code}: {error_text(one.error)}")
            continue
        moved += 1
        say(f"{one.no}  {one.source} → {one.target}")
        for move in one.moves:
            old, new = move.old or t("versions.no_date"), move.new or t("versions.no_date")
            clock = move.clock or move.to_clock
            say(t("versions.moved", clock=clock, old=old, new=new))
    say(t("versions.would" if dry_run else "versions.done", moved=moved, refused=refused))


def _told(one: Migrated) -> dict[str, Any]:
    return {
        "no": one.no,
        "source": one.source,
        "target": one.target,
        "definition": one.definition,
        "moves": [
            {"clock": move.clock, "to_clock": move.to_clock, "old": move.old, "new": move.new}
            for move in one.moves
        ],
        "error": None
        if one.error is None
        else {
            "code": one.error.code,
            "message": error_text(one.error),
            "reason": one.error.fields.get("reason"),
        },
    }


def _plain(version: Publication) -> dict[str, Any]:
    return {
        "code": version.code,
        "hash": version.hash,
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
        "published_by": version.published_by,
        "published_at": version.published_at,
    }


def _day(text: str) -> date:
    from workflow.errors import BadDate

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadDate(value=text) from error
