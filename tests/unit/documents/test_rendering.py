"""Papers as HTML that stands by itself: escaped, complete, and with the one style that a server may name."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date

import pytest
from jinja2 import UndefinedError

from workflow.documents.dates import in_words
from workflow.documents.papers import PaperFacts, paper
from workflow.documents.rendering import render, style_source
from workflow.documents.slip import SlipFacts, SlipLimit, slip

PAPER = PaperFacts(
    title="同意调入复函",
    number="国人函〔2026〕12号",
    no="JWDG-2026-00001",
    organ="国家人事行政部",
    addressee="国家水文海岸部",
    body=("第一段。", "第二段。"),
    defects=(),
    reasons="",
    remedies="",
    on=date(2026, 10, 12),
    sample=True,
)
SLIP = SlipFacts(
    matter="京外调干审批",
    no="JWDG-2026-00001",
    code="ABCDEFGHJK",
    person="王某",
    filer="海岸监测中心",
    received_on=date(2026, 9, 7),
    status="已受理",
    accepted_on=None,
    accepted_by="",
    limits=(SlipLimit(title="办理期限", due_on=date(2027, 1, 11), provisional=True),),
    printed_on=date(2026, 9, 8),
    sample=False,
)


@pytest.mark.parametrize(
    ("day", "lang", "words"),
    [
        (date(2026, 10, 1), "zh-CN", "2026年10月1日"),
        (date(2026, 10, 1), "en", "1 October 2026"),
        ("2026-02-28", "en", "28 February 2026"),
        (None, "en", ""),
        ("", "zh-CN", ""),
    ],
)
def test_a_day_in_words(day, lang, words):
    assert in_words(day, lang) == words


def test_a_paper_says_all_it_has_to_say():
    html = paper(PAPER, "zh-CN")

    for words in (
        "国家人事行政部",
        "国人函〔2026〕12号",
        "国家水文海岸部：",
        "第一段。",
        "2026年10月12日",
        "示例，不具法律效力",
    ):
        assert words in html
    assert "理由：" not in html


def test_what_somebody_wrote_cannot_become_markup():
    html = paper(replace(PAPER, reasons='<script>alert("x")</script>', body=("<b>",)), "zh-CN")

    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "&lt;b&gt;" in html


def test_a_slip_flags_what_is_provisional_and_says_what_is_not_yet():
    html = slip(SLIP, "zh-CN")

    assert "办理期限：至2027年1月11日（暂定，放假通知公布后重新计算）" in html
    assert "尚未受理" in html
    assert "受理人员" not in html
    assert "示例" not in html
    assert "Acceptance" not in html
    assert "provisional" in slip(SLIP, "en")


@pytest.mark.parametrize("html", [paper(PAPER, "en"), slip(SLIP, "en")])
def test_it_fetches_nothing_and_carries_the_style_that_is_named(html):
    style = re.search(r"<style>(.*)</style>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert style_source() == f"'sha256-{digest}'"
    assert not re.search(r"(?:src|href)=|url\(|@import|<script|\sstyle=", html)


def test_a_fact_that_is_missing_is_no_blank():
    with pytest.raises(UndefinedError):
        render("slip.html", object(), "en")
