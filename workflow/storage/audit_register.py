"""Audit samples as they were drawn, and the population they are drawn from: the concluded cases of a month."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import insert, select

from workflow.domain.accountability.sampling import Member
from workflow.storage.audit_tables import audit_samples
from workflow.storage.codec import canonical
from workflow.storage.report_tables import case_facts

if TYPE_CHECKING:
    from sqlalchemy import Connection

Opening = Callable[[], "AbstractContextManager[Connection]"]
_members = msgspec.json.Decoder(tuple[Member, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample with the terms it was drawn under; `root` is that of the population of so many cases."""

    id: str
    month: str
    matter: str | None
    stratify: str | None
    seed: str
    size: int
    population: int
    root: bytes
    drawn: tuple[Member, ...]
    drawn_by: str
    rule: str
    drawn_at: datetime


class AuditStore:
    """The store's register of samples: each call is a transaction, or a query, of its own."""

    def __init__(self, reading: Opening, writing: Opening) -> None:
        self._reading = reading
        self._writing = writing

    def population(self, month: str, matter: str | None, stratify: str | None) -> list[Member]:
        """The cases that were concluded in a month (YYYY-MM), in the order of their ids."""
        facts = case_facts.c
        stratum = {"organ": facts.organ, "outcome": facts.outcome}.get(stratify or "")
        query = select(facts.case_id, facts.no, *([stratum.label("stratum")] if stratum is not None else []))
        query = query.where(facts.month == month).order_by(facts.case_id)
        if matter is not None:
            query = query.where(facts.matter == matter)
        with self._reading() as connection:
            return [Member(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001

    def record(self, sample: Sample) -> Sample:
        """Keep a sample for ever, unless it is there; gives what is there then."""
        row = {name: getattr(sample, name) for name in Sample.__dataclass_fields__}
        with self._writing() as connection:
            known = _one(connection, sample.id)
            if known is None:
                drawn = [
                    {"case_id": one.case_id, "no": one.no, "stratum": one.stratum} for one in sample.drawn
                ]
                connection.execute(insert(audit_samples).values(**{**row, "drawn": canonical(drawn)}))
            return known or sample

    def one(self, id_: str) -> Sample | None:
        """The sample of that id."""
        with self._reading() as connection:
            return _one(connection, id_)

    def all(self, limit: int = 100) -> list[Sample]:
        """The last samples, the newest first."""
        query = (
            select(audit_samples).order_by(audit_samples.c.drawn_at.desc(), audit_samples.c.id).limit(limit)
        )
        with self._reading() as connection:
            return [_sample(row) for row in connection.execute(query).mappings()]


def _one(connection: Connection, id_: str) -> Sample | None:
    row = connection.execute(select(audit_samples).where(audit_samples.c.id == id_)).mappings().first()
    return _sample(row) if row is not None else None


def _sample(row: object) -> Sample:
    said = dict(row)  # type: ignore[call-overload]
    return Sample(**{**said, "root": bytes(said["root"]), "drawn": _members.decode(bytes(said["drawn"]))})
