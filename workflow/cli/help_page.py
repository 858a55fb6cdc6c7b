"""Help pages in the reader's language: Typer's own words, which are few, are said from our texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import typer

from workflow.cli.rendering import cells
from workflow.texts import t

if TYPE_CHECKING:
    Formatter = Any
else:
    # Typer carries its own copy of Click; this is the public way to the formatter in it.
    Formatter = typer.Context.formatter_class

_HEADINGS: Final = {"Arguments": "arguments", "Options": "options", "Commands": "commands"}
_NOTES: Final = (
    (re.compile(r"^Show this message and exit\.$"), "cli.page.show_help"),
    (re.compile(r"\[required\]"), "cli.page.required"),
    (re.compile(r"\[default: (?P<value>[^\]]*)\]"), "cli.page.default"),
)
_TYPE: Final = re.compile(r" <\w+>$")
"""Typer's note that an argument is a text or a number, which its name says already."""

_WIDEST_NAME: Final = 30


class HelpPage(Formatter):  # type: ignore[misc]
    """Writes help pages; widths are counted in cells of the terminal, where a Chinese character takes two."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line: how the command is called."""
        plain = args.translate({ord(brace): None for brace in "{}"})
        self.write(f"{prefix or t('cli.page.usage')}{prog} {plain}\n")

    def write_heading(self, heading: str) -> None:
        """The heading of a part."""
        word = _HEADINGS.get(heading)
        self.write(" " * self.current_indent + (t(f"cli.page.{word}") if word else f"{heading}:") + "\n")

    def write_text(self, text: str) -> None:
        """A paragraph; its own line breaks are kept."""
        indent = " " * self.current_indent
        for line in text.splitlines():
            for piece in wrapped(line.strip(), self.width - self.current_indent):
                self.write(f"{indent}{piece}\n")

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = _WIDEST_NAME, col_spacing: int = 2
    ) -> None:
        """Names on the left, what each does on the right."""
        rows = [(_TYPE.sub("", name), said) for name, said in rows]
        names = max((cells(name) for name, _ in rows if cells(name) <= col_max), default=0) + col_spacing
        indent = " " * self.current_indent
        for name, said in rows:
            lines = wrapped(_said(said), max(self.width - self.current_indent - names, 20)) or [""]
            lead = f"{indent}{name}{' ' * (names - cells(name))}"
            if cells(name) > names - col_spacing:
                self.write(f"{indent}{name}\n")
                lead = indent + " " * names
            self.write(f"{lead}{lines[0]}".rstrip() + "\n")
            for line in lines[1:]:
                self.write(f"{indent}{' ' * names}{line}\n")


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells: broken at spaces, and between Chinese characters."""
    lines: list[str] = []
    line = ""
    for piece in re.findall(r"[\x21-\x7e]+[^\x00-\x7f]?|\s+|.", text):
        if cells(line + piece.rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line = ""
        line += piece if line or piece.strip() else ""
    return [*lines, line.rstrip()] if line.strip() else lines


def _said(text: str) -> str:
    for pattern, key in _NOTES:
        text = pattern.sub(lambda found, key=key: t(key, **found.groupdict()), text)  # type: ignore[misc]
    return text
