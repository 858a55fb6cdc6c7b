"""Filters of queues that a person has saved under a name. They decide nothing, so they are kept without a history."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Column, Connection, Table, Text, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from workflow.storage.tables import metadata

saved_filters = Table(
    "saved_filters",
    metadata,
    Column("person", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("body", Text, nullable=False),  # the filter as canonical JSON
)

_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}
_ALL = (
    select(saved_filters.c.name, saved_filters.c.body)
    .where(saved_filters.c.person == bindparam("whose"))
    .order_by(saved_filters.c.name)
)
_FORGET = delete(saved_filters).where(
    saved_filters.c.person == bindparam("whose"), saved_filters.c.name == bindparam("called")
)


Opening = Callable[[], AbstractContextManager[Connection]]


class SavedFilters:
    """The saved filters' part of the store."""

    def __init__(self, reading: Opening, writing: Opening) -> None:
        self._reading = reading
        self._writing = writing

    def save(self, person: str, name: str, body: str) -> None:
        """Keep a filter under a name, in the place of one of the same name."""
        with self._writing() as connection:
            insert = _DIALECTS[connection.dialect.name].insert(saved_filters)
            statement = insert.values(person=person, name=name, body=body).on_conflict_do_update(
                index_elements=[saved_filters.c.person, saved_filters.c.name], set_={"body": body}
            )
            connection.execute(statement)

    def of(self, person: str) -> dict[str, str]:
        """Every filter of a person by its name."""
        with self._reading() as connection:
            return {row.name: row.body for row in connection.execute(_ALL, {"whose": person})}

    def forget(self, person: str, name: str) -> bool:
        """Drop a filter; whether there was one."""
        with self._writing() as connection:
            return connection.execute(_FORGET, {"whose": person, "called": name}).rowcount > 0
