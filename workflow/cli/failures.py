"""What a person, or a program, is told when a command fails: one line, a code, and an exit code that means something."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import typer

from workflow.errors import BanjieError
from workflow.texts import error_text, t

REFUSED: Final = 1
BAD_USAGE: Final = 2
INTERRUPTED: Final = 130

_USAGE: Final = (
    (re.compile(r"^No such command '(?P<name>.*?)'"), "cli.usage.no_command"),
    (re.compile(r"^Missing command"), "cli.usage.missing_command"),
    (re.compile(r"^No such option: (?P<name>\S+)"), "cli.usage.no_option"),
    (re.compile(r"^Missing (argument|option|parameter) '(?P<name>.*?)'"), "cli.usage.missing"),
    (re.compile(r"^Invalid value for (?P<name>.*?): (?P<reason>.*)", re.DOTALL), "cli.usage.invalid"),
    (re.compile(r"^Got unexpected extra arguments?\S* \((?P<name>.*)\)"), "cli.usage.extra"),
    (re.compile(r"^Option '(?P<name>.*?)' requires an argument"), "cli.usage.no_value"),
)


def told(error: BaseException, argv: Sequence[str]) -> int:
    """Say on stderr what went wrong, as far as it is worth saying; gives the exit code."""
    as_json = "--json" in argv
    match error:
        case BanjieError():
            _say(error.code, error_text(error), error.fields, as_json=as_json)
            return REFUSED
        case KeyboardInterrupt() | typer.Abort():
            return INTERRUPTED
        case BrokenPipeError():
            return _nobody_reads()
        case SystemExit():
            # Typer leaves this way when the reader of our output has gone, having silenced what remains of it.
            return error.code if isinstance(error.code, int) else REFUSED
        case _ if hasattr(error, "format_message"):
            return _bad_usage(error, as_json=as_json)
        case _:
            log = _logged(error, argv)
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            text = t("cli.unexpected", reason=reason, log=log)
            _say(BanjieError.code, text, {"reason": reason, "log": log}, as_json=as_json)
            return REFUSED


_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""What is not seen, moves the cursor or turns the text round: a message may repeat what somebody else wrote."""


def _say(code: str, message: str, fields: dict[str, Any], *, as_json: bool) -> None:
    line = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", " ".join(message.split()))
    if as_json:
        from workflow.cli.rendering import json_text

        line = json_text({"error": {"code": code, "message": line, "fields": fields}}, indent=0)
    else:
        line = f"{code}: {line}"
    sys.stderr.write(line + "\n")


def _bad_usage(error: Any, *, as_json: bool) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        # A group called without a command is a question: the page that answers it is the whole answer.
        sys.stderr.write(error.format_message().rstrip() + "\n")
        return BAD_USAGE
    message = error.format_message()
    for pattern, key in _USAGE:
        if found := pattern.match(message):
            message = t(key, **found.groupdict())
            break
    if context is not None:
        message = t("cli.usage.see", message=message, command=f"{context.command_path} --help")
    _say("bad_usage", message, {}, as_json=as_json)
    return BAD_USAGE


def _nobody_reads() -> int:
    """Whoever read our output has gone (`| head`). Python would complain about it once more at the end: not here."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return REFUSED


def _without_values(argv: Sequence[str]) -> str:
    """The command and the names of its options: what is given to them may be somebody's name, or a reason."""
    told: list[str] = []
    for at, word in enumerate(argv):
        name, equals, _ = word.partition("=")
        if word.startswith("-"):
            told.append(f"{name}=…" if equals else name)
        else:
            told.append(word if at < _COMMAND_WORDS and _WORD.match(word) else "…")
    return " ".join(told)


_COMMAND_WORDS: Final = 3
_WORD: Final = re.compile(r"^[a-z][a-z-]*$")


def _logged(error: BaseException, argv: Sequence[str]) -> str:
    """Keep where it happened for whoever mends it, and no value; gives in which file, or a dash when it cannot be kept."""
    from workflow.operation.logs import line
    from workflow.operation.redaction import Plain, trace

    log = Path(os.environ.get("BANJIE_HOME") or "var").expanduser() / "log" / "cli.log"
    where = Plain(trace((type(error), error, error.__traceback__)))
    said = line("command_failed", "cli", command=f"banjie {_without_values(argv)}", trace=where)
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            log.chmod(0o600)
            file.write(f"{said}\n")
    except OSError:
        return "-"
    return str(log)
