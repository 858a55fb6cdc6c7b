"""The words of an explanation (计时说明), in Chinese and English: why a day counts or not, and how a date came about.

They belong to the domain because they are part of the answer: the same words go to the citizen, the court and the
record, whoever shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from workflow.domain.law import Words
from workflow.domain.period import Days, Hours, Months, Period, Weeks, WorkingDays, Years

LANGUAGES: Final = ("zh-CN", "en")

WEEKDAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "zh-CN": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}

UNITS: Final[Mapping[type[Period], Words]] = {
    WorkingDays: {"zh-CN": "个工作日", "en": "working day"},
    Days: {"zh-CN": "日", "en": "calendar day"},
    Weeks: {"zh-CN": "周", "en": "week"},
    Months: {"zh-CN": "个月", "en": "month"},
    Years: {"zh-CN": "年", "en": "year"},
    Hours: {"zh-CN": "小时", "en": "hour"},
}

REASONS: Final[Mapping[str, Words]] = {
    "start": {"zh-CN": "起算之日，不计入", "en": "the day of the event, not counted"},
    "workday": {"zh-CN": "工作日", "en": "working day"},
    "make_up": {"zh-CN": "{name}调休上班（{notice}）", "en": "worked in exchange for {name} ({notice})"},
    "open": {"zh-CN": "{name}，照常上班（{notice}）", "en": "{name}, worked as usual ({notice})"},
    "half_day": {
        "zh-CN": "{name}，半日，计一个工作日（{notice}）",
        "en": "{name}, half a day, counts as a working day ({notice})",
    },
    "calendar_day": {"zh-CN": "自然日", "en": "calendar day"},
    "weekend": {"zh-CN": "周休息日", "en": "weekly rest"},
    "holiday": {"zh-CN": "{name}放假（{notice}）", "en": "{name}, day off ({notice})"},
    "assumed_holiday": {
        "zh-CN": "{name}，法定节日（{notice}），当年放假通知尚未公布",
        "en": "{name}, statutory holiday ({notice}); the notice for the year is not out yet",
    },
    "closed": {"zh-CN": "{name}，不办公（{notice}）", "en": "{name}, closed ({notice})"},
    "emergency": {
        "zh-CN": "{name}，紧急停止办公（{notice}）",
        "en": "{name}, closed in an emergency ({notice})",
    },
    "excluded": {"zh-CN": "不计入期限：{ground}", "en": "not counted: {ground}"},
    "elapsed": {"zh-CN": "计 {length}", "en": "{length} counted"},
    "not_elapsed": {"zh-CN": "未计时", "en": "no time counted"},
    "rest_rolled": {
        "zh-CN": "期限最后一日适逢{rest}，顺延",
        "en": "the last day is {rest}, so the period runs on",
    },
    "rest_rolled_back": {
        "zh-CN": "期限最后一日适逢{rest}，提前",
        "en": "the last day is {rest}, so the period ends before it",
    },
    "rolled_to": {"zh-CN": "顺延至本日届满", "en": "the period ends here, moved off a rest day"},
    "rolled_back": {"zh-CN": "提前至本日届满", "en": "the period ends here, moved back off a rest day"},
}

REST: Final[Words] = {"zh-CN": "周休息日", "en": "a day of weekly rest"}
"""What a rest day without a name is called."""

PROVISIONAL: Final[Words] = {
    "zh-CN": "（暂定）",
    "en": " (provisional)",
}

PARTS: Final[Mapping[str, Words]] = {
    "under": {"zh-CN": "依据{citation}", "en": "under {citation}"},
    "started": {
        "zh-CN": "自 {start} 起算，当日不计入，期限 {period}",
        "en": "{period} from {start}, that day not counted",
    },
    "started_inclusive": {
        "zh-CN": "自 {start} 起算，当日计入，期限 {period}",
        "en": "{period} from {start}, that day counted",
    },
    "started_at": {"zh-CN": "自 {start} 起计 {period}", "en": "{period} from {start}"},
    "backward": {
        "zh-CN": "自 {start} 向前推算 {period}，当日不计入",
        "en": "{period} back from {start}, that day not counted",
    },
    "moved_start": {
        "zh-CN": "{event} 收到，依起算规则自 {start} 起算",
        "en": "received on {event}, taken as {start} by the start rule",
    },
    "without": {"zh-CN": "扣除不计入期限 {days} 日", "en": "{days} day(s) not counted"},
    "skipped": {"zh-CN": "其间休息日 {days} 日不计", "en": "{days} rest day(s) between"},
    "corresponding": {
        "zh-CN": "按月（年）计算，到期月对应日为 {last}",
        "en": "the corresponding day is {last}",
    },
    "rolled": {"zh-CN": "{last} 为休息日，移至 {due}", "en": "{last} is a rest day, moved to {due}"},
    "until": {"zh-CN": "至 {due} {time} 届满", "en": "ends on {due} at {time}"},
    "until_backward": {"zh-CN": "最迟为 {due}（{time} 前）", "en": "at the latest on {due}, before {time}"},
    "stopped": {
        "zh-CN": "自 {since} 起停止计时（{ground}），届满日待恢复计时后确定",
        "en": "counting stopped on {since} ({ground}); the due date is known once it resumes",
    },
    "not_started": {"zh-CN": "尚未起算", "en": "the period has not begun"},
    "unsure": {
        "zh-CN": "届满日为暂定：所涉日期的放假通知尚未公布，公布后重新计算",
        "en": "the date is provisional: the holiday notice for these days is not out; it will be reckoned again",
    },
}

JOIN: Final[Words] = {"zh-CN": "，", "en": ", "}
STOP: Final[Words] = {"zh-CN": "。", "en": "."}


def say(template: Words, lang: str, **fields: object) -> str:
    """A text in a language with its fields filled in. Raises KeyError for a language there is not."""
    return template[lang].format(**fields)


def say_period(period: Period, lang: str) -> str:
    """`20 个工作日`, `20 working days`."""
    unit = UNITS[type(period)][lang]
    plural = "s" if lang == "en" and period.amount != 1 else ""
    return f"{period.amount} {unit}{plural}"


def say_periods(periods: tuple[Period, ...], lang: str) -> str:
    """Periods laid end to end."""
    joint = " 加 " if lang == "zh-CN" else " and "
    return joint.join(say_period(period, lang) for period in periods)


def say_day(day: date, lang: str) -> str:
    """`2007-10-08（星期一）`, `2007-10-08 (Monday)`."""
    weekday = WEEKDAYS[lang][day.weekday()]
    return f"{day.isoformat()}（{weekday}）" if lang == "zh-CN" else f"{day.isoformat()} ({weekday})"


def say_feast(name: str, notice: str, lang: str) -> str:
    """A feast and the paper that gives it: `国庆节（国办发明电〔2006〕49号）`."""
    return f"{name}（{notice}）" if lang == "zh-CN" else f"{name} ({notice})"


def say_minutes(minutes: int, lang: str) -> str:
    """`10 小时 30 分`, `10 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    hour, minute = ("小时", "分") if lang == "zh-CN" else ("h", "min")
    parts = [f"{hours} {hour}"] if hours or not rest else []
    return " ".join([*parts, f"{rest} {minute}"] if rest else parts)
