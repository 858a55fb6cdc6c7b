"""A dossier verified by itself (案卷核验): no database, no catalogue, nothing but the file.

First by the standard library alone: the manifest, each part's SHA-256, each link of the chain reckoned from the stored
values as docs/evidence.md writes them down. Then by the program: each event folded again, and every part that follows
from the events made again and held against the dossier's.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from workflow.errors import BadEvidence
from workflow.evidence import dossier_parts as parts
from workflow.evidence.dossier_content import content_flaws
from workflow.evidence.heads import read_heads

_PIECE: Final = 1 << 20
_LARGEST: Final = 64 << 20
"""Bytes of a part that is read whole; files of materials are only hashed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Something wrong with a part; `flaw` has its text under `dossier.flaw`."""

    part: str
    flaw: str
    detail: str = ""


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was found in a dossier; `digest` is the SHA-256 of its manifest (hex), `head` the end of its chain."""

    no: str = ""
    digest: str = ""
    head: str = ""
    parts: int = 0
    events: int = 0
    personal: bool = False
    wrong: list[Wrong] = field(default_factory=list)

    def add(self, part: str, flaw: str, detail: str = "") -> None:
        """Note that something is wrong."""
        self.wrong.append(Wrong(part=part, flaw=flaw, detail=detail))


def verify_dossier(path: Path, heads: Path | None = None) -> Verdict:
    """Verify a dossier. `heads` is a file of chain heads (`audit heads`) in which its case must stand with this end.

    Raises BadEvidence when there is no such file, or the file of heads cannot be used.
    """
    verdict = Verdict()
    try:
        with zipfile.ZipFile(path) as opened:
            _verify(opened, verdict)
    except OSError as error:
        raise BadEvidence(path=path, reason=error.strerror or str(error)) from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        verdict.add(path.name, "not_a_dossier", str(error))
    if heads is not None and not verdict.wrong:
        _stands_in(heads, verdict)
    return verdict


def _verify(opened: zipfile.ZipFile, verdict: Verdict) -> None:
    manifest = _manifest(opened, verdict)
    if manifest is None:
        return
    listed = {part["name"]: part for part in manifest["parts"]}
    verdict.parts = len(listed)
    _listed_and_there(opened, listed, verdict)
    altered = _altered(opened, listed, verdict)

    def read(name: str) -> bytes | None:
        """A part, if it is what the manifest says and may be read whole."""
        there = name in listed and name not in altered and listed[name]["size"] <= _LARGEST
        return opened.read(name) if there else None

    events = read(parts.EVENTS)
    if events is None:
        return
    lines = _chain(events, manifest, verdict)
    if lines is None or altered:
        return
    for part, flaw, detail in content_flaws(manifest, lines, read, _hashing(opened)):
        verdict.add(part, flaw, detail)


def _manifest(opened: zipfile.ZipFile, verdict: Verdict) -> dict[str, Any] | None:
    try:
        content = opened.read(parts.MANIFEST)
    except KeyError:
        verdict.add(parts.MANIFEST, "not_a_dossier")
        return None
    try:
        said = json.loads(content)
        case = said["case"]
        good = said["format"] == parts.FORMAT and isinstance(case["id"], str) and isinstance(said["seq"], int)
        for part in said["parts"]:
            good = (
                good
                and isinstance(part["name"], str)
                and isinstance(part["size"], int)
                and bool(part["sha256"])
            )
    except (ValueError, KeyError, TypeError) as error:
        verdict.add(parts.MANIFEST, "manifest", str(error))
        return None
    if not good:
        verdict.add(parts.MANIFEST, "not_a_dossier")
        return None
    verdict.no, verdict.head = str(case["no"]), str(said["head"])
    verdict.personal = bool(said.get("personal"))
    verdict.digest = hashlib.sha256(content).hexdigest()
    manifest: dict[str, Any] = said
    return manifest


