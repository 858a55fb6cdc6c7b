"""The catalogue: everything in the folders of definitions, read, checked whole, and refused whole if anything is wrong.

A later folder's matter, process or directory file stands in place of an earlier folder's of the same name, so an
installation can bring its own beside the shipped ones (`BANJIE_DEFINITIONS`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from workflow.catalog.calendars import calendar_codes, load_calendar
from workflow.catalog.families import Member, check_families
from workflow.catalog.faults import Fault, in_order, refuse
from workflow.catalog.law import load_law
from workflow.catalog.merge import merge
from workflow.catalog.organs import organs_from
from workflow.catalog.resolve import Resolved, resolve
from workflow.catalog.schema import check_shape
from workflow.catalog.soundness import check_matter
from workflow.catalog.strict_yaml import Document, inspect
from workflow.catalog.thresholds import with_thresholds
from workflow.domain.calendar import Calendar
from workflow.domain.definition import Definition
from workflow.domain.directory import Directory
from workflow.domain.law import LawParameters
from workflow.errors import UnknownMatter
from workflow.texts import language, shipped_definitions, t

KINDS: Final = {"matters": "matter", "processes": "process", "organs": "organs"}
"""The folders, and the key by which a file says what it is; a matter names its process too, so it is asked first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A matter (事项) as everybody may use it: the definition, its canonical bytes, and what people read about it.

    `tree` is the whole file after merging, texts included, in the order it was written.
    """

    definition: Definition
    canonical: bytes
    texts: Mapping[str, Mapping[str, str]]
    tree: Mapping[str, Any] = field(repr=False)
    path: Path

    @property
    def code(self) -> str:
        return self.definition.code

    @property
    def audience(self) -> str:
        """`public`, or `replay` for a matter that only serves to replay a foreign log."""
        return str(self.tree.get("audience", "public"))

    def title(self, lang: str | None = None) -> str:
        """The matter's name."""
        return self.text("title", lang)

    def text(self, key: str, lang: str | None = None, *, default: str | None = None) -> str:
        """What people read at `key`, which is a place of the file: `states.under_review`, `guide.scope`, `note`.

        Raises LookupError if there is no such text and no default.
        """
        spoken = lang or language()
        words = self.texts[spoken].get(key, default)
        if words is None:
            raise LookupError(f"the matter {self.code} has no text {key!r} in {spoken}")
        return words

    def order(self, *place: str) -> tuple[str, ...]:
        """The keys at a place in the order of the file (a definition itself knows no order): `order("states")`."""
        found: Any = self.tree
        for key in place:
            found = found.get(key, {})
        return tuple(found)

    @property
    def texts_json(self) -> bytes:
        """The texts as they are stored beside the definition."""
        return msgspec.json.encode(self.texts, order="sorted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """All matters by code, and the facts they rest on: directory, law, calendars, each with a version of its own."""

    matters: Mapping[str, Matter]
    directory: Directory
    law: LawParameters
    calendars: Mapping[str, Calendar]
    samples: frozenset[str] = frozenset()

    def matter(self, code: str) -> Matter:
        """The matter of that code. Raises UnknownMatter."""
        if code not in self.matters:
            raise UnknownMatter(what="matter", name=code)
        return self.matters[code]

    def organ_name(self, code: str, lang: str | None = None) -> str:
        """An organ's name for people, marked 示例 if it is fictional; the code itself if the directory has none."""
        organ = self.directory.organs.get(code)
        if organ is None:
            return code
        name = organ.names[lang or language()]
        return t("organs.sample", lang, name=name) if code in self.samples else name


def load(folders: Sequence[Path] | None = None) -> Catalog:
    """Read everything. Raises BadDefinition, carrying every fault of every file, if there is one."""
    catalog, faults = examine(folders)
    refuse(faults)
    return catalog


def examine(folders: Sequence[Path] | None = None, files: Sequence[Path] = ()) -> tuple[Catalog, list[Fault]]:
    """Read everything as far as it can be read, with every fault in order of file and line.

    `folders` are the shipped definitions (nothing else by default) and the installation's own; `files` are read besides,
    wherever they lie, in place of those of the same name. Raises BadDefinition if the law or a calendar cannot be read:
    without them nothing can be judged.
    """
    given = [shipped_definitions()] if folders is None else list(folders)
    documents, faults = _documents(given, files)
    organs, lost = organs_from(list(documents["organs"].values()))
    extra = next((folder for folder in reversed(given) if folder != shipped_definitions()), None)
    law = load_law(extra)
    calendars = {code: load_calendar(code, extra) for code in calendar_codes(extra)}
    catalog = Catalog(
        matters={}, directory=organs.directory, law=law, calendars=calendars, samples=organs.samples
    )
    documents["processes"] = with_thresholds(documents["processes"], given, faults)
    members: dict[str, Member] = {}
    matters = dict(_matters(documents, catalog, faults, members))
    faults.extend(check_families(members))
    whole = Catalog(
        matters=matters, directory=organs.directory, law=law, calendars=calendars, samples=organs.samples
    )
    return whole, in_order([*faults, *lost])


def _documents(
    folders: Sequence[Path], files: Sequence[Path]
) -> tuple[dict[str, dict[str, Document]], list[Fault]]:
    """Every file by kind and name, the later folder's in place of the earlier's."""
    paths: dict[str, dict[str, Path]] = {kind: {} for kind in KINDS}
    for folder in folders:
        for kind in KINDS:
            paths[kind].update({path.stem: path for path in sorted((folder / kind).glob("*.yaml"))})
    found: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS}
    faults: list[Fault] = []
    for kind, named in paths.items():
        for name, path in named.items():
            found[kind][name], wrong = inspect(path, name=shown(path))
            faults.extend(wrong)
    for path in files:
        document, wrong = inspect(path, name=shown(path))
        faults.extend(wrong)
        said = next(
            (kind for kind, key in KINDS.items() if isinstance(document.data, dict) and key in document.data),
            None,
        )
        if said is not None:
            found[said][path.stem] = document
        elif not wrong:
            faults.append(Fault(rule="file.kind", mark=document.where(())))
    return found, faults


