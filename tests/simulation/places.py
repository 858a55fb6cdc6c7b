"""The catalogue of a simulation: the shipped matters, and the sample licence with its office beside them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from workflow.catalog.canonical import sealed
from workflow.catalog.loader import Catalog, Matter, load
from workflow.testing import sample


@cache
def catalog() -> Catalog:
    """Loaded once for a process."""
    real, facts = load(), sample.facts()
    definition, content = sealed(sample.definition())
    matter = Matter(
        definition=definition, canonical=content, texts={"zh-CN": {}, "en": {}}, tree={}, path=Path("-")
    )
    directory = replace(
        real.directory,
        version=f"{real.directory.version}+sample",
        organs={**facts.directory.organs, **real.directory.organs},
        persons={**facts.directory.persons, **real.directory.persons},
        holdings=(*real.directory.holdings, *facts.directory.holdings),
    )
    law = replace(
        real.law,
        rules={**facts.law.rules, **real.law.rules},
        grounds={**facts.law.grounds, **real.law.grounds},
    )
    return replace(real, matters={**real.matters, definition.code: matter}, directory=directory, law=law)
