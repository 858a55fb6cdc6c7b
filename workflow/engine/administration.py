"""The right to administer, asked of the directory in force today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workflow.domain.administration import may_administer
from workflow.domain.authority import Allowed, Refused
from workflow.domain.instants import civil_date
from workflow.storage.directory_register import Origin

if TYPE_CHECKING:
    from datetime import date

    from workflow.domain.directory import Duty
    from workflow.engine.banjie import Banjie

ZONE: Final = "Asia/Shanghai"
"""Where the days of the directory begin and end."""


def today(banjie: Banjie) -> date:
    """The civil day it is for the directory."""
    return civil_date(banjie.store.clock().now, ZONE)


def granted(answer: Allowed | Refused, by: str) -> Origin:
    """Who does it and by which rule. Raises what refuses it."""
    if isinstance(answer, Refused):
        raise answer.error
    return Origin(by=by, rule=answer.rule)


def require(banjie: Banjie, actor: str, duty: Duty) -> Origin:
    """The right of `actor` to do what is for that administrator. Raises UnknownPerson, NotAuthorised."""
    return granted(may_administer(actor, duty, banjie.directory(), today(banjie)), actor)