def shown(path: Path) -> str:
    """A path as a fault names it: relative to where the command was given, if it lies below."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _matters(
    documents: Mapping[str, Mapping[str, Document]],
    catalog: Catalog,
    faults: list[Fault],
    members: dict[str, Member],
) -> Iterator[tuple[str, Matter]]:
    sound = dict(_shaped(documents["processes"], "process", faults))
    for name, document in _shaped(documents["matters"], "matter", faults):
        process = sound.get(document.data["process"])
        if process is None:
            # A process that is there but has faults of its own has been told already.
            if document.data["process"] not in documents["processes"]:
                known = ", ".join(documents["processes"])
                fields = {"name": document.data["process"], "known": known}
                faults.append(
                    Fault(rule="file.unknown_process", mark=document.where(("process",)), fields=fields)
                )
            continue
        merged, removed = merge(process, document)
        missing = list(check_shape(merged.data, "resolved", merged.where))
        faults.extend([*removed, *missing])
        if missing:
            continue
        resolved, lost = resolve(merged)
        faults.extend(lost)
        faults.extend(
            check_matter(
                resolved,
                merged.where,
                law=catalog.law,
                calendars=catalog.calendars,
                directory=catalog.directory,
            )
        )
        members[name] = Member(resolved=resolved, where=merged.where)
        yield name, _matter(resolved, Path(document.file))


def _shaped(
    documents: Mapping[str, Document], kind: str, faults: list[Fault]
) -> Iterator[tuple[str, Document]]:
    """The documents whose shape is right; the faults of the others are kept."""
    broken = {fault.mark.file for fault in faults}
    for name, document in documents.items():
        if document.data == {} and document.file in broken:
            continue
        wrong = list(check_shape(document.data, kind, document.where, nulls=kind == "matter"))
        if not wrong and document.data.get(kind) != name:
            fields = {"code": document.data[kind]}
            wrong.append(Fault(rule="file.name", mark=document.where((kind,)), fields=fields))
        faults.extend(wrong)
        if not wrong and document.file not in broken:
            yield name, document


def _matter(resolved: Resolved, path: Path) -> Matter:
    return Matter(
        definition=resolved.definition,
        canonical=resolved.canonical,
        texts=resolved.texts,
        tree=resolved.tree,
        path=path,
    )
