"""What a dossier's parts say, held against its events: the fold, and every part that follows from them, made again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from workflow.catalog.canonical import definition_of, hash_of
from workflow.domain import chain
from workflow.domain.definition import Definition
from workflow.domain.envelope import Envelope
from workflow.evidence import dossier_parts as parts
from workflow.evidence.personal import commitments
from workflow.evidence.verify import Flaw, Record, followed
from workflow.storage.codec import encode_case

Reader = Callable[[str], bytes | None]
Said = tuple[str, str, str]
"""The part, the flaw and its detail."""

_ACCOUNTABILITY = "accountability"


def content_flaws(
    manifest: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    read: Reader,
    sha256: Callable[[str], bytes],
) -> Iterator[Said]:
    """What is wrong with the content of a dossier whose parts and chain are sound in themselves."""
    definitions: dict[str, Definition] = {}
    for name in (part["name"] for part in manifest["parts"]):
        hash_ = name.removeprefix("definitions/").removesuffix(".json")
        if not name.startswith("definitions/") or hash_.endswith(".texts"):
            continue
        body = read(name) or b""
        if hash_of(body) != hash_:
            yield name, "definition", ""
            return
        definitions[hash_] = definition_of(body)
    envelopes = tuple(map(_envelope, lines))
    case_part = read(parts.CASE)
    if case_part is None:
        yield parts.CASE, "part_missing", ""
        return
    about = manifest["case"]
    record = Record(
        case_id=about["id"],
        no=about["no"],
        definition=about["definition"],
        seq=manifest["seq"],
        head=bytes.fromhex(manifest["head"]),
        body=case_part.decode(errors="replace"),
        columns={"no": about["no"], "matter": about["matter"], "definition": about["definition"]},
        events=envelopes,
    )
    broken, told = followed(record, definitions.get(record.definition), definitions)
    if broken is not None:
        yield _said(broken.flaw), _flaw(broken.flaw), f"{broken.seq}: {broken.detail}".rstrip(": ")
        return
    history = [(one.envelope, one.event) for one in told]
    case = told[-1].after
    made = {
        parts.CASE: (encode_case(case).encode(), "case"),
        parts.FINDINGS: (parts.findings_part(case, history), "findings"),
        parts.CLOCKS: (parts.clocks_part(case), "clocks"),
    }
    whole = manifest.get("kind") != _ACCOUNTABILITY
    if whole:
        made[parts.PAPERS] = (parts.papers_part(history, manifest.get("languages", ())), "papers")
    for name, (content, flaw) in made.items():
        if read(name) != content:
            yield name, flaw, ""
    if whole:
        yield from _beside(manifest, history, case, read)
        yield from _papers_there(manifest, history)
        yield from _materials(history, read, sha256)
        yield from _personal(manifest, history, read)


def _envelope(line: Mapping[str, Any]) -> Envelope:
    said = dict(line)
    for name in ("recorded_at", "effective_at"):
        said[name] = datetime.fromisoformat(said[name])
    for name in ("prev_hash", "hash"):
        said[name] = bytes.fromhex(said[name])
    return Envelope(**{**said, "payload": base64.b64decode(said["payload"])})


def _said(flaw: Flaw) -> str:
    return {Flaw.ROW: parts.CASE, Flaw.DEFINITION: "definitions"}.get(flaw, parts.EVENTS)


def _flaw(flaw: Flaw) -> str:
    return {Flaw.ROW: "case", Flaw.DEFINITION: "definition", Flaw.HEAD: "head"}.get(flaw, "impossible")


def _json(content: bytes | None) -> Any:
    try:
        return json.loads(content or b"null")
    except ValueError:
        return None


def _beside(manifest: Mapping[str, Any], history: parts.History, case: Any, read: Reader) -> Iterator[Said]:
    family = _json(read(parts.FAMILY))
    plain = json.loads(json.dumps(parts.family_of_case(case)))
    if not isinstance(family, dict) or {name: family.get(name) for name in plain} != plain:
        yield parts.FAMILY, "family", ""
    facts = _json(read(parts.FACTS))
    if not isinstance(facts, dict) or facts.get("used") != parts.used_versions(history):
        yield parts.FACTS, "facts", ""
    if manifest.get("as_of") != chain.instant(history[-1][0].recorded_at):
        yield parts.MANIFEST, "manifest", "as_of"


def _papers_there(manifest: Mapping[str, Any], history: parts.History) -> Iterator[Said]:
    there = {part["name"] for part in manifest["parts"]}
    wanted = {
        name
        for one in json.loads(parts.papers_part(history, manifest.get("languages", ())))
        for name in one["parts"]
    }
    yield from ((name, "part_missing", "") for name in sorted(wanted - there))
    papers = {name for name in there if name.startswith("papers/")}
    yield from ((name, "papers", "") for name in sorted(papers - wanted))


def _materials(history: parts.History, read: Reader, sha256: Callable[[str], bytes]) -> Iterator[Said]:
    said = _json(read(parts.MATERIALS))
    salts = said.get("salts", {}) if isinstance(said, dict) else {}
    files = parts.material_files(history)
    plain = [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in files]
    if not isinstance(said, dict) or said.get("files") != plain:
        yield parts.MATERIALS, "material", ""
        return
    families = {one.digest: one.family for one in _stored(history)}
    for one in files:
        try:
            salt = bytes.fromhex(salts[families[one.digest]])
            found = hmac.new(salt, sha256(one.part), hashlib.sha256).hexdigest()
        except (KeyError, ValueError, TypeError):
            found = ""
        if found != one.digest:
            yield one.part, "material", f"{one.material}/{one.version}"


def _stored(history: parts.History) -> Iterator[Any]:
    return (file for _, event in history if (file := getattr(event, "file", None)) is not None)


def _personal(manifest: Mapping[str, Any], history: parts.History, read: Reader) -> Iterator[Said]:
    content = read(parts.PERSONAL)
    if (content is not None) != bool(manifest.get("personal")):
        yield parts.PERSONAL, "unmarked", ""
    if content is None:
        return
    kept = {known for envelope, _ in history for known in commitments(envelope.payload)}
    for row in _json(content) or ():
        try:
            said = chain.commitment(bytes.fromhex(row["salt"]), row["field"], row["value"])
            good = (row["subject"], row["field"], said) in kept
        except (KeyError, ValueError, TypeError, AttributeError):
            good = False
        if not good:
            yield parts.PERSONAL, "value", str(row.get("field", "") if isinstance(row, dict) else row)
