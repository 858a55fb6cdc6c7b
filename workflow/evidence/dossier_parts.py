"""The parts of a dossier (案卷) that follow from a case's events alone: made to write one, and made again to verify it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from workflow.domain import chain
from workflow.domain import events as e
from workflow.domain.case import Case
from workflow.domain.envelope import Envelope
from workflow.domain.events import CaseMigrated, Event, FilingSubmitted
from workflow.storage.codec import canonical

FORMAT: Final = "banjie-dossier/1"
MANIFEST: Final = "manifest.json"
EVENTS: Final = "events.jsonl"
CASE: Final = "case.json"
FINDINGS: Final = "findings.json"
CLOCKS: Final = "clocks.json"
PAPERS: Final = "papers.json"
MATERIALS: Final = "materials.json"
FAMILY: Final = "family.json"
FACTS: Final = "facts.json"
PERSONAL: Final = "personal.json"

History = Sequence[tuple[Envelope, Event]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialFile:
    """A file of the case: which version of which material, its salted digest, and the part of the dossier that holds it."""

    material: str
    version: int
    digest: str
    size: int
    part: str


def event_lines(history: History) -> bytes:
    """Every event as it is stored, one a line; the payload's bytes in base64."""
    return b"".join(canonical(event_line(envelope)) + b"\n" for envelope, _ in history)


def event_line(envelope: Envelope) -> dict[str, Any]:
    """One stored event in plain values: instants as they are hashed, hashes in hex."""
    return {
        "case_id": envelope.case_id,
        "seq": envelope.seq,
        "type": envelope.type,
        "schema_version": envelope.schema_version,
        "recorded_at": chain.instant(envelope.recorded_at),
        "effective_at": chain.instant(envelope.effective_at),
        "actor": envelope.actor,
        "acting_for": envelope.acting_for,
        "rule": envelope.rule,
        "caused_by": envelope.caused_by,
        "command_id": envelope.command_id,
        "facts": dict(envelope.facts),
        "payload": base64.b64encode(envelope.payload).decode(),
        "prev_hash": envelope.prev_hash.hex(),
        "hash": envelope.hash.hex(),
        "alg": envelope.alg,
    }


def findings_part(case: Case, history: History) -> bytes:
    """Each finding as it stands, with the events of its life: number, hash, and what each says."""
    told = [
        {
            "finding": msgspec.to_builtins(one),
            "life": [
                {
                    "seq": envelope.seq,
                    "hash": envelope.hash.hex(),
                    "type": envelope.type,
                    "actor": envelope.actor,
                    "recorded_at": chain.instant(envelope.recorded_at),
                    "said": msgspec.json.decode(envelope.payload),
                }
                for envelope, event in history
                if getattr(event, "finding", None) == one.number
            ],
        }
        for one in case.findings
    ]
    return canonical(told)


def clocks_part(case: Case) -> bytes:
    """Every period with its ledger, its due date and its alarms."""
    return canonical(msgspec.to_builtins(case.clocks))


def papers_part(history: History, languages: Iterable[str]) -> bytes:
    """Every paper that was issued, with the event that issued it and the parts that print it."""
    told = [
        {
            "seq": envelope.seq,
            "hash": envelope.hash.hex(),
            "document": event.document,
            "series": event.series,
            "year": event.year,
            "number": event.number,
            "parts": paper_names(envelope.seq, event.document, languages),
        }
        for envelope, event in history
        if isinstance(event, e.DocumentIssued)
    ]
    return canonical(told)


def paper_names(seq: int, document: str, languages: Iterable[str]) -> list[str]:
    """The parts in which a paper is printed."""
    return [f"papers/{seq:04}-{document}.{lang}.{form}" for lang in languages for form in ("html", "pdf")]


def material_files(history: History) -> list[MaterialFile]:
    """Every file that an event names, in the order in which they came."""
    found = []
    for _, event in history:
        file = getattr(event, "file", None)
        if not isinstance(file, e.StoredFile):
            continue
        material, version = getattr(event, "material", ""), getattr(event, "version", 0)
        part = f"materials/{material}/{version}.{file.kind}"
        found.append(
            MaterialFile(material=material, version=version, digest=file.digest, size=file.size, part=part)
        )
    return found


def family_of_case(case: Case) -> dict[str, Any]:
    """The cases that this one belongs to, and that belong to it, by reference."""
    return {
        "parent": msgspec.to_builtins(case.parent) if case.parent is not None else None,
        "children": [msgspec.to_builtins(child) for child in case.children],
    }


def used_versions(history: History) -> dict[str, list[str]]:
    """The versions of facts that the events rest on, by fact."""
    used: dict[str, set[str]] = {}
    for envelope, _ in history:
        for fact, version in envelope.facts.items():
            used.setdefault(fact, set()).add(version)
    return {fact: sorted(versions) for fact, versions in sorted(used.items())}


def definitions_of(history: History) -> list[str]:
    """The hashes of the definitions that the case has been under, in their order."""
    hashes: dict[str, None] = {}
    for _, event in history:
        if isinstance(event, FilingSubmitted):
            hashes[event.definition] = None
        elif isinstance(event, CaseMigrated):
            hashes[event.new] = None
    return list(hashes)


def persons_of(history: History) -> list[str]:
    """Who acted on the case, and for whom."""
    people = {envelope.actor for envelope, _ in history}
    people |= {envelope.acting_for for envelope, _ in history if envelope.acting_for}
    return sorted(people)
