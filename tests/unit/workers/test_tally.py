"""What tasks and pulses have done is told once in a while, and nothing of it is forgotten."""

from __future__ import annotations

import pytest

from workers.tally import Tally
from workflow.errors import DatabaseUnavailable


class Book:
    def __init__(self):
        self.told, self.away = [], False

    def __call__(self, task, pulse):
        if self.away:
            raise DatabaseUnavailable(reason="away")
        self.told.append((task, pulse))


@pytest.fixture
def book():
    return Book()


def test_deeds_are_counted_by_the_hand_that_did_them(book):
    tally = Tally(book)
    advance = tally.counting(lambda case_id, *, done_by: 3 if case_id else 0)
    together = tally.counting(lambda case_ids, *, done_by: (len(case_ids), []))
    assert advance("abc", done_by="pulse") == 3
    assert advance("", done_by="pulse") == 0
    assert together(["a", "b"], done_by="task") == (2, [])
    tally.beat()
    tally.beat()

    assert book.told == [(2, 3)]


def test_what_could_not_be_told_is_told_later(book):
    tally = Tally(book)
    tally.add("task", 2)
    book.away = True
    tally.beat()
    tally.add("task", 1)
    book.away = False
    tally.beat()

    assert book.told == [(3, 0)]
