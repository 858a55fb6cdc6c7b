"""Every unit and form of time limit found in 4,645 clauses of Chinese law: what the model expresses, and what it cannot.

`tests/data/law-deadline-forms.json` holds the counts only. Expressed: 4,638. Not expressed: 6 clauses in trading days
(交易日), which are the working days of a stock exchange's own calendar (make-up days are not traded on): the model has
room for that calendar, but none is shipped; and 1 of half an hour, because an hour is not divided. Half a year (半年,
9 clauses) is written as six months. "Extended to" (延长至, 25 clauses) caps the sum, so its rule states the difference.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from workflow.catalog.calendars import load_calendar
from workflow.catalog.law import load_law
from workflow.domain.clock import Entry, EntryKind, extension_refusal, project
from workflow.domain.law import ExtensionRule, RollRule, Rule
from workflow.domain.period import UNITS, Months, Period

FORMS: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "law-deadline-forms.json").read_text("utf-8")
)
CN = load_calendar("cn")
PLAIN = load_law().rule("cn.promise.days", date(2026, 1, 1))
START = Entry(kind=EntryKind.START, on=date(2026, 3, 2), at=datetime(2026, 3, 2, 1, tzinfo=UTC))

WORDS = {"workday": "wd", "day": "d", "week": "w", "month": "mo", "year": "y", "hour": "h"}
"""The corpus's unit, and ours."""


def period_of(form: dict[str, Any], amount: int = 3) -> Period | None:
    """The period of a form, None when the model has none."""
    if form["amount"] == "half":
        return Months(6) if form["unit"] == "year" else None
    unit = WORDS.get(form["unit"])
    return UNITS[unit](amount) if unit is not None else None


def rule_of(form: dict[str, Any], period: Period) -> Rule:
    """The rule that says what the form says."""
    plain = replace(PLAIN, period=period, roll=RollRule.NONE, extension=None)
    match form["kind"]:
        case "within" | "max" | "period":
            return plain
        case "min":
            return replace(plain, minimum=True, on_expiry="proceed")
        case "before":
            return replace(plain, backward=True, minimum=True)
        case "extension":
            return replace(plain, extension=ExtensionRule(period=period))
    raise AssertionError(form)


@pytest.mark.parametrize(
    "form", FORMS["clauses"], ids=lambda form: f"{form['kind']}-{form['unit']}-{form['amount']}"
)
def test_each_form_is_reckoned_or_known_to_be_missing(form):
    period = period_of(form)
    if period is None:
        assert form["unit"] == "tradeday" or (form["unit"], form["amount"]) == ("hour", "half")
        return
    rule = rule_of(form, period)
    due = project([START], rule, CN).due
    assert due is not None
    assert START.at is not None
    assert (due.at > START.at) is not rule.backward
    if rule.extension is not None:
        assert extension_refusal([START], rule, CN, period, due.on) is None
        longer = project([START, Entry(kind=EntryKind.EXTEND, on=due.on, period=period)], rule, CN).due
        assert longer is not None
        assert longer.at > due.at


def test_how_many_clauses_the_model_expresses():
    total = sum(form["count"] for form in FORMS["clauses"])
    missing = {(form["unit"], form["amount"]): 0 for form in FORMS["clauses"] if period_of(form) is None}
    for form in FORMS["clauses"]:
        if period_of(form) is None:
            missing[form["unit"], form["amount"]] += form["count"]
    assert total == 4645
    assert missing == {("tradeday", "whole"): 6, ("hour", "half"): 1}


@pytest.mark.parametrize(("unit", "amount"), [(u, n) for u, n in FORMS["largest"].items() if u in WORDS])
def test_the_largest_amounts_of_the_corpus_are_reckoned(unit, amount):
    period = UNITS[WORDS[unit]](int(amount))
    due = project([START], rule_of({"kind": "within"}, period), CN).due
    assert due is not None


def test_amounts_that_one_law_counts_in_two_ways_are_two_rules():
    """行政复议法 2023 art. 88: 3, 5, 7 and 10 days are working days, 30 and 60 days are calendar days."""
    law = load_law()
    on = date(2024, 1, 1)
    assert str(law.rule("cn.reconsideration.defence", on).period) == "10wd"
    assert str(law.rule("cn.reconsideration.decision", on).period) == "60d"
