"""Forms as an applicant would fill them in: invented, credible, and right by the matter's own checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Any, Final

from stdnum.cn import uscc

from workflow.demo.people import REGION, newcomer
from workflow.domain.directory import Organ

_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "浙江省": ("杭州", "宁波", "温州"),
    "山东省": ("青岛", "济南", "烟台"),
    "陕西省": ("西安", "宝鸡", "咸阳"),
    "湖北省": ("武汉", "宜昌", "襄阳"),
    "四川省": ("成都", "绵阳", "德阳"),
    "甘肃省": ("兰州", "天水", "敦煌"),
    "青海省": ("西宁", "格尔木"),
    "黑龙江省": ("哈尔滨", "大庆"),
    "辽宁省": ("沈阳", "大连"),
    "湖南省": ("长沙", "株洲"),
    "云南省": ("昆明", "大理"),
    "新疆维吾尔自治区": ("乌鲁木齐", "伊宁"),
    "内蒙古自治区": ("呼和浩特", "包头"),
    "西藏自治区": ("拉萨", "日喀则"),
    "广西壮族自治区": ("南宁", "桂林"),
    "上海市": ("上海",),
}
_BODIES: Final = (
    "水文局", "勘测设计院", "农业科学院", "图书馆", "博物馆", "大学", "计量测试研究院", "机车车辆厂", "天文台",
    "气象局", "环境监测站", "职业技术学院", "地质调查院", "文物考古研究所", "种子管理站", "规划设计院",
)  # fmt: skip
_POSTS: Final = (
    "高级工程师", "工程师", "研究员", "副研究员", "项目主管", "业务处副处长", "主任科员", "实验室主任", "总工程师助理",
    "文献修复师", "数据分析师", "课题组长",
)  # fmt: skip
_TITLES: Final = ("高级工程师", "工程师", "副研究员", "研究员", "副教授", "副研究馆员", "高级农艺师")
_REASONS: Final = {"needed_talent": 74, "organ_staff": 14, "military_family": 8, "other": 4}
_EDUCATION: Final = {"doctor": 30, "master": 42, "bachelor": 27, "college": 1}
_THEMES: Final = (
    "潮信", "灯塔", "海图", "百谷", "良种", "墨林", "拓古", "轨道", "弓网", "极光", "冰穹", "深空", "天衡", "秒差",
    "毫厘", "金石", "草原", "冰川", "鸿雁", "启明",
)  # fmt: skip
_AGENCIES: Final = (
    "人才服务中心", "人才交流中心", "人才开发有限公司", "人才咨询事务所", "人才测评中心", "专业人才服务部",
)  # fmt: skip
_STREETS: Final = ("水文路", "种子巷", "书局胡同", "信号里", "刻度街", "观测台路", "拓片巷")
_SCOPES: Final = {
    "information": 20,
    "recommendation": 30,
    "training": 10,
    "assessment": 10,
    "comprehensive": 30,
}


def transfer_form(rng: Random, on: date, unit: Organ) -> dict[str, Any]:
    """The form of 京外调干 for one person whom `unit` wants."""
    somebody = newcomer(rng, on)
    region = rng.choice(tuple(_PLACES))
    reason = _weighted(rng, _REASONS)
    form: dict[str, Any] = {
        "name": somebody.name,
        "id_number": somebody.id_number,
        "sex": "female" if somebody.female else "male",
        "present_unit": rng.choice(_PLACES[region]) + rng.choice(_BODIES),
        "present_region": region,
        "receiving_unit": unit.names["zh-CN"],
        "receiving_post": rng.choice(_POSTS),
        "reason": reason,
        "education": _weighted(rng, _EDUCATION),
        "accompanying": rng.choice((0, 0, 1, 1, 2)),
    }
    if rng.random() < 0.8:
        form["professional_title"] = rng.choice(_TITLES)
    if reason == "other":
        form["reason_text"] = "因国家重点项目专班组建需要，从项目协作单位选调。"
    return form


def licence_form(rng: Random, on: date, sponsor: Organ) -> dict[str, Any]:
    """The form of 人才中介服务机构设立审批 for one agency that `sponsor` sets up."""
    principal = newcomer(rng, on)
    return {
        "agency_name": rng.choice(_THEMES) + rng.choice(_AGENCIES),
        "sponsor": sponsor.names["zh-CN"],
        "credit_code": credit_code(rng),
        "business_scope": _weighted(rng, _SCOPES),
        "premises": f"北京市示例区{rng.choice(_STREETS)}{rng.randint(1, 199)}号",
        "funds": rng.choice((10, 20, 30, 50, 50, 100, 200)),
        "staff": rng.randint(5, 24),
        "principal_name": principal.name,
        "principal_id": principal.id_number,
        "contact_phone": f"010-0000{rng.randint(0, 9999):04d}",
    }


def credit_code(rng: Random) -> str:
    """A unified social credit code (GB 32100) of an institution in the region that is no region."""
    digits = f"12{REGION}{rng.randrange(10**9):09d}"
    return digits + uscc.calc_check_digit(digits)


def _weighted(rng: Random, weights: Mapping[str, int]) -> str:
    return rng.choices(tuple(weights), weights=tuple(weights.values()))[0]


FORMS: Final[Mapping[str, Callable[[Random, date, Organ], dict[str, Any]]]] = {
    "transfer-into-beijing": transfer_form,
    "talent-agency-licence": licence_form,
}
"""Matter to who fills in its form: from a generator, the day, and the filing organ."""
