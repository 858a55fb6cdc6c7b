"""Cells that programs for spreadsheets read: none of them may be taken for a formula, whoever wrote the text in it."""

from __future__ import annotations

from typing import Final

FORMULA: Final = tuple("=+-@＝＋－＠\t\r\n")
"""How a cell begins that a spreadsheet would reckon with; some take the full-width signs as well."""


def harmless(cell: str) -> str:
    """A cell that no spreadsheet computes: an apostrophe before it makes it text."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
