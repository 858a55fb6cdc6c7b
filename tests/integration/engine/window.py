"""An office on the sample licence that takes materials in, with a store of files beside its database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from tests.integration.engine.conftest import Office
from workflow.catalog.canonical import sealed
from workflow.catalog.loader import Catalog, Matter
from workflow.domain.definition import Material
from workflow.engine.banjie import Banjie
from workflow.engine.materials import stage
from workflow.testing import files, sample

MATERIALS = {
    "charter": Material(accept=("pdf", "ofd")),
    "funds": Material(source="organ", max_mb=1),
    "extra": Material(required=False),
}


class Window(Office):
    """An office that takes materials in."""

    @property
    def definition(self):
        return self.banjie.catalog.matter("sample-licence").definition

    def stage(self, receipt, material, body=files.PDF):
        return stage(self.banjie, receipt.case_id, self.definition, material, [body]).digest

    def hand_in(
        self, receipt, material, body=files.PDF, *, actor="ella", action="receive_material", **fields
    ):
        digest = self.stage(receipt, material, body)
        return self.act(
            receipt,
            actor,
            action,
            key=f"{action}-{material}-{digest}",
            material=material,
            digest=digest,
            **fields,
        )

    def standing(self, receipt):
        return {one.material: (one.state, one.version) for one in self.case(receipt).handed_in}

    def rows(self, receipt):
        return {(row.material, row.version): row for row in self.store.materials(receipt.case_id)}

    def age(self, hours):
        """Real time cannot be moved; what was staged can be put back."""
        with self.store.engine.begin() as connection:
            if self.store.dialect == "sqlite":
                past = f"strftime('%Y-%m-%dT%H:%M:%f000Z', staged_at, '-{hours} hours')"
            else:
                past = f"staged_at - interval '{hours} hours'"
            connection.execute(text(f"UPDATE blobs SET staged_at = {past}"))


def engine(store, blobs):
    definition, body = sealed(replace(sample.definition(), materials=MATERIALS))
    matter = Matter(
        definition=definition, canonical=body, texts={"zh-CN": {}, "en": {}}, tree={}, path=Path("-")
    )
    facts = sample.facts()
    catalog = Catalog(
        matters={definition.code: matter},
        directory=facts.directory,
        law=facts.law,
        calendars={"cn": facts.calendar},
    )
    return Banjie(store=store, catalog=catalog, blobs=blobs)
