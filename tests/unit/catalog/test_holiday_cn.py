"""A year of the public data set as a notice; what is wrong with a file is told all at once."""

from __future__ import annotations

from datetime import date

import pytest

from workflow.catalog.holiday_cn import is_holiday_cn, notice_of_year
from workflow.domain.notices import NoticeDay
from workflow.errors import BadInput

ISSUED = date(2026, 11, 3)
YEAR = {
    "$schema": "https://example.org/schema.json",
    "year": 2027,
    "papers": ["https://example.org/a", "https://example.org/b"],
    "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "春节", "date": "2027-02-20", "isOffDay": False},
    ],
}


def test_a_year_is_arranged_as_a_whole():
    notice = notice_of_year(YEAR, issued_on=ISSUED, number="国办发明电〔2026〕9号")
    assert (notice.id, notice.confirms, notice.issued_on) == ("cn-2027", 2027, ISSUED)
    assert notice.number == "国办发明电〔2026〕9号"
    assert notice.title == "国务院办公厅关于2027年部分节假日安排的通知"
    assert notice.source == "https://example.org/a https://example.org/b"
    assert notice.days == (
        NoticeDay(date=date(2027, 1, 1), off=True, name="元旦"),
        NoticeDay(date=date(2027, 2, 20), off=False, name="春节"),
    )


def test_what_is_given_stands_in_its_place():
    notice = notice_of_year(YEAR, issued_on=ISSUED, notice_id="x-1", title="通知")
    assert (notice.id, notice.title, notice.number) == ("x-1", "通知", "")


@pytest.mark.parametrize(
    ("data", "is_one"), [(YEAR, True), ({"id": "cn-2027", "holidays": []}, False), ({"days": []}, False)]
)
def test_a_file_is_known_by_its_keys(data, is_one):
    assert is_holiday_cn(data) is is_one


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"year": "2027"}, "year"),
        ({"year": True}, "year"),
        ({"papers": "x"}, "papers"),
        ({"papers": [1]}, "papers"),
        ({"days": []}, "days"),
        ({"days": {}}, "days"),
        ({"days": [7]}, r"days\[1\]: 7"),
        ({"days": [{"name": "x", "date": 7, "isOffDay": True}]}, r"days\[1\]: date: 7"),
        ({"days": [{"name": "x", "date": "2027-02-30", "isOffDay": True}]}, "2027-02-30"),
        ({"days": [{"name": "x", "date": "20270201", "isOffDay": True}]}, "20270201"),
        ({"days": [{"name": "", "date": "2027-02-01", "isOffDay": True}]}, "name"),
        ({"days": [{"name": "x", "date": "2027-02-01", "isOffDay": 1}]}, "isOffDay: 1"),
        ({"days": [{"name": "x", "date": "2027-02-01", "isOffDay": True}] * 2}, r"days\[2\]: date: .* twice"),
    ],
)
def test_faults_are_named(change, said):
    with pytest.raises(BadInput, match=said):
        notice_of_year({**YEAR, **change}, issued_on=ISSUED)


def test_all_faults_are_named_at_once():
    with pytest.raises(BadInput, match=r"year.*papers.*days\[1\].*days\[2\]"):
        notice_of_year({"year": 1.5, "papers": None, "days": [1, 2]}, issued_on=ISSUED)
