"""Publishing a matter (发布施行版本): its resolved, canonical definition under its hash, with the days it is used on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from workflow.domain.reckoning import DAY, start_of_day
from workflow.engine.administration import require
from workflow.errors import BadInput

if TYPE_CHECKING:
    from workflow.domain.versions import Publication
    from workflow.engine.banjie import Banjie


def publish(banjie: Banjie, code: str, *, since: date, until: date | None, by: str) -> Publication:
    """Publish the matter as the catalogue has it now, for filings received from `since` to `until`, both included.

    It is for the system administrator; repeating it changes nothing. Raises UnknownMatter, UnknownPerson, NotAuthorised,
    BadInput for days that run backwards, VersionInUse when cases were filed under another version on those days or another
    version begins on the first, DefinitionInUse when other content is stored under the same hash.
    """
    matter = banjie.catalog.matter(code)
    origin = require(banjie, by, "system")
    if until is not None and until < since:
        raise BadInput(reason=f"{until} < {since}")
    zone = matter.definition.zone
    return banjie.store.versions.publish(
        code=code,
        hash_=matter.definition.hash,
        content=matter.canonical,
        texts=matter.texts_json,
        days=(since, until),
        instants=(start_of_day(since, zone), None if until is None else start_of_day(until + DAY, zone)),
        origin=origin,
    )
