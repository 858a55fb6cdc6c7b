"""Invented persons: possible names, impossible identities, the same for the same seed."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from workflow.demo.people import REGION, SURNAMES, id_number, newcomer

TODAY = date(2026, 9, 14)


@given(st.integers())
def test_an_identity_number_is_well_formed_and_belongs_to_no_place(seed):
    somebody = newcomer(Random(seed), TODAY)

    assert len(somebody.id_number) == 18
    assert somebody.id_number.startswith(REGION)
    assert somebody.id_number[6:14] == f"{somebody.born_on:%Y%m%d}"
    assert mod_11_2.is_valid(somebody.id_number)
    assert int(somebody.id_number[16]) % 2 == (0 if somebody.female else 1)


def test_the_check_digit_can_be_an_x():
    numbers = [id_number(Random(seed), date(1990, 1, 1), female=True) for seed in range(100)]

    assert any(number.endswith("X") for number in numbers)


@given(st.integers())
def test_everybody_is_of_working_age(seed):
    born_on = newcomer(Random(seed), TODAY).born_on

    assert 26 < (TODAY - born_on).days / 365 <= 55


def test_names_vary_and_some_are_hard_to_type():
    names = [newcomer(Random(f"names/{seed}"), TODAY).name for seed in range(400)]

    assert len(set(names)) > 350
    assert any("·" in name for name in names)
    assert any("㛃" in name for name in names)
    assert any(name[:2] in SURNAMES for name in names)


def test_the_same_seed_gives_the_same_person():
    assert newcomer(Random("7/T001/person"), TODAY) == newcomer(Random("7/T001/person"), TODAY)
