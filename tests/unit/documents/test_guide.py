"""The printed guide and the card: all that the matter says, in both languages, as pages and as PDF that can be searched."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html
from pypdf import PdfReader

from workflow.catalog.guide import guide
from workflow.catalog.loader import load
from workflow.documents.guide import card_sheet, guide_sheet
from workflow.documents.handout import card_page, card_pdf, guide_page, guide_pdf
from workflow.documents.sheet import page, pdf
from workflow.errors import UnknownMatter
from workflow.texts import LANGUAGES

CATALOG = load()
NOW = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
PUBLIC = sorted(code for code, matter in CATALOG.matters.items() if matter.audience == "public")
BEIJING = "transfer-into-beijing"

MATTERS = pytest.mark.parametrize("code", PUBLIC)
SPOKEN = pytest.mark.parametrize("lang", LANGUAGES)


def words(pdf: bytes) -> str:
    """The text of a PDF without the spaces that its lines make and without the foot of each page."""
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    foot = re.escape(squeezed(str(reader.metadata.title))) + r"(第\d+页，共\d+页|Page\d+of\d+)"
    return re.sub(foot, "", "".join(squeezed(each.extract_text()) for each in reader.pages))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def texts(page: str) -> str:
    return squeezed("".join(html.fromstring(page).xpath("//body//text()")))


@SPOKEN
@MATTERS
def test_the_guide_says_the_same_as_a_page_and_as_a_pdf(code, lang):
    of = guide(CATALOG, code, lang, NOW)
    on_page = texts(guide_page(CATALOG, code, lang, NOW))
    printed = words(pdf(guide_sheet(of, lang, NOW.date()), lang))

    told = [
        of.card.title,
        of.scope,
        *of.conditions,
        of.procedure,
        of.time_limits,
        of.responsibility,
        of.remedies,
        of.supervision,
    ]
    told += [material.title for material in of.materials]
    told += [step.title for step in of.steps] + [post.title for post in of.posts]
    told += [text for entry in of.basis for text in (entry.title, entry.citation)]
    assert [text for text in told if squeezed(text) not in on_page] == []
    assert [text for text in told if squeezed(text) not in printed] == []


@SPOKEN
@MATTERS
def test_the_card_fits_one_page_and_answers_seven_questions(code, lang):
    printed = card_pdf(CATALOG, code, lang, NOW)
    sheet = card_sheet(guide(CATALOG, code, lang, NOW), lang, NOW.date())

    assert len(PdfReader(io.BytesIO(printed)).pages) == 1
    assert len(sheet.sections) == 7
    assert all(section.blocks for section in sheet.sections)
    assert all(squeezed(section.heading) in words(printed) for section in sheet.sections)
    assert all(
        squeezed(section.heading) in texts(card_page(CATALOG, code, lang, NOW)) for section in sheet.sections
    )


def test_a_card_says_what_an_applicant_asks():
    said = texts(card_page(CATALOG, BEIJING, "zh-CN", NOW))

    for answer in (
        "谁能办",
        "用人单位（经其主管部门申报）",
        "干部调动审批表（3份）",
        "20个工作日（承诺时限）",
        "不收费",
        "行政审批受理中心（示例）",
        "驻部监察局",
    ):
        assert answer in said


def test_limits_are_told_with_their_nature_and_a_promise_is_never_called_statutory():
    said = texts(guide_page(CATALOG, BEIJING, "zh-CN", NOW))

    assert "20个工作日（承诺时限）" in said
    assert "（法定时限）" not in said


@SPOKEN
def test_one_day_gives_the_same_bytes(lang):
    later = NOW.replace(hour=9)

    assert guide_pdf(CATALOG, BEIJING, lang, NOW) == guide_pdf(CATALOG, BEIJING, lang, later)
    assert card_pdf(CATALOG, BEIJING, lang, NOW) == card_pdf(CATALOG, BEIJING, lang, later)


def test_the_pdf_is_kept_for_long_and_knows_its_title_language_and_day():
    reader = PdfReader(io.BytesIO(guide_pdf(CATALOG, BEIJING, "zh-CN", NOW)))

    assert reader.metadata is not None
    assert reader.metadata.title == "京外调干审批"
    assert reader.metadata.creation_date == datetime(2026, 9, 7, tzinfo=UTC)
    assert reader.root_object["/Lang"] == "zh-CN"
    about = reader.root_object["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in about
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in about


def test_every_letter_is_in_the_fonts_that_come_along():
    reader = PdfReader(io.BytesIO(guide_pdf(CATALOG, BEIJING, "zh-CN", NOW)))
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }

    assert fonts
    assert all("NotoSansCJK" in name for name in fonts)


def test_the_page_stands_by_itself_and_has_its_chart_for_both_widths():
    made = html.fromstring(guide_page(CATALOG, BEIJING, "en", NOW))
    fetched = made.xpath("//@src | //@srcset")

    assert made.xpath("//script | //link") == []
    assert len(fetched) == 2
    assert all(address.startswith("data:image/svg+xml;base64,") for address in fetched)
    assert len(made.xpath("//picture/source[@media]")) == len(made.xpath("//picture//img[@alt]")) == 1


def test_nothing_is_said_of_a_matter_that_is_not_shown():
    for make in (guide_page, guide_pdf, card_page, card_pdf):
        with pytest.raises(UnknownMatter):
            make(CATALOG, "environmental-permit-nl", "en", NOW)


def test_words_of_a_matter_are_words_and_no_markup():
    sheet = guide_sheet(guide(CATALOG, BEIJING, "en", NOW), "en", NOW.date())
    odd = replace(sheet, title='<b>*bold* #panic("no") $x$', sections=sheet.sections[:1])
    assert "&lt;b&gt;*bold*" in page(odd, "en")
    assert squeezed('<b>*bold* #panic("no") $x$') in words(pdf(odd, "en"))
