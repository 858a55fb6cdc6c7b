"""The command `banjie`: what becomes of a command line, and of what goes wrong on the way.

Exit codes: 0 done, 1 refused or a check that failed, 2 bad usage, 130 stopped by Ctrl-C. An error is one line on stderr,
`code: message` in the reader's language, or with `--json` one object. A command's module is imported when it is called.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from workflow.cli import failures
from workflow.cli.commands import Commands
from workflow.texts import LANGUAGES, t


def main() -> None:
    """The entry point of the installed command."""
    sys.exit(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Do what the command line says; gives the exit code and never raises, whatever happens below."""
    for stream in (sys.stdout, sys.stderr):
        # What people read is Chinese; a terminal that cannot show it gets a mark instead of a crash.
        if callable(reconfigure := getattr(stream, "reconfigure", None)):
            reconfigure(errors="replace")
    _speak(argv)
    try:
        result = _root().main(args=list(argv), prog_name="banjie", standalone_mode=False)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001 - this is where all of them end
        return failures.told(error, argv)
    return result if isinstance(result, int) else 0


def _root() -> Any:
    app = typer.Typer(cls=Commands, add_completion=False, no_args_is_help=True, rich_markup_mode=None)
    app.callback(help=t("cli.help.banjie"), epilog=t("cli.help.settings"))(_options)
    return typer.main.get_command(app)


def _language(chosen: str | None) -> str | None:
    if chosen is not None and chosen not in LANGUAGES:
        raise typer.BadParameter(t("cli.usage.language", known=", ".join(LANGUAGES)))
    return chosen


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"banjie {version('banjie')}")
        raise typer.Exit


def _options(
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="zh-CN|en", help=t("cli.help.lang"), callback=_language)
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help=t("cli.help.version"), is_eager=True, callback=_version)
    ] = False,
) -> None:
    del lang, version  # their callbacks have done their work by now


def _speak(argv: Sequence[str]) -> None:
    """Take `--lang` before anything is said, so that help pages and usage errors are in the reader's language too."""
    for at, word in enumerate(argv):
        if not word.startswith("-"):
            return
        name, _, value = word.partition("=")
        if name == "--lang":
            chosen = value or next(iter(argv[at + 1 :]), "")
            if chosen in LANGUAGES:
                # The environment is where the language is read, here and in the processes that this command starts.
                os.environ["BANJIE_LANG"] = chosen
            return


if __name__ == "__main__":
    main()
