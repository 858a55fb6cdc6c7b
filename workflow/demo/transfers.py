"""The script of 京外调干: how transfers into Beijing go, and what becomes of those that do not go plainly."""

from __future__ import annotations

from typing import Final

from workflow.demo.script import Fate, Script, Turn, days

AGREE: Final = {"opinion": "agree"}
DISAGREE: Final = {"opinion": "disagree"}

_WITHDRAW = Turn(action="withdraw", by="ministry_officer", wait=(2, 10))
_REFUSE = Turn(action="disagree", wait=(2, 6))

TRANSFERS: Final = Script(
    matter="transfer-into-beijing",
    prefix="T",
    cases=180,
    letter=(2, 7),
    plain={
        "internal_review": (Turn(action="endorse", wait=(0, 4), together=True),),
        "returned_to_unit": (Turn(action="resubmit", wait=days(2, 5)),),
        "internal_approval": (Turn(action="approve_report", wait=(0, 3), together=True),),
        "to_be_reported": (Turn(action="report_up", wait=(0, 2), together=True),),
        "acceptance": (Turn(action="accept", wait=(0, 7)),),
        # 否定报备: the head takes note of a refusal the same day or the next.
        "non_acceptance_reported": (Turn(action="acknowledge_non_acceptance", wait=(0, 3)),),
        "disagreement_reported": (Turn(action="acknowledge_report", wait=(0, 3)),),
        "supplement": (Turn(action="supplement_materials", wait=days(2, 9)),),
        "record_review": (Turn(action="put_on_record", wait=(2, 8)),),
        "under_review": (Turn(action="propose", wait=(5, 22), fields=AGREE),),
        # Nobody asks the household registry here: its answer would be a case of its own.
        "consulting_organs": (),
        "under_check": (Turn(action="confirm", wait=(2, 9)),),
        "awaiting_approval": (Turn(action="intend_to_agree", wait=(0, 5)),),
        "publicity": (),
        "awaiting_issue": (Turn(action="sign_and_issue", wait=(0, 4)),),
        "awaiting_arrival": (Turn(action="report_arrival", wait=days(4, 20), morning=True),),
        "hand_over": (
            Turn(action="record_file", wait=days(1, 6), morning=True),
            Turn(action="complete_hand_over", wait=days(0, 4)),
        ),
    },
    fates={
        # Materials: told once what is missing; most answer, some never do and their ministry withdraws.
        "supplemented": Fate(
            count=16,
            lacks=(1, 3),
            turns={"acceptance": ((Turn(action="request_supplement", wait=(1, 8)),),)},
        ),
        "never_supplemented": Fate(
            count=3,
            lacks=(1, 2),
            turns={
                "acceptance": ((Turn(action="request_supplement", wait=(1, 8)),),),
                "supplement": (
                    (Turn(action="withdraw", by="ministry_officer", wait=days(24, 36), morning=True),),
                ),
            },
        ),
        "not_accepted": Fate(
            count=4, turns={"acceptance": ((Turn(action="refuse_acceptance", wait=(0, 5)),),)}
        ),
        # Inside the ministry: sent back to the unit, sent back to the reviewer, not reported up at all.
        "returned_to_unit": Fate(
            count=5, turns={"internal_review": ((Turn(action="return_to_unit", wait=(1, 5)),),)}
        ),
        "returned_to_reviewer": Fate(
            count=2, turns={"internal_approval": ((Turn(action="return_to_reviewer", wait=(1, 4)),),)}
        ),
        "not_reported": Fate(
            count=3, turns={"internal_approval": ((Turn(action="decline_to_report", wait=(1, 4)),),)}
        ),
        # Disagreement at each level of the organ that decides.
        "handler_disagrees": Fate(
            count=3,
            turns={
                "under_review": ((Turn(action="propose", wait=(8, 22), fields=DISAGREE),),),
                "awaiting_approval": ((_REFUSE,),),
            },
        ),
        "checker_disagrees": Fate(
            count=3,
            turns={
                "under_review": (
                    (Turn(action="propose", wait=(5, 18), fields=AGREE),),
                    (Turn(action="propose", wait=(3, 10), fields=DISAGREE),),
                ),
                "under_check": ((Turn(action="send_back", wait=(2, 8)),),),
                "awaiting_approval": ((_REFUSE,),),
            },
        ),
        "approver_disagrees": Fate(count=2, turns={"awaiting_approval": ((_REFUSE,),)}),
        "sent_back": Fate(
            count=6,
            turns={
                "under_review": (
                    (Turn(action="propose", wait=(5, 20), fields=AGREE),),
                    (Turn(action="propose", wait=(3, 10), fields=AGREE),),
                ),
                "under_check": ((Turn(action="send_back", wait=(2, 8)),),),
            },
        ),
        "returned_by_approver": Fate(
            count=2,
            turns={
                "under_review": (
                    (Turn(action="propose", wait=(5, 14), fields=AGREE),),
                    (Turn(action="propose", wait=(3, 8), fields=AGREE),),
                ),
                "awaiting_approval": ((Turn(action="return_for_review", wait=(1, 4)),),),
            },
        ),
        # Objections to the public notice: looked into, then dismissed or upheld.
        "objection_dismissed": Fate(
            count=5,
            turns={
                "publicity": (
                    (
                        Turn(action="raise_objection", by="public", wait=(3, 12)),
                        Turn(action="dismiss_objection", by="handler", wait=(2, 6)),
                    ),
                ),
            },
        ),
        "objection_upheld": Fate(
            count=3,
            turns={
                "publicity": (
                    (
                        Turn(action="raise_objection", by="public", wait=(3, 12)),
                        Turn(action="uphold_objection", by="handler", wait=(2, 6)),
                    ),
                ),
                "under_review": (
                    (Turn(action="propose", wait=(5, 14), fields=AGREE),),
                    (Turn(action="propose", wait=(3, 8), fields=DISAGREE),),
                ),
                "awaiting_approval": ((Turn(action="intend_to_agree", wait=(1, 6)),), (_REFUSE,)),
            },
        ),
        "withdrawn": Fate(count=4, turns={"under_review": ((_WITHDRAW,),)}),
        "withdrawn_by_unit": Fate(
            count=1,
            turns={"internal_approval": ((Turn(action="withdraw", by="unit_officer", wait=(1, 4)),),)},
        ),
        "no_arrival": Fate(
            count=3,
            turns={
                "awaiting_arrival": ((Turn(action="report_no_arrival", wait=days(12, 22), morning=True),),)
            },
        ),
        # Slow, but the whole is in time: a step's promise is broken.
        "slow_acceptance": Fate(count=2, turns={"acceptance": ((Turn(action="accept", wait=(22, 25)),),)}),
        "slow_review": Fate(
            count=5, turns={"under_review": ((Turn(action="propose", wait=(33, 38), fields=AGREE),),)}
        ),
        "slow_check": Fate(count=3, turns={"under_check": ((Turn(action="confirm", wait=(17, 20)),),)}),
        "slow_approval": Fate(
            count=2, turns={"awaiting_approval": ((Turn(action="intend_to_agree", wait=(13, 16)),),)}
        ),
        # Late: the whole promise is broken, by one post or by several in a row.
        "late_review": Fate(
            count=1, turns={"under_review": ((Turn(action="propose", wait=(80, 84), fields=AGREE),),)}
        ),
        "late_issue": Fate(
            count=1,
            turns={
                "under_review": ((Turn(action="propose", wait=(20, 22), fields=AGREE),),),
                "awaiting_issue": ((Turn(action="sign_and_issue", wait=(60, 64)),),),
            },
        ),
        "late_throughout": Fate(
            count=2,
            turns={
                "under_review": ((Turn(action="propose", wait=(37, 39), fields=AGREE),),),
                "under_check": ((Turn(action="confirm", wait=(19, 20)),),),
                "awaiting_approval": ((Turn(action="intend_to_agree", wait=(13, 14)),),),
                "awaiting_issue": ((Turn(action="sign_and_issue", wait=(14, 15)),),),
            },
        ),
        # Every step in time, and the whole is late: so much does a return cost.
        "late_after_return": Fate(
            count=4,
            turns={
                "under_review": (
                    (Turn(action="propose", wait=(25, 26), fields=AGREE),),
                    (Turn(action="propose", wait=(25, 26), fields=AGREE),),
                ),
                "under_check": (
                    (Turn(action="send_back", wait=(12, 13)),),
                    (Turn(action="confirm", wait=(12, 13)),),
                ),
                "awaiting_approval": ((Turn(action="intend_to_agree", wait=(5, 8)),),),
            },
        ),
        # Cases to which nearly everything happens.
        "eventful": Fate(
            count=2,
            lacks=(2, 2),
            turns={
                "acceptance": ((Turn(action="request_supplement", wait=(2, 6)),),),
                "under_check": ((Turn(action="send_back", wait=(2, 6)),),),
                "publicity": (
                    (
                        Turn(action="raise_objection", by="public", wait=(3, 10)),
                        Turn(action="dismiss_objection", by="handler", wait=(2, 6)),
                    ),
                ),
            },
        ),
    },
)
