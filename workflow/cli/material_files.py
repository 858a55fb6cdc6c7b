"""Files on their way in and out of the command line. What goes out is whole or not there at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow.errors import BadInput, NotFound
from workflow.texts import fault_text

if TYPE_CHECKING:
    from workflow.domain.definition import Definition
    from workflow.engine.banjie import Banjie
    from workflow.engine.materials import Download


def staged(banjie: Banjie, case_id: str, definition: Definition, material: str, file: Path) -> dict[str, Any]:
    """Stage a file from the disk; gives the fields by which a command names it. Raises BadInput, FileRefused."""
    from workflow.blobs.intake import pieces_of
    from workflow.engine.materials import stage

    try:
        with file.open("rb") as read:
            taken = stage(banjie, case_id, definition, material, pieces_of(read))
    except OSError as error:
        raise BadInput(reason=f"{file}: {fault_text(error)}") from error
    return {"digest": taken.digest, "file_name": file.name}


def staged_for(
    banjie: Banjie, case_id: str, code: str, files: Mapping[str, Path]
) -> dict[str, dict[str, Any]]:
    """Stage the files that a filing comes with, before it is filed. Raises UnknownMaterial, BadInput, FileRefused."""
    if not files:
        return {}
    now = banjie.store.clock().now
    with banjie.store.write() as tx:
        definition = banjie.version_on(tx, code, now)
    return {name: staged(banjie, case_id, definition, name, file) for name, file in files.items()}


def digests(files: Mapping[str, Path]) -> dict[str, Any]:
    """The plain SHA-256 of each file, which makes the key of a filing another when a file is another. Raises BadInput."""
    return {"files": {name: _digest(file) for name, file in files.items()}} if files else {}


def _digest(file: Path) -> str:
    import hashlib

    try:
        with file.open("rb") as read:
            return hashlib.file_digest(read, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(reason=f"{file}: {fault_text(error)}") from error


def written(found: Download, out: Path) -> Path:
    """Write a file to `out`, or into it under its own name where it is a folder. Raises BadInput, BlobDamaged."""
    from workflow.exchange.output import written as whole

    path = out / found.name if out.is_dir() else out
    with whole(path) as file:
        for piece in found.pieces:
            file.write(piece)
    return path


def receipt_body(banjie: Banjie, no: str, kind: str) -> bytes:
    """The last receipt of materials that was given, as `.pdf` or `.html`. Raises NotFound if there is none."""
    from workflow.documents.receipt import receipt_page, receipt_pdf
    from workflow.domain.events import DocumentIssued
    from workflow.domain.materials.state import RECEIPT
    from workflow.queries.cases import case_by_no

    case, matter = case_by_no(banjie.store, no)
    history = banjie.store.history(case.id)
    given = [
        envelope.seq
        for envelope, event in history
        if isinstance(event, DocumentIssued) and event.document == RECEIPT
    ]
    if not given:
        raise NotFound(what="paper", name=RECEIPT)
    if kind == ".pdf":
        return receipt_pdf(history, given[-1], matter, banjie.present_catalog())
    return receipt_page(history, given[-1], matter, banjie.present_catalog()).encode()
