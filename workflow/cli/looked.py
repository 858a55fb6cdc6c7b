"""A case that a command looks at: what every page about it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow.catalog.pinned import Pinned
    from workflow.domain.case import Case
    from workflow.engine.banjie import Banjie
    from workflow.queries.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A case that was asked for, with everything needed to speak about it."""

    banjie: Banjie
    case: Case
    matter: Pinned
    words: Wording
