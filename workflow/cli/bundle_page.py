"""`banjie audit verify BUNDLE`: a dossier verified by itself, with no database and no catalogue of matters."""

from __future__ import annotations

from pathlib import Path

import typer

from workflow.cli.rendering import emit, say
from workflow.texts import t


def verify_bundle(bundle: Path, against: Path | None, *, as_json: bool) -> None:
    """Verify the file and say what is wrong with it; `against` is a file of chain heads that its end must stand in."""
    from workflow.evidence.bundle import verify_dossier

    told = verify_dossier(bundle, against)
    if as_json:
        emit(
            {
                "ok": not told.wrong,
                "no": told.no,
                "events": told.events,
                "parts": told.parts,
                "head": told.head,
                "manifest": told.digest,
                "personal": told.personal,
                "wrong": [
                    {
                        "part": one.part,
                        "flaw": one.flaw,
                        "detail": one.detail,
                        "text": _text(one.flaw, one.detail),
                    }
                    for one in told.wrong
                ],
            }
        )
    else:
        for one in told.wrong:
            say(t("dossier.line", part=one.part, flaw=_text(one.flaw, one.detail)))
        counts = {"no": told.no or bundle.name, "parts": told.parts, "events": told.events}
        say(t("dossier.broken" if told.wrong else "dossier.sound", count=len(told.wrong), **counts))
        say(t("dossier.digest", digest=told.digest))
    if told.wrong:
        raise typer.Exit(1)


def _text(flaw: str, detail: str) -> str:
    said = t(f"dossier.flaw.{flaw}")
    return t("audit.with_detail", flaw=said, detail=detail) if detail else said
