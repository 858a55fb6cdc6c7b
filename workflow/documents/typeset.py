"""Typst templates to PDF/A-2b. Facts reach a template as JSON and are never part of its text; nothing is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import manimgx_fonts_cjk
import msgspec
import typst

_TEMPLATES = Path(__file__).with_name("templates")


def typeset(template: str, facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of a template with `facts`, said to be made `at` an instant. Raises typst.TypstError for a bad template."""
    made = typst.compile(
        (_TEMPLATES / template).read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"facts": msgspec.json.encode(facts).decode()},
        pdf_standards=["a-2b"],
        timestamp=at,
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made


@cache
def _fonts() -> typst.Fonts:
    """Noto Sans CJK from the wheel and nothing of the machine's own, so that a PDF looks the same everywhere."""
    folder = Path(manimgx_fonts_cjk.__file__).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
