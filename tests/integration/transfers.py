"""A transfer into Beijing (京外调干) walked by the people of the sample directory, for tests of what is left behind."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from workflow.catalog.loader import load
from workflow.domain.commands import SubmitFiling, TakeAction
from workflow.engine.absences import follow_absences
from workflow.engine.advance import advance
from workflow.engine.banjie import Banjie
from workflow.engine.handle import case_id_for, handle

MATTER = "transfer-into-beijing"
FILER = "lu-xiaochao"
FORM = {
    "name": "王秀华",
    "id_number": "11010519491231002X",
    "sex": "female",
    "present_unit": "某省水文站",
    "present_region": "湖北省",
    "receiving_unit": "海岸监测中心",
    "receiving_post": "高级工程师",
    "reason": "needed_talent",
    "education": "doctor",
    "accompanying": 1,
}
MATERIALS = (
    "application_letter",
    "transfer_form",
    "identity_card",
    "household_register",
    "degree_certificate",
    "appointment_document",
    "headcount_proof",
    "releasing_consent",
    "file_review",
    "appraisal",
)
TO_THE_NOTICE = (
    ("pan-haiyan", "endorse", {"text": "符合条件"}),
    ("jiang-yuanbo", "approve_report", {}),
    ("shui-qingqing", "report_up", {"letter": "水人函〔2026〕7号", "signer": "江远波"}),
    ("lin-xiaotang", "accept", {}),
    ("zhou-mingli", "propose", {"opinion": "agree", "text": "拟同意"}),
    ("sima-yuan", "confirm", {"text": "同意"}),
    ("gu-weimin", "intend_to_agree", {}),
)
"""Who does what, from the filing to the public notice."""

AFTER_THE_NOTICE = (
    ("gu-weimin", "sign_and_issue", {}),
    ("shui-qingqing", "report_arrival", {"arrived_on": "2026-09-18"}),
    ("shui-qingqing", "record_file", {"file_received_on": "2026-09-21"}),
    ("shui-qingqing", "complete_hand_over", {}),
)
"""And from the end of the notice period to the arrival and what follows it; the system does the rest."""


@cache
def shipped():
    """The shipped catalogue, read once for all tests; nothing in it changes."""
    return load()


class Transfers:
    """Files transfers and acts on them, on a stepped clock that moves only when told."""

    def __init__(self, store):
        self.store = store
        self.banjie = Banjie(store=store, catalog=shipped())
        self._acts = 0

    def file(self, key="one", **form):
        receipt = handle(
            self.banjie,
            SubmitFiling(
                case_id=case_id_for(FILER, key),
                key=key,
                actor=FILER,
                matter=MATTER,
                form={**FORM, **form},
                materials=MATERIALS,
            ),
        )
        self.settle()
        return receipt.no

    def act(self, no, person, action, **fields):
        self._acts += 1
        command = TakeAction(
            case_id=self.store.case_id(no),
            key=f"act-{self._acts}",
            actor=person,
            action=action,
            fields=fields,
        )
        receipt = handle(self.banjie, command)
        self.settle()
        return receipt

    def to_the_notice(self, no, letter=None):
        for person, action, fields in TO_THE_NOTICE:
            own = {"letter": letter} if letter is not None and action == "report_up" else {}
            self.act(no, person, action, **{**fields, **own})

    def to_the_archive(self, no, letter=None):
        """Its letter is answered on the way, and takes no more cases."""
        self.to_the_notice(no, letter)
        self.days(9)
        for person, action, fields in AFTER_THE_NOTICE:
            self.act(no, person, action, **fields)

    def days(self, count):
        """So many days pass, and whatever falls due on the way is done when it does."""
        moment = self.store.clock().now + timedelta(days=count)
        while (due := self.store.next_due()) is not None and due <= moment:
            self.store.advance(due)
            self.settle()
        self.store.advance(moment)

    def settle(self):
        follow_absences(self.banjie)
        while waiting := self.store.overlooked(0, 100):
            for case_id in waiting:
                advance(self.banjie, case_id, done_by="task")

    def case(self, no):
        return self.store.case(self.store.case_id(no))
