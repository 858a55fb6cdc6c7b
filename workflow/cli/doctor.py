"""`banjie doctor`: looks at everything the engine stands on, says what is wrong and how to mend it. It changes nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.cli.rendering import emit, pairs, say
from workflow.texts import t

app = typer.Typer()


@app.command(help=t("doctor.help.doctor"))
def doctor(
    release: Annotated[
        str | None, typer.Option("--release", metavar="NO", help=t("doctor.help.release"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.cli.check import Verdict
    from workflow.cli.checks import all_checks
    from workflow.config import Settings

    if release is not None:
        _release(release, as_json=as_json)
        return
    checks = all_checks(Settings.from_environment())
    wrong = [check for check in checks if check.verdict is Verdict.WRONG]
    if as_json:
        emit({"ok": not wrong, "checks": checks})
    else:
        for line, check in zip(
            pairs((_name(check.name), check.found) for check in checks), checks, strict=True
        ):
            say(f"{t(f'doctor.verdict.{check.verdict}')} {line}")
            if check.mend:
                say(f"     {t('doctor.mend', how=check.mend)}")
        say(t("doctor.wrong", count=len(wrong)) if wrong else t("doctor.well"))
    if wrong:
        raise typer.Exit(1)


def _name(name: str) -> str:
    return t(f"doctor.check.{name}")


def _release(no: str, *, as_json: bool) -> None:
    from workflow.cli.opening import open_database
    from workflow.errors import UnknownCase

    with open_database() as store:
        case_id = store.case_id(no)
        if case_id is None:
            raise UnknownCase(what="case", name=no)
        store.release(case_id)
    if as_json:
        emit({"released": no})
    else:
        say(t("doctor.released", no=no))
