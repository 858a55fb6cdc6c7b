"""Which commands there are and where each lives; its module is imported when it is called, not before."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from workflow.cli.help_page import HelpPage
from workflow.texts import t

MODULES: Final[dict[str, str]] = {
    "demo": "workflow.cli.demo",
    "serve": "workflow.cli.serve",
    "worker": "workflow.cli.worker",
    "case": "workflow.cli.case",
    "roster": "workflow.cli.roster",
    "letter": "workflow.cli.letter",
    "window": "workflow.cli.window",
    "queue": "workflow.cli.queue",
    "desk": "workflow.cli.desk",
    "materials": "workflow.cli.materials",
    "findings": "workflow.cli.findings",
    "notify": "workflow.cli.notify",
    "report": "workflow.cli.report",
    "deadline": "workflow.cli.deadline",
    "calendar": "workflow.cli.calendar",
    "matters": "workflow.cli.matters",
    "directory": "workflow.cli.directory",
    "quota": "workflow.cli.quota",
    "replay": "workflow.cli.replay",
    "audit": "workflow.cli.audit",
    "export": "workflow.cli.export",
    "db": "workflow.cli.db",
    "reconcile": "workflow.cli.reconcile",
    "clock": "workflow.cli.clock",
    "doctor": "workflow.cli.doctor",
}
"""Each module has a Typer application `app`. The order is that of the help page: the main job first."""


_COMPLETION: Final = {"install_completion", "show_completion"}


class Reading(typer.Context):
    """A command being read, whose help page is in the reader's language."""

    formatter_class = HelpPage


class Commands(TyperGroup):
    """The root of all commands. For its own help page it knows only their names and the one line on each."""

    context_class = Reading

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name in MODULES:
            self.commands[name] = TyperCommand(name=name, short_help=t(f"cli.commands.{name}"))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that is called, now in full."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        return name, stand_in if name is None else load(name), rest


def load(name: str) -> Any:
    """Import the module of a command and build the command from its application."""
    app: typer.Typer = import_module(MODULES[name]).app
    # Plain help pages are quick, and can be read aloud, piped and translated.
    app.rich_markup_mode = None
    command: Any = typer.main.get_command(app)
    command.name = name
    command.help = command.help or t(f"cli.commands.{name}")
    _dress(command)
    return command


def _dress(command: Any) -> None:
    command.context_class = Reading
    # Completion belongs to the root, if anywhere.
    command.params = [param for param in command.params if param.name not in _COMPLETION]
    # In a list of commands each has its first line, whole.
    command.short_help = command.short_help or (command.help or "").partition("\n")[0]
    for below in getattr(command, "commands", {}).values():
        _dress(below)
