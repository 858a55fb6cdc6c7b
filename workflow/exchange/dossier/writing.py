"""`case export`: a case as a dossier, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import msgspec

from workflow.domain import chain
from workflow.domain.publication import SLIP_CODE
from workflow.engine.materials import content
from workflow.errors import NotFound
from workflow.evidence import dossier_parts as parts
from workflow.exchange.dossier.archive import Archive
from workflow.exchange.dossier.readings import papers, reading
from workflow.exchange.dossier.subject import subject
from workflow.storage.codec import canonical, encode_case
from workflow.texts import LANGUAGES

if TYPE_CHECKING:
    from workflow.engine.banjie import Banjie
    from workflow.exchange.dossier.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: `digest` is the SHA-256 of the manifest, which is to be signed or noted down."""

    parts: int
    events: int
    digest: str


def write_dossier(banjie: Banjie, no: str, file: IO[bytes], *, personal: bool = False) -> Exported:
    """Write the dossier of a case. The same case in the same state gives the same bytes.

    Raises UnknownCase, RecordBroken, BlobDamaged, BlobsUnavailable.
    """
    of = subject(banjie, no)
    archive = Archive(file)
    for name, made in _parts(of, personal=personal):
        archive.add(name, made)
    count = archive.parts
    digest = archive.close(about(of, "dossier", personal=personal))
    return Exported(parts=count, events=len(of.history), digest=digest)


def about(of: Subject, kind: str, *, personal: bool) -> dict[str, Any]:
    """What the manifest says beside its parts."""
    case = of.case
    return {
        "format": parts.FORMAT,
        "kind": kind,
        "case": {"id": case.id, "no": case.no, "matter": case.matter, "definition": case.definition},
        "seq": case.seq,
        "head": of.last.hash.hex(),
        "as_of": chain.instant(of.last.recorded_at),
        "personal": personal,
        "languages": list(LANGUAGES),
    }


def record_parts(of: Subject) -> Iterator[tuple[str, bytes]]:
    """The record itself: events, definitions, and what follows from them."""
    yield parts.EVENTS, parts.event_lines(of.history)
    for hash_ in parts.definitions_of(of.history):
        stored = of.banjie.store.definition(hash_)
        if stored is None:
            raise NotFound(what="definition", name=hash_)
        yield f"definitions/{hash_}.json", stored[0]
        yield f"definitions/{hash_}.texts.json", stored[1]
    yield parts.CASE, encode_case(of.case).encode()
    yield parts.FINDINGS, parts.findings_part(of.case, of.history)
    yield parts.CLOCKS, parts.clocks_part(of.case)


def _parts(of: Subject, *, personal: bool) -> Iterator[tuple[str, bytes | Iterator[bytes]]]:
    values = [row for row in of.personal() if row["field"] != SLIP_CODE]
    yield from record_parts(of)
    yield parts.PAPERS, parts.papers_part(of.history, LANGUAGES)
    yield parts.FACTS, _facts(of)
    yield parts.FAMILY, _family(of)
    files = parts.material_files(of.history)
    yield parts.MATERIALS, _materials(of, files)
    for one in files:
        yield one.part, content(of.banjie, of.case.id, one.material, one.version).pieces
    if personal:
        yield parts.PERSONAL, _personal(values)
    yield from papers(of, LANGUAGES, {row["field"]: row["value"] if personal else None for row in values})
    for lang in LANGUAGES:
        yield f"index.{lang}.html", reading(of, lang, personal=personal)


def _facts(of: Subject) -> bytes:
    """The versions that the events rest on, and what stood in them: notices on holidays, rules of law, and the directory's
    entries of the persons who acted.
    """
    directory = of.facts.directory
    people = [directory.persons[code] for code in parts.persons_of(of.history) if code in directory.persons]
    codes = {person.code for person in people}
    rules = sorted({(clock.rule, clock.rule_version) for clock in of.case.clocks})
    told = {
        "used": parts.used_versions(of.history),
        "calendar": {
            "code": of.facts.calendar.code,
            "version": of.facts.calendar.version,
            "notices": of.facts.calendar.notices,
        },
        "rules": [of.facts.law.rule_version(*rule) for rule in rules],
        "persons": people,
        "posts": [held for held in directory.holdings if held.person in codes],
    }
    return msgspec.json.encode(told, order="deterministic", enc_hook=str)


def _family(of: Subject) -> bytes:
    """The parent and the children by reference: their places, ids and numbers."""
    told = parts.family_of_case(of.case)
    ids = [one for one in (of.case.parent.case_id if of.case.parent else None,) if one]
    ids += [child.case_id for child in of.case.children if child.case_id]
    numbers = {case.id: case.no for case in of.banjie.store.cases(ids)} if ids else {}
    return canonical({**told, "numbers": numbers})


def _materials(of: Subject, files: list[parts.MaterialFile]) -> bytes:
    """Every file with its digest, and the salt of the family, without which nobody could hold one against the other."""
    families = {file.family for _, event in of.history if (file := getattr(event, "file", None)) is not None}
    salts = {family: of.banjie.store.blobs.known_salt(family) for family in sorted(families)}
    return canonical(
        {
            "salts": {family: salt.hex() for family, salt in salts.items() if salt is not None},
            "files": [msgspec.to_builtins(one) for one in files],
        }
    )


def _personal(values: list[dict[str, Any]]) -> bytes:
    said = ("subject", "field", "seq", "value")
    return canonical(
        [{**{name: row[name] for name in said}, "salt": bytes(row["salt"]).hex()} for row in values]
    )
