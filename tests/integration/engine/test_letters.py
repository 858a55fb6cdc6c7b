"""A filing letter: its cases are decided one by one and answered by one reply, once, with all of them on its list."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.engine.conftest import Office
from workflow.domain.commands import SubmitFiling, TakeAction
from workflow.domain.events import LetterReplied
from workflow.domain.letters.values import LetterKey
from workflow.engine.advance import advance
from workflow.engine.filings import file_together
from workflow.engine.handle import Receipt, case_id_for, handle
from workflow.engine.letters import digest
from workflow.errors import LetterAnswered, VerbRefused
from workflow.storage.letter_register import Listed
from workflow.testing.sample import at

LETTER = "京人函〔2026〕5号"
TOMORROW = at("2026-09-08", "00:00")


class Letters(Office):
    """An office to which letters with many cases come."""

    def file_under(self, key, letter=LETTER):
        receipt = handle(
            self.banjie,
            SubmitFiling(
                case_id=case_id_for("ella", key),
                key=key,
                actor="ella",
                matter="sample-licence",
                form={"name": f"王{key}"},
                materials=("charter", "funds"),
                letter=letter,
            ),
        )
        self.settle()
        return receipt

    def letter(self, number=LETTER):
        return self.store.letters.all(number)[0]

    def replies(self, receipt):
        return [event for event in self.events(receipt) if isinstance(event, LetterReplied)]

    def withdraw(self, receipt):
        self.act(receipt, "ella", "withdraw")


@pytest.fixture
def letters(office):
    return Letters(office.banjie)


def test_a_letter_is_answered_when_its_last_case_is_concluded(letters):
    filed = [letters.file_under(f"case-{number}") for number in range(3)]
    letters.until(TOMORROW)
    letters.withdraw(filed[0])
    letters.withdraw(filed[2])
    assert (letters.letter().state, letters.letter().waiting) == ("open", 1)
    assert letters.replies(filed[0]) == []

    letters.withdraw(filed[1])

    letter = letters.letter()
    assert (letter.state, letter.cases, letter.reply_number) == ("answered", 3, 1)
    told = [letters.replies(one) for one in filed]
    assert [len(one) for one in told] == [1, 1, 1]
    assert [one[0].place for one in told] == [1, 2, 3]
    assert {(one[0].number, one[0].total, one[0].digest) for one in told} == {(1, 3, letter.digest)}
    assert [letters.case(one).reply.number for one in filed] == [1, 1, 1]


def test_a_look_at_an_answered_letter_takes_no_number(letters):
    """Each conclusion asks for a look; all but one find the reply issued, and the next letter has the next number."""
    together = [letters.file_under(name) for name in ("one", "two")]
    other = letters.file_under("three", "京人函〔2026〕6号")
    letters.until(TOMORROW)
    for receipt in together:
        end = TakeAction(case_id=receipt.case_id, key=f"end-{receipt.no}", actor="ella", action="withdraw")
        handle(letters.banjie, end)
    letters.settle()  # both look when both are concluded
    letters.withdraw(other)

    assert letters.letter().reply_number == 1
    assert letters.letter("京人函〔2026〕6号").reply_number == 2


def test_the_digest_proves_the_list(letters):
    filed = letters.file_under("case")
    letters.until(TOMORROW)
    letters.withdraw(filed)

    letter = letters.letter()
    members = letters.store.letters.members(letter.organ, letter.number)
    listed = [
        Listed(case_id=one.case_id, no=one.no, place=one.place, outcome=one.letter_outcome, paper=one.paper)
        for one in members
    ]
    assert digest(LetterKey(organ=letter.organ, number=letter.number), listed) == letter.digest


def test_on_the_day_of_the_last_filing_the_reply_waits_for_midnight(letters):
    first = letters.file_under("first")
    letters.withdraw(first)
    assert letters.letter().state == "ready"
    second = letters.file_under("second")
    letters.withdraw(second)

    letters.until(TOMORROW)
    letters.settle()

    assert letters.letter().state == "answered"
    assert letters.replies(first)[0].total == 2


def test_a_case_after_the_reply_is_refused_and_leaves_nothing_behind(letters):
    filed = letters.file_under("one")
    letters.until(TOMORROW)
    letters.withdraw(filed)
    assert letters.letter().state == "answered"

    with pytest.raises(LetterAnswered, match="京人函"):
        letters.file_under("late")

    assert letters.store.case(case_id_for("ella", "late")) is None
    assert letters.file_under("late", letter="京人函〔2026〕6号").no


def test_a_case_split_off_is_answered_by_itself_and_the_others_are_not_held_up(letters):
    slow, quick = letters.file_under("slow"), letters.file_under("quick")
    letters.until(TOMORROW)
    letters.withdraw(quick)

    letters.act(slow, "hana", "answer_alone", reason="情况复杂，另行研究")

    assert letters.letter().state == "answered"
    assert letters.letter().cases == 1
    assert letters.case(slow).letter is None
    assert letters.case(slow).split_from == LETTER
    assert letters.replies(slow) == []
    assert letters.replies(quick)[0].total == 1
    with pytest.raises(VerbRefused):
        letters.act(slow, "hana", "answer_alone", key="again", reason="again")


def test_a_case_on_the_list_cannot_be_split_off_after_the_reply(letters):
    filed = letters.file_under("one")
    letters.until(TOMORROW)
    letters.withdraw(filed)

    with pytest.raises(VerbRefused, match="answered"):
        letters.act(filed, "hana", "answer_alone", reason="too late")


def test_the_same_number_of_two_organs_is_two_letters(letters):
    filed = letters.file_under("one")
    case = letters.case(filed)

    assert [(one.organ, one.number) for one in letters.store.letters.all()] == [
        (case.parties.get("ministry") or case.parties["filer"], LETTER)
    ]


def test_a_hundred_conclusions_at_once_bring_one_reply(letters):
    filed = [letters.file_under(f"case-{number}") for number in range(100)]
    letters.until(TOMORROW)

    def end(receipt):
        handle(
            letters.banjie,
            TakeAction(
                case_id=receipt.case_id,
                key=f"end-{receipt.case_id}",
                actor="ella",
                action="withdraw",
                fields={},
            ),
        )
        advance(letters.banjie, receipt.case_id, done_by="task")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(end, filed))
    letters.settle()

    letter = letters.letter()
    assert (letter.reply_number, letter.cases) == (1, 100)
    told = [letters.replies(one) for one in filed]
    assert [len(one) for one in told] == [1] * 100
    assert sorted(one[0].place for one in told) == list(range(1, 101))


def test_a_roster_files_many_cases_under_one_letter_in_one_transaction(letters):
    commands = [
        SubmitFiling(
            case_id=case_id_for("ella", f"row-{number}"),
            key=f"row-{number}",
            actor="ella",
            matter="sample-licence",
            form={"name": f"王{number}"},
            materials=("charter", "funds"),
            letter=LETTER,
        )
        for number in range(12)
    ]

    assert all(isinstance(one, Receipt) for one in file_together(letters.banjie, commands, dry_run=True))
    assert letters.store.letters.all() == []
    file_together(letters.banjie, commands)

    assert (letters.letter().cases, letters.letter().waiting) == (12, 12)
