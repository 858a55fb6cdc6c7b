"""A transfer with something in every table made from events: papers, notice, quota, letter, file, signature, findings."""

from __future__ import annotations

from obstore.store import MemoryStore

from tests.integration.transfers import AFTER_THE_NOTICE, MATERIALS, TO_THE_NOTICE, Transfers
from workflow.blobs.store import Blobs
from workflow.engine.figures import from_history
from workflow.engine.materials import stage
from workflow.testing import files

HANDED_IN = "transfer_form"


class Record(Transfers):
    """Transfers with a store of files."""

    def __init__(self, store):
        super().__init__(store)
        self.banjie.blobs = Blobs(store=MemoryStore())

    def figures(self, history):
        return from_history(self.banjie, history[0][0].case_id, history)

    def hand_in(self, no, actor, body=files.PDF):
        case_id = self.store.case_id(no)
        definition = self.banjie.definition(self.store, self.case(no).definition)
        digest = stage(self.banjie, case_id, definition, HANDED_IN, [body]).digest
        fields = {"material": HANDED_IN, "digest": digest, "file_name": "王秀华调动表.pdf"}
        self.act(no, actor, "replace_material", **fields)

    def whole(self, key="whole"):
        """Everything that can happen to a transfer on its way to the archive; the handler is late."""
        no = self.file(key)
        self.hand_in(no, "lu-xiaochao")
        for person, action, fields in TO_THE_NOTICE:
            if action == "propose":
                self.days(12)
                self.act(no, person, "countersign", question="可否调京", mode="all", signers=["jin-zhe"])
                self.act(no, "jin-zhe", "cosign", vote="agree")
            self.act(no, person, action, **fields)
        self.days(9)
        for person, action, fields in AFTER_THE_NOTICE:
            self.act(no, person, action, **fields)
        return no


assert HANDED_IN in MATERIALS
