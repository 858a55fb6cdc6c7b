"""Which version of a matter a roster is for: the one that a filing received today would be pinned to."""

from __future__ import annotations

from datetime import date

from workflow.domain.directory import Directory
from workflow.domain.reckoning import civil_date
from workflow.domain.versions import in_force, not_yet_begun
from workflow.engine.banjie import Banjie
from workflow.errors import NoVersionInForce
from workflow.exchange.roster.columns import Readable
from workflow.queries.cases import matter_of


def matter_today(banjie: Banjie, code: str) -> tuple[Readable, date]:
    """The matter in force on the present civil day, and that day. Raises UnknownMatter, NoVersionInForce."""
    published = banjie.store.versions.publications(code)
    now = banjie.store.clock().now
    if not published:
        shipped = banjie.catalog.matter(code)
        return shipped, civil_date(now, shipped.definition.zone)
    latest = matter_of(banjie.store, published[-1].hash)
    day = civil_date(now, latest.definition.zone)
    version = in_force(published, day)
    if version is not None:
        return matter_of(banjie.store, version.hash), day
    if not_yet_begun(published, day):
        return banjie.catalog.matter(code), day
    raise NoVersionInForce(what="version", name=code, on=day.isoformat())


def directory_today(banjie: Banjie, matter: Readable) -> Directory:
    """The directory that a filing of today is decided by."""
    return banjie.facts(matter.definition).directory