def _listed_and_there(opened: zipfile.ZipFile, listed: Mapping[str, Any], verdict: Verdict) -> None:
    there = [entry.filename for entry in opened.infolist()]
    for name in sorted(set(there)):
        if there.count(name) > 1 or (name not in listed and name != parts.MANIFEST):
            verdict.add(name, "part_unlisted")
    for name in listed:
        if name not in there:
            verdict.add(name, "part_missing")


def _altered(opened: zipfile.ZipFile, listed: Mapping[str, Any], verdict: Verdict) -> set[str]:
    there, altered = set(opened.namelist()), set[str]()
    for name, said in listed.items():
        if name not in there:
            altered.add(name)
            continue
        try:
            found = hashlib.sha256()
            for piece in _pieces(opened, name):
                found.update(piece)
            good = found.hexdigest() == said["sha256"]
        except (zipfile.BadZipFile, OSError):
            good = False
        if not good:
            altered.add(name)
            verdict.add(name, "part_altered")
    return altered


def _pieces(opened: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with opened.open(name) as part:
        while piece := part.read(_PIECE):
            yield piece


def _hashing(opened: zipfile.ZipFile) -> Callable[[str], bytes]:
    def sha256(name: str) -> bytes:
        found = hashlib.sha256()
        for piece in _pieces(opened, name):
            found.update(piece)
        return found.digest()

    return sha256


# --- the chain, by the standard library alone -----------------------------------------------------------------------


def _chain(content: bytes, manifest: Mapping[str, Any], verdict: Verdict) -> list[dict[str, Any]] | None:
    """The events' lines if every link is sound, else None."""
    lines: list[dict[str, Any]] = []
    head = b""
    for place, text in enumerate(content.splitlines(), 1):
        try:
            line = json.loads(text)
            linked, prev, own = link(line), bytes.fromhex(line["prev_hash"]), bytes.fromhex(line["hash"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            verdict.add(parts.EVENTS, "event_altered", f"{place}: {error}")
            return None
        if line["seq"] != place or line["case_id"] != manifest["case"]["id"]:
            verdict.add(parts.EVENTS, "event_missing", str(place))
            return None
        if linked != own:
            verdict.add(parts.EVENTS, "event_altered", str(place))
            return None
        if prev != head:
            verdict.add(parts.EVENTS, "event_unlinked", str(place))
            return None
        head = own
        lines.append(line)
    verdict.events = len(lines)
    if (len(lines), head.hex()) != (manifest["seq"], manifest["head"]):
        verdict.add(parts.EVENTS, "head", f"{len(lines)}/{manifest['seq']}")
        return None
    return lines


def link(line: Mapping[str, Any]) -> bytes:
    """The hash of an event from its line in `events.jsonl`. Raises KeyError, ValueError, TypeError for what is no event."""
    digest = hashlib.new(line["alg"])
    digest.update(b"\x00")
    facts = ";".join(f"{name}={line['facts'][name]}" for name in sorted(line["facts"]))
    said = [line["alg"], line["case_id"], str(line["seq"]), line["type"], str(line["schema_version"])]
    said += [
        _instant(line["recorded_at"]),
        _instant(line["effective_at"]),
        line["actor"],
        _opt(line["acting_for"]),
    ]
    said += [line["rule"], _opt(line["caused_by"]), line["command_id"], facts]
    payload = base64.b64decode(line["payload"], validate=True)
    for part in (*(text.encode() for text in said), payload, bytes.fromhex(line["prev_hash"])):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def _opt(text: str | None) -> str:
    return "-" if text is None else f"+{text}"


def _instant(text: str) -> str:
    """An instant as it must be written; anything else could be read in two ways."""
    datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")
    return text


def _stands_in(heads: Path, verdict: Verdict) -> None:
    for head in read_heads(heads):
        if head.no != verdict.no:
            continue
        if (head.seq, head.hash) != (verdict.events, verdict.head):
            verdict.add(heads.name, "other_head", f"{head.seq}: {head.hash}")
        return
    verdict.add(heads.name, "not_in_heads", verdict.no)
