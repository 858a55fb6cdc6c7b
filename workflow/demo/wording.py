"""What the fictional office writes in its papers. It is data of the demonstration, so it is in the office's language only.

Each word list stands under the field it fills; a list under `action.field` goes before one under the field alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Final

from workflow.domain.law import LawParameters
from workflow.domain.period import Period

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "endorse.text": (
        "材料齐全，调入理由充分，编制、职数符合规定，同意报批。",
        "经审核，该同志符合调入条件，拟任岗位急需，建议上报。",
        "人岗相适，档案审核无疑点，建议上报。",
    ),
    "return_to_unit.reasons": (
        "调入理由表述过于笼统，请补充岗位需求情况后重新申报。",
        "编制使用情况与台账不一致，请核对后重新申报。",
        "拟任岗位说明缺失，请补充后重新申报。",
    ),
    "return_to_reviewer.reasons": ("请补充核实近三年考核情况后再报。", "请说明京内有无合适人选，再行报批。"),
    "decline_to_report.reasons": (
        "本年度该单位编制已满，暂不具备调入条件，不予上报。",
        "拟任岗位可从京内选配，不予上报。",
        "该同志任现职未满规定年限，不予上报。",
    ),
    "refuse_acceptance.reasons": (
        "申报事项不属于京外调干受理范围，请按规定渠道办理。",
        "该同志试用期未满，依规定不得调动，不予受理。",
        "申报单位不属于本事项的申报主体，不予受理。",
        "申请事项不属于本机关职权范围，不予受理，请向有关机关申请。",
    ),
    "propose.text": (
        "经审查，材料真实、完整，符合规定条件。",
        "申报材料与档案记载一致，岗位确有需要。",
        "符合有关规定，未发现不宜办理的情形。",
    ),
    "propose.text.disagree": (
        "经审查，所列理由与拟任岗位要求不符，建议不予同意。",
        "经审查，主要条件未达到规定要求，建议不予同意。",
    ),
    "confirm.text": (
        "审核无误，同意承办人意见，报请批准。",
        "事实清楚，依据充分，程序合规，报请批准。",
        "同意，报批。",
    ),
    "put_on_record.text": ("经核对，任职决定与备案材料一致，予以备案。",),
    "send_back.reasons": (
        "审查意见对岗位急需程度说明不足，请补充后再报。",
        "两份材料所载任职时间不一致，请核实。",
        "请补充核对有关证明材料的出具日期。",
    ),
    "return_for_review.reasons": ("请就用人单位编制使用情况作进一步核实。", "请对关键条件再作核查后报批。"),
    "disagree.reasons": (
        "拟任岗位与本人专业经历不相适应，现有人员可以满足工作需要，不同意调入。",
        "调入条件不符合干部调配规定的要求，不同意调入。",
        "经复核，所报引进理由不充分，不同意调入。",
    ),
    "disagree.remedies": ("如对本结果有意见，可在收到复函后向人才流动调配司反映，或者由主管部门函请复核。",),
    "raise_objection.grounds": (
        "据了解，该同志所报任职年限与实际不符，请予核查。",
        "该同志所报业绩有他人成果，请予核实。",
        "拟任岗位公开选配情况未见说明，请予核查。",
    ),
    "dismiss_objection.finding": (
        "经调阅档案并向原单位核实，所反映问题不属实，异议不成立。",
        "经核查，申报材料与原始记录一致，异议不成立。",
    ),
    "uphold_objection.finding": (
        "经核查，所报任职年限与档案记载不一致，异议成立，退回重新审查。",
        "经核查，部分业绩材料不能证明为本人取得，异议成立，退回重新审查。",
    ),
    "report_no_arrival.reasons": (
        "本人因家庭原因放弃调动，未报到。",
        "原单位因工作需要挽留，本人决定不再调动。",
    ),
    "withdraw.reasons": (
        "本人意愿变化，申请撤回。",
        "用人单位岗位调整，不再需要调入，申请撤回。",
        "所需材料短期内无法取得，申请撤回，待条件具备后另行申报。",
    ),
    "refuse_acceptance.reasons.other_organ": (
        "申请单位不属于国务院部门及其在京直属单位，依管理权限应向所在地省级人事行政部门提出申请。",
        "所申请的业务范围由工商行政管理部门登记，不属于本机关职权范围。",
    ),
    "refuse_acceptance.reasons.not_supplemented": (
        "经一次性告知后仍未补齐法定材料，申请材料不齐全、不符合法定形式。",
    ),
    "answers.explain_finding.text": (
        "本环节承办人连续出差，未及时转办，今后严格执行AB岗制度。",
        "材料核实涉及外地单位，回函较晚，已向申报单位说明。",
        "本期受理量较大，已增加人手，将按期办理。",
    ),
    "answers.propose_cancel.reason": (
        "超期系等待外单位核查回函所致，建议取消。",
        "经核对，承办岗位已按时提交，系统登记延迟，建议取消。",
    ),
    "answers.cancel_finding.reason": ("经复核情况属实，取消预警。", "同意取消，已补登核查回函。"),
    "answers.confirm_finding.reason": (
        "经核查，超期属实，理由不足以免责。",
        "情况说明收悉，超期属实，予以确认。",
    ),
    "answers.take_measure.text": ("限五个工作日内完成整改并报告。", "责成所在处室完善AB岗安排并报备。"),
    "answers.record_result.text": (
        "已完成整改并提交报告。",
        "已对责任人员进行处理，所在处室已制定改进措施。",
    ),
    "answers.strike_off.reason": ("整改到位，予以销号。", "处理结果已反馈，予以销号。"),
    "inspect_on_site.findings": (
        "场所与申报一致，设备齐全，专职人员在岗，制度上墙。",
        "场所面积、人员证书与申报材料相符，档案柜、接待区已设置。",
        "核对原件无误，注册资金到位，管理制度完备。",
    ),
    "interest": ("申请人与该机构共用同一固定场所，许可后直接关系其场所使用和业务经营。",),
    "at_stake": ("许可事项直接涉及申请人与同一场所其他机构之间的重大利益关系。",),
    "statements": ("承办人提出审查意见及证据、理由，申请人、利害关系人申辩和质证。",),
    "report": (
        "事实清楚，依据充分，已告知申请人理由和救济途径，报请审阅。",
        "经集体研究，不符合规定条件，拟作否定处理，现予报备。",
    ),
    "order_hearing.reasons": ("该许可涉及同一场所其他机构的重大利益，依法决定举行听证。",),
    "place": ("行政审批受理中心二层听证室",),
    "hear_parties.statement": (
        "利害关系人对申请事项无异议，意见已记录在卷。",
        "利害关系人就场所使用提出意见，经核实不影响许可条件，已予答复。",
    ),
    "hold_hearing.record": (
        "申请人、利害关系人到场陈述、申辩和质证，承办人说明审查意见及理由，笔录经各方核对签字。",
    ),
    "extend.reason": ("需向主办单位上级主管部门核实资产权属，二十日内不能作出决定，经批准延长十日。",),
    "refuse.reasons": (
        "专职工作人员中取得资格证书的不足五人，不符合规定的设立条件。",
        "固定场所使用权证明已逾期，注册资金未到位，不符合规定的设立条件。",
        "机构章程未规定服务规范和投诉处理制度，经说明后仍未完善，不符合规定的设立条件。",
    ),
    "signer": ("钟岳", "陆鸣谦", "祁连生"),
}
"""Field, or action and field, to the phrases it may hold."""


def phrase(rng: Random, *keys: str) -> str:
    """A phrase under the first of `keys` that has any. Raises LookupError when none has."""
    for key in keys:
        if WORDS.get(key):
            return rng.choice(WORDS[key])
    raise LookupError(f"the script has no words for {keys[0]}")


def remedies(law: LawParameters, on: date) -> str:
    """The remedies of a licensing decision (Licensing Law art. 38 §2), with the periods of the law in force on the day."""
    reconsideration, litigation = (
        _chinese(law.rule(f"cn.remedy.{way}", on).period) for way in ("reconsideration", "litigation")
    )
    return (
        f"如不服本决定，可以自知道本决定之日起{reconsideration}内向本机关申请行政复议，"
        f"或者自知道本决定之日起{litigation}内依法提起行政诉讼。"
    )


_NUMERALS: Final = {3: "三", 6: "六", 15: "十五", 30: "三十", 60: "六十", 90: "九十"}
_UNITS: Final = {"d": "日", "wd": "个工作日", "mo": "个月"}


def _chinese(period: Period) -> str:
    return _NUMERALS.get(period.amount, str(period.amount)) + _UNITS[period.unit]
