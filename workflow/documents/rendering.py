"""Templates to HTML that stands by itself: one style, no script, nothing fetched. Templates see one value, `facts`."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from workflow.documents.dates import in_words
from workflow.texts import language, t

_TEMPLATES = Path(__file__).with_name("templates")


def render(template: str, facts: Any, lang: str | None = None, *, style: str = "paper.css") -> str:
    """The HTML of `facts`; a template that asks for a fact there is not fails (UndefinedError) instead of being blank."""
    spoken = lang or language()

    def words(key: str, **fields: Any) -> str:
        return t(f"documents.{key}", spoken, **fields)

    page = _environment().get_template(template)
    css = Markup(style_sheet(style))  # noqa: S704 - our own file, part of the program
    return page.render(facts=facts, lang=spoken, t=words, day=lambda on: in_words(on, spoken), style=css)


@cache
def style_sheet(name: str) -> str:
    """The style sheet that a paper carries in itself."""
    return (_TEMPLATES / name).read_text("utf-8")


@cache
def style_source(name: str = "paper.css") -> str:
    """The style sheet as a Content-Security-Policy names it, so that a server can allow it and nothing else."""
    digest = hashlib.sha256(style_sheet(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
