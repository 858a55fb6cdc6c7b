"""Rows of the materials of a step: a version for each that came in, and what was found of it since."""

from __future__ import annotations

from workflow.domain import events as e
from workflow.domain.envelope import Envelope
from workflow.domain.materials.standing import family_of
from workflow.domain.materials.state import Standing
from workflow.domain.step import Step
from workflow.storage.registers import Row, Rows


def material_rows(rows: Rows, step: Step, envelope: Envelope, event: e.Event) -> None:
    """Add what this event of the step writes; most events write nothing here."""
    match event:
        case e.MaterialReceived():
            rows["materials"].append(
                {**_base(step, envelope, event, Standing.RECEIVED), **_paper(event), **_file(event.file)}
            )
            _keep(rows, envelope, event.file)
        case e.MaterialReplaced():
            received = Standing.CORRECTED if event.corrects else Standing.RECEIVED
            rows["materials"].append(
                {**_base(step, envelope, event, received), **_paper(event), **_file(event.file)}
            )
            _keep(rows, envelope, event.file)
        case e.MaterialTakenOver():
            source = {"from_case": event.source.case_id, "from_version": event.source.version}
            row = {**_base(step, envelope, event, Standing.HELD), **_file(event.file), **source}
            rows["materials"].append({**row, "channel": event.channel})
            _keep(rows, envelope, event.file)
        case e.MaterialWaived():
            row = _base(step, envelope, event, Standing.WAIVED)
            rows["materials"].append({**row, "channel": "waived", "reason": event.reason})
        case e.MaterialFoundDefective() | e.MaterialWithdrawn():
            state = Standing.DEFECTIVE if isinstance(event, e.MaterialFoundDefective) else Standing.WITHDRAWN
            _judge(rows, envelope, event, {"state": state, "reason": event.reason}, "materials_judged")
        case e.OriginalReturned():
            _judge(rows, envelope, event, {"original_returned_at": event.at}, "originals_returned")
        case _:
            return


def _base(
    step: Step,
    envelope: Envelope,
    event: e.MaterialReceived | e.MaterialReplaced | e.MaterialTakenOver | e.MaterialWaived,
    state: str,
) -> Row:
    case = step.after
    return {
        "case_id": case.id,
        "material": event.material,
        "version": event.version,
        "seq": envelope.seq,
        "family": family_of(case),
        "applicant": case.parties.get("unit") or case.parties.get("filer"),
        "state": str(state),
        "reason": None,
        "channel": "online",
        "copies": 1,
        "pages": None,
        "original": False,
        "original_returned_at": None,
        **_file(None),
        "received_at": event.at,
        "received_by": envelope.actor,
        "from_case": None,
        "from_version": None,
    }


def _paper(event: e.MaterialReceived | e.MaterialReplaced) -> Row:
    return {
        "channel": event.channel,
        "copies": event.copies,
        "pages": event.pages,
        "original": event.original,
    }


def _file(file: e.StoredFile | None) -> Row:
    return {
        "digest": file.digest if file else None,
        "kind": file.kind if file else None,
        "media_type": file.media_type if file else None,
        "size": file.size if file else None,
        "name_field": file.name.get("field") if file and file.name else None,
    }


def _keep(rows: Rows, envelope: Envelope, file: e.StoredFile | None) -> None:
    """From this commit on the file stays; the decision has locked its row."""
    if file is not None:
        row = {"case_id": file.family, "digest": file.digest, "kept_at": envelope.recorded_at}
        if row not in rows["blobs_kept"]:
            rows["blobs_kept"].append(row)


def _judge(
    rows: Rows,
    envelope: Envelope,
    event: e.MaterialFoundDefective | e.MaterialWithdrawn | e.OriginalReturned,
    change: Row,
    write: str,
) -> None:
    """Put it into the row that this step inserts, or else update the row that is there, if one is: a material of which
    only the name was given has none.
    """
    key = {"case_id": envelope.case_id, "material": event.material, "version": event.version}
    here = [row for row in rows.get("materials", ()) if row.items() >= key.items()]
    for row in here:
        row.update(change)
    if not here:
        rows[write].append({**key, **change})
