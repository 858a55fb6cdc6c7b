"""Samples for auditors: drawn under their right, recorded for ever, and drawn again to prove them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow.domain.accountability.sampling import drawn, may_sample, root_of
from workflow.engine.administration import granted, today
from workflow.errors import NotFound
from workflow.storage.audit_register import Sample
from workflow.storage.codec import canonical

if TYPE_CHECKING:
    from workflow.engine.banjie import Banjie


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is asked for: `size` of the cases concluded in `month` (YYYY-MM), of one matter or of all, by strata or not."""

    month: str
    size: int
    seed: str
    matter: str | None = None
    stratify: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """Whether a recorded sample comes out again; `population` is how many cases there are now to draw from."""

    sample: Sample
    population: int
    same_population: bool
    same_draw: bool


def draw_sample(banjie: Banjie, terms: Terms, by: str) -> Sample:
    """Draw a sample and record it; the same terms over the same population are recorded once.

    Raises UnknownPerson, NotAuthorised, UnknownMatter.
    """
    origin = granted(may_sample(by, banjie.directory(), today(banjie)), by)
    if terms.matter is not None:
        banjie.catalog.matter(terms.matter)
    population = banjie.store.audits.population(terms.month, terms.matter, terms.stratify)
    chosen = drawn(population, terms.size, terms.seed)
    root = root_of(population)
    said = [terms.month, terms.matter, terms.stratify, terms.seed, terms.size, len(population), root.hex()]
    return banjie.store.audits.record(
        Sample(
            id=hashlib.sha256(canonical([*said, [one.case_id for one in chosen]])).hexdigest()[:16],
            month=terms.month,
            matter=terms.matter,
            stratify=terms.stratify,
            seed=terms.seed,
            size=terms.size,
            population=len(population),
            root=root,
            drawn=chosen,
            drawn_by=origin.by,
            rule=origin.rule,
            drawn_at=banjie.store.clock().now,
        )
    )


def prove_sample(banjie: Banjie, id_: str) -> Proved:
    """Draw a recorded sample again from what there is now. Raises NotFound."""
    sample = banjie.store.audits.one(id_)
    if sample is None:
        raise NotFound(what="sample", name=id_)
    population = banjie.store.audits.population(sample.month, sample.matter, sample.stratify)
    return Proved(
        sample=sample,
        population=len(population),
        same_population=root_of(population) == sample.root,
        same_draw=drawn(population, sample.size, sample.seed) == sample.drawn,
    )
