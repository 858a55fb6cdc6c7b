"""Fixed holidays of a regulation: where they fall, and which text is in force."""

from __future__ import annotations

from datetime import date

import pytest

from workflow.domain.regulation import Feast, Regulation, assumed_holidays, easter_sunday
from workflow.errors import BadInput

OLD = Regulation(
    id="old",
    title="",
    number="",
    promulgated_on=date(1999, 9, 18),
    in_force_from=date(1999, 9, 18),
    feasts=(Feast(name="劳动节", anchor="05-01", days=3),),
)
NEW = Regulation(
    id="new",
    title="",
    number="",
    promulgated_on=date(2007, 12, 14),
    in_force_from=date(2008, 1, 1),
    feasts=(Feast(name="劳动节", anchor="05-01"), Feast(name="春节", anchor="spring", offset=-1, days=3)),
)
ALMANAC = {"spring": {2008: date(2008, 2, 7)}}


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1818, 3, 22), (1961, 4, 2), (2000, 4, 23), (2010, 4, 4), (2011, 4, 24), (2024, 3, 31), (2038, 4, 25), (2285, 3, 22)],
)  # fmt: skip
def test_easter_including_its_earliest_and_latest_day(year, month, day):
    assert easter_sunday(year) == date(year, month, day)


def test_each_day_is_under_the_text_then_in_force():
    found = {day: text.id for day, _, text in assumed_holidays((NEW, OLD), ALMANAC, range(1998, 2010))}
    assert date(1999, 5, 1) not in found  # before the first text
    assert [day for day in found if day.year == 2007] == [
        date(2007, 5, 1),
        date(2007, 5, 2),
        date(2007, 5, 3),
    ]
    assert [day for day in found if day.year == 2008] == [
        date(2008, 5, 1), date(2008, 2, 6), date(2008, 2, 7), date(2008, 2, 8),
    ]  # fmt: skip
    assert set(found.values()) == {"old", "new"}


def test_a_year_beyond_the_almanac_has_only_the_days_that_need_none():
    assert [day for day, _, _ in assumed_holidays((NEW,), ALMANAC, range(2009, 2010))] == [date(2009, 5, 1)]


def test_a_feast_moves_off_a_sunday():
    kings_day = Feast(name="国王日", anchor="04-27", if_sunday=-1)
    assert list(kings_day.dates(2014, {})) == [date(2014, 4, 26)]
    assert list(kings_day.dates(2015, {})) == [date(2015, 4, 27)]


def test_an_anchor_that_is_no_day_is_refused():
    with pytest.raises(BadInput):
        list(Feast(name="?", anchor="13-01").dates(2020, {}))
    with pytest.raises(BadInput):
        list(Feast(name="?", anchor="midsummer").dates(2020, {}))
