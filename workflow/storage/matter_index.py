"""The index of other organs' matters: replaced source by source, looked up by a part of the title or by pinyin initials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, or_, select

from workflow.storage import tables as t

_COLUMNS = [column for column in t.matter_index.columns if column.name != "initials"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedMatter:
    """A matter of another organ: its code is unique within its `source`."""

    source: str
    code: str
    title: str
    organ: str
    kind: str
    link: str


def replace(connection: Connection, source: str, entries: Sequence[tuple[IndexedMatter, str]]) -> None:
    """Put these matters, each with its pinyin initials, in the place of all that came from `source`."""
    connection.execute(delete(t.matter_index).where(t.matter_index.c.source == source))
    if entries:
        rows = [{**asdict(matter), "initials": initials} for matter, initials in entries]
        connection.execute(insert(t.matter_index), rows)


def find(connection: Connection, words: Sequence[str], limit: int) -> list[IndexedMatter]:
    """Matters in which every word stands, as a part of title, organ or code or as pinyin initials."""
    c = t.matter_index.c
    query = select(*_COLUMNS).order_by(c.title, c.code).limit(limit)
    for word in words:
        part, initials = f"%{_escaped(word)}%", f"%{_escaped(word.lower())}%"
        texts = (column.like(part, escape="\\") for column in (c.title, c.organ, c.code))
        query = query.where(or_(*texts, c.initials.like(initials, escape="\\")))
    return [IndexedMatter(**row) for row in connection.execute(query).mappings()]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
