"""Commands told apart by the walk, as they were given."""

from __future__ import annotations

from tests.integration.engine.conftest import office
from workflow.evidence.walk import walk

__all__ = ["office"]


def test_two_people_may_use_the_same_key_at_the_same_instant(office):
    receipt = office.file()
    office.act(receipt, "clerk", "accept")
    office.act(receipt, "anna", "claim")
    office.act(receipt, "anna", "countersign", question="可否", mode="all", signers=["bo", "chen"])

    office.act(receipt, "bo", "cosign", key="mine", vote="agree")
    office.act(receipt, "chen", "cosign", key="mine", vote="agree")

    assert walk(office.store).broken == []
