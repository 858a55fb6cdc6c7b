"""The generator: forms that pass the matter's own check, letters of several persons, and nothing left to chance."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from workflow.catalog.forms import check_form
from workflow.demo.filings import filings
from workflow.demo.licences import LICENCES
from workflow.demo.stage import SCRIPTS
from workflow.demo.transfers import TRANSFERS

ON = date(2026, 9, 14)


@pytest.fixture(scope="module")
def made(catalog, definitions):
    def make(script, total=60, seed="7", on=ON):
        return list(
            filings(
                script,
                total,
                seed=seed,
                definition=definitions[script.matter],
                directory=catalog.directory,
                on=on,
            )
        )

    return make


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.matter)
@pytest.mark.parametrize("on", [ON, date(2007, 9, 3)], ids=str)
def test_every_form_passes_the_matters_own_check(made, definitions, script, on):
    for filing in made(script, on=on):
        check_form(definitions[script.matter], filing.form)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.matter)
def test_the_same_seed_makes_the_same_filings_and_another_does_not(made, script):
    assert made(script) == made(script)
    assert made(script) != made(script, seed="8")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.matter)
def test_filings_come_in_order_and_the_first_at_once(made, script):
    slots = [filing.slot for filing in made(script)]

    assert slots[0] == 0
    assert slots == sorted(slots)


def test_what_is_lacking_is_required_and_not_handed_in(made, definitions):
    incomplete = [filing for filing in made(TRANSFERS, 180) if filing.lacking]

    assert incomplete
    for filing in incomplete:
        assert not set(filing.lacking) & set(filing.materials)
        assert all(definitions[filing.matter].materials[name].required for name in filing.lacking)


def test_only_a_fate_that_lacks_materials_comes_without(made, definitions):
    for filing in made(TRANSFERS, 180):
        required = {name for name, one in definitions[filing.matter].materials.items() if one.required}
        assert bool(required - set(filing.materials)) == (TRANSFERS.lacks(filing.fate) != (0, 0))


def test_a_letter_is_of_one_ministry_and_holds_several_persons(made):
    transfers = made(TRANSFERS, 180)
    sizes = Counter(filing.letter for filing in transfers)

    assert min(list(sizes.values())[:-1]) >= 2
    assert max(sizes.values()) <= 7
    for letter in sizes:
        of = [filing for filing in transfers if filing.letter == letter]
        assert len({(filing.parties["ministry"], filing.letter_no, filing.slot) for filing in of}) == 1


def test_letters_have_numbers_of_their_own(made):
    transfers = made(TRANSFERS, 180)
    first = {filing.letter: filing.letter_no for filing in transfers}
    second = [filing.second_letter_no for filing in transfers]

    assert len(set(first.values())) == len(first)
    assert not set(first.values()) & set(second)
    assert all(re.fullmatch(r".+函〔2026〕\d+号", number) for number in first.values())


def test_a_licence_is_filed_by_an_agency_alone(made, catalog):
    for filing in made(LICENCES):
        assert filing.letter is None
        assert catalog.directory.organs[filing.parties["filer"]].kind == "agency"


def test_nobody_files_before_the_directory_begins(made):
    with pytest.raises(LookupError):
        made(TRANSFERS, on=date(2001, 1, 1))
