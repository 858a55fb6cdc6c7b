"""The script of 人才中介服务机构设立审批: how licences go, with what the Licensing Law (行政许可法) adds to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from workflow.demo.script import Fate, Script, Turn, days

AGREE: Final = {"opinion": "agree"}
DISAGREE: Final = {"opinion": "disagree"}

_ASK = Turn(action="request_supplement", wait=(1, 8))
_REFUSE = Turn(action="refuse", wait=(1, 6))
_OPPOSE = Turn(action="propose", wait=(1, 6), fields=DISAGREE)
_FAVOUR = Turn(action="propose", wait=(1, 6), fields=AGREE)
_PARTY: Final = ["同一场所的另一家人才中介机构"]
_RECORD: Final = {"on_record": "听证笔录所载意见已逐条研究，场所使用的意见予以采纳。"}
_ORDER = Turn(action="order_hearing", wait=(2, 6))
_TELL = Turn(action="tell_hearing_right", wait=(1, 4))

LICENCES: Final = Script(
    matter="talent-agency-licence",
    prefix="L",
    cases=120,
    letter=(1, 1),
    plain={
        "acceptance": (Turn(action="accept", wait=(0, 7)),),
        # 否定报备: the head takes note of a refusal the same day or the next.
        "non_acceptance_reported": (Turn(action="acknowledge_non_acceptance", wait=(0, 3)),),
        "refusal_reported": (Turn(action="acknowledge_report", wait=(0, 3)),),
        "supplement": (Turn(action="supplement_materials", wait=days(2, 8)),),
        "under_review": (Turn(action="inspect_on_site", wait=(4, 16)),),
        "drafting_opinion": (Turn(action="propose", wait=(1, 5), fields=AGREE),),
        "hearing_parties": (Turn(action="hear_parties", wait=(2, 8), fields={"heard": _PARTY}),),
        "hearing_offered": (),
        "arranging_hearing": (Turn(action="notify_hearing", wait=(1, 3), fields={"openness": "public"}),),
        # On the morning of the tenth working day: the one that the desk wrote into the notice.
        "hearing": (Turn(action="hold_hearing", wait=(36, 36), morning=True),),
        "chair_challenged": (),
        "under_check": (Turn(action="confirm", wait=(1, 5)),),
        "awaiting_decision": (Turn(action="grant", wait=(1, 5)),),
    },
    fates={
        # Art. 32: told once; answered, answered in vain, never answered; not accepted; nobody at the window for five days.
        "supplemented": Fate(count=12, lacks=(1, 3), turns={"acceptance": ((_ASK,),)}),
        "still_incomplete": Fate(
            count=2,
            lacks=(2, 3),
            turns={
                "acceptance": (
                    (_ASK,),
                    (Turn(action="refuse_acceptance", wait=(0, 5), fields={"ground": "not_supplemented"}),),
                ),
                "supplement": (
                    (Turn(action="supplement_materials", wait=days(3, 9), fields={"materials": []}),),
                ),
            },
        ),
        "never_supplemented": Fate(
            count=2,
            lacks=(1, 2),
            turns={
                "acceptance": ((_ASK,),),
                "supplement": ((Turn(action="withdraw", by="applicant", wait=days(24, 36), morning=True),),),
            },
        ),
        "not_accepted": Fate(
            count=3,
            turns={
                "acceptance": (
                    (
                        Turn(
                            action="refuse_acceptance",
                            wait=(0, 3),
                            fields={"ground": "other_organ", "redirect_to": "所在地省级人事行政部门"},
                        ),
                    ),
                ),
            },
        ),
        "nobody_at_the_window": Fate(count=1, turns={"acceptance": ((),)}),
        # Refused: the handler is against it, the checker, or the one who decides.
        "handler_disagrees": Fate(
            count=5, turns={"drafting_opinion": ((_OPPOSE,),), "awaiting_decision": ((_REFUSE,),)}
        ),
        "checker_disagrees": Fate(
            count=2,
            turns={
                "drafting_opinion": ((_FAVOUR,), (_OPPOSE,)),
                "under_check": ((Turn(action="send_back", wait=(1, 5)),),),
                "awaiting_decision": ((_REFUSE,),),
            },
        ),
        "approver_disagrees": Fate(count=2, turns={"awaiting_decision": ((_REFUSE,),)}),
        "sent_back": Fate(count=3, turns={"under_check": ((Turn(action="send_back", wait=(1, 5)),),)}),
        "returned_by_approver": Fate(
            count=1, turns={"awaiting_decision": ((Turn(action="return_for_review", wait=(1, 4)),),)}
        ),
        # Art. 36: somebody else's interest is touched, is heard, and wants no hearing.
        "party_heard": Fate(
            count=2,
            turns={
                "drafting_opinion": (
                    (Turn(action="inform_parties", wait=(1, 3), fields={"parties": _PARTY}),),
                    (_TELL,),
                ),
                "hearing_offered": (
                    (Turn(action="waive_hearing", wait=(1, 6), fields={"waivers": _PARTY}),),
                ),
            },
        ),
        # Art. 47: told of the right, and silent for five days.
        "hearing_not_asked_for": Fate(
            count=1,
            turns={"drafting_opinion": ((_TELL,), (_OPPOSE,)), "awaiting_decision": ((_REFUSE,),)},
        ),
        # Arts 46-48: a hearing, whose time is not counted; the decision rests on its record.
        "heard_and_granted": Fate(
            count=1,
            turns={
                "drafting_opinion": ((_ORDER,), (replace(_FAVOUR, fields={**AGREE, **_RECORD}),)),
                "awaiting_decision": ((Turn(action="grant", wait=(1, 5), fields=_RECORD),),),
            },
        ),
        "heard_and_refused": Fate(
            count=1,
            turns={
                "drafting_opinion": ((_TELL,), (replace(_OPPOSE, fields={**DISAGREE, **_RECORD}),)),
                "hearing_offered": (
                    (Turn(action="request_hearing", wait=(2, 8), fields={"asked_by": "the_applicant"}),),
                ),
                "awaiting_decision": ((replace(_REFUSE, fields=_RECORD),),),
            },
        ),
        # Art. 42: the head of the organ extends once, before expiry, with the reason told.
        "extended": Fate(
            count=1,
            turns={
                "under_review": (
                    (
                        Turn(action="extend", by="head", wait=(24, 36)),
                        Turn(action="inspect_on_site", wait=(40, 52)),
                    ),
                ),
            },
        ),
        "withdrawn": Fate(
            count=3, turns={"under_review": ((Turn(action="withdraw", by="applicant", wait=(3, 14)),),)}
        ),
        # Slow, but the whole is in time: a step's promise is broken.
        "slow_review": Fate(
            count=3, turns={"under_review": ((Turn(action="inspect_on_site", wait=(25, 29)),),)}
        ),
        "slow_check": Fate(count=2, turns={"under_check": ((Turn(action="confirm", wait=(13, 16)),),)}),
        "slow_decision": Fate(
            count=2, turns={"awaiting_decision": ((Turn(action="grant", wait=(13, 16)),),)}
        ),
        # Late: the promise broken by several posts in a row or by one; once the law's own period too.
        "late_throughout": Fate(
            count=1,
            turns={
                "under_review": ((Turn(action="inspect_on_site", wait=(27, 30)),),),
                "drafting_opinion": ((Turn(action="propose", wait=(12, 15), fields=AGREE),),),
                "under_check": ((Turn(action="confirm", wait=(12, 15)),),),
                "awaiting_decision": ((Turn(action="grant", wait=(12, 15)),),),
            },
        ),
        # Every step in time, and the whole is late: so much does a return cost.
        "late_after_return": Fate(
            count=3,
            turns={
                "under_review": ((Turn(action="inspect_on_site", wait=(17, 18)),),),
                "drafting_opinion": (
                    (Turn(action="propose", wait=(9, 9), fields=AGREE),),
                    (Turn(action="propose", wait=(9, 10), fields=AGREE),),
                ),
                "under_check": (
                    (Turn(action="send_back", wait=(9, 9)),),
                    (Turn(action="confirm", wait=(9, 10)),),
                ),
                "awaiting_decision": ((Turn(action="grant", wait=(6, 7)),),),
            },
        ),
        "late_by_law": Fate(
            count=1, turns={"under_review": ((Turn(action="inspect_on_site", wait=(80, 90)),),)}
        ),
    },
)
