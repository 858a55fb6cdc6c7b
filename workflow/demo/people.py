"""Persons who do not exist: names as they occur in China, rare ones included, and identity numbers that nobody can hold.

The numbers carry the region 990000, which is assigned to no place, and a correct check digit (GB 11643-1999), so they
pass a form's check and can never be somebody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from stdnum.iso7064 import mod_11_2

REGION: Final = "990000"
"""The first six digits of every identity number (公民身份号码) made here."""

SURNAMES: Final = (
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭",
    "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅",
    "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "阎", "欧阳", "尉迟", "上官",
    "司马", "诸葛", "皇甫", "令狐", "覃", "仝", "郄",
)  # fmt: skip
_FIRST: Final = "建文志明晓海国春雪静秀俊立永少光玉家思雨一子新宏德世"
_SECOND: Final = {
    True: "华敏娟霞琳颖洁宁楠婷瑶晨雯㛃芳丽蓉",
    False: "华军平强杰涛勇斌鹏峰辉波宁帆昊晨琛翀",
}
"""Last characters of given names, for women (True) and for men."""
_WHOLE: Final = {
    True: ("阿依古丽·买买提", "古丽娜尔·艾山", "娜仁图雅", "金顺姬", "李㛃"),
    False: ("扎西次仁", "巴特尔", "尉迟敬", "买买提江·吐尔逊"),
}
"""Names that do not come apart into a Han surname and a given name, and some that are hard to type."""

_OLDEST, _YOUNGEST = 55, 27


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A person whom a filing is about."""

    name: str
    female: bool
    born_on: date
    id_number: str


def newcomer(rng: Random, on: date) -> Newcomer:
    """A person of working age on the civil day `on`, the same for the same generator."""
    female = rng.random() < 0.48
    born_on = on - timedelta(days=rng.randrange(_YOUNGEST * 365, _OLDEST * 365))
    return Newcomer(
        name=name(rng, female=female),
        female=female,
        born_on=born_on,
        id_number=id_number(rng, born_on, female=female),
    )


def name(rng: Random, *, female: bool) -> str:
    """A full name: now and then one of the rarer kinds."""
    if rng.random() < 0.04:
        return rng.choice(_WHOLE[female])
    between = "" if rng.random() < 0.2 else rng.choice(_FIRST)
    return rng.choice(SURNAMES) + between + rng.choice(_SECOND[female])


def id_number(rng: Random, born_on: date, *, female: bool) -> str:
    """An identity number of eighteen characters: region, birthday, order number (odd for men), check digit."""
    order = 2 * rng.randrange(1, 499) + (0 if female else 1)
    digits = f"{REGION}{born_on:%Y%m%d}{order:03d}"
    return digits + mod_11_2.calc_check_digit(digits)
