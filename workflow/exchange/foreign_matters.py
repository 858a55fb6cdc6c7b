"""Catalogues of other organs (事项目录) in: a CSV file, plain or gzipped, becomes entries of the index of matters."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from workflow.errors import BadFields, BadInput
from workflow.storage.matter_index import IndexedMatter

NEEDED: Final = {"title": ("name", "title"), "code": ("item_code", "code")}
OPTIONAL: Final = {
    "organ": ("department", "organ"),
    "kind": ("task_type_code", "kind"),
    "link": ("url", "link"),
}
"""The columns that are read, each under any of its names; a file may have more."""

LARGEST: Final = 64 * 1024 * 1024
"""Bytes after unpacking; a catalogue is a list of titles."""


def read_catalogue(path: Path, source: str) -> list[tuple[IndexedMatter, str]]:
    """The matters of a file with their pinyin initials. Raises BadInput for a file that is none, BadFields for one whose
    rows lack a title or a code or repeat a code, naming every row.
    """
    rows = csv.DictReader(io.StringIO(_text(path)))
    columns = _columns(rows.fieldnames or (), path)
    found: dict[str, IndexedMatter] = {}
    problems = []
    for number, row in enumerate(rows, start=2):
        values = {key: (row.get(column) or "").strip() for key, column in columns.items()}
        missing = [key for key in NEEDED if not values[key]]
        if missing:
            problems.append(f"row {number}: no {' and no '.join(missing)}")
        elif values["code"] in found:
            problems.append(f"row {number}: the code {values['code']} stands in the file before")
        else:
            rest = {key: values.get(key, "") for key in OPTIONAL}
            found[values["code"]] = IndexedMatter(
                source=source, code=values["code"], title=values["title"], **rest
            )
    if problems:
        raise BadFields(what=path.name, problems="; ".join(problems))
    return [(matter, initials(f"{matter.title} {matter.organ}")) for matter in found.values()]


def initials(text: str) -> str:
    """The pinyin initials of a text, in lower case; letters and digits stay, signs go: 京外调干（A类） is jwdgal."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its tables take a moment to load

    return "".join(
        part for part in "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower() if part.isalnum()
    )


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(content)) as packed:
                content = packed.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise BadInput(reason=f"{path.name} is larger than {LARGEST // 1024 // 1024} MiB")
        return content.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(reason=f"{path.name}: {getattr(error, 'strerror', None) or error}") from error
    except UnicodeDecodeError as error:
        raise BadInput(reason=f"{path.name} is not UTF-8 text (byte {error.start})") from error


def _columns(names: Sequence[str], path: Path) -> dict[str, str]:
    known = {
        key: next((name for name in aliases if name in names), "")
        for key, aliases in {**NEEDED, **OPTIONAL}.items()
    }
    missing = [" or ".join(NEEDED[key]) for key in NEEDED if not known[key]]
    if missing:
        raise BadFields(what=path.name, problems=f"columns: needs {', '.join(missing)}")
    return {key: name for key, name in known.items() if name}
