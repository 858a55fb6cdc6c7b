"""Application forms: every problem of what was filled in is told at once, with its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from stdnum.cn import ric, uscc

from workflow.catalog.forms import (
    check_form,
    credit_code_problem,
    form_problems,
    form_schema,
    id_number_problem,
    personal_fields,
)
from workflow.errors import BadFields

PERSON = {
    "name": "何㛃",
    "id_number": "990000198505120023",
    "sex": "female",
    "present_unit": "某省古籍馆",
    "present_region": "某省",
    "receiving_unit": "古籍修复研究院",
    "receiving_post": "修复师",
    "reason": "needed_talent",
    "education": "master",
    "accompanying": 0,
}


def id_number(birth: str, serial: int) -> str:
    """An identity number of the region 990000, which has never been assigned."""
    body = f"990000{birth}{serial:03d}"
    return body + ric.calc_check_digit(f"{body}0")


@pytest.fixture
def transfer(catalog):
    return catalog.matter("transfer-into-beijing").definition


def person(**changed: object) -> dict[str, object]:
    return {**PERSON, "id_number": id_number("19850512", 2), **changed}


def test_a_form_filled_in_well_has_no_problem(transfer):
    check_form(transfer, person())
    check_form(transfer, person(reason="other", reason_text="随军"))


def test_every_problem_is_told_with_its_field(transfer):
    form = person(id_number="123", sex="其他", accompanying="two", shoe_size=43)
    del form["name"]

    with pytest.raises(BadFields) as refused:
        check_form(transfer, form, "en")

    assert refused.value.fields["what"] == "transfer-into-beijing"
    assert dict(refused.value.fields["located"]) == {
        "id_number": "not an identity number: 18 digits, the last may be a capital X",
        "sex": "must be one of female, male",
        "accompanying": "must be a whole number",
        "shoe_size": "not a field of this form",
        "name": "required",
    }
    assert "name: required" in refused.value.fields["problems"]


def test_problems_are_told_in_chinese_too(transfer):
    assert dict(form_problems(transfer, person(accompanying=10), "zh-CN")) == {"accompanying": "不得大于 9"}


def test_a_field_may_be_required_by_another(transfer):
    assert list(form_problems(transfer, person(reason="other"), "en")) == [("reason_text", "required")]


@given(st.dates(min_value=date(1900, 1, 1)), st.integers(0, 999))
def test_numbers_of_the_unassigned_region_are_good_numbers(born, serial):
    number = id_number(born.strftime("%Y%m%d"), serial)

    assert id_number_problem(number) is None
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert id_number_problem(wrong) == "forms.id_number.check_digit"


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("99000019850512002", "shape"),
        ("99000019850512002x", "shape"),
        ("9900001985051200２X", "shape"),
        (" 990000198505120023", "shape"),
        (id_number("19850230", 1), "birth"),
        (id_number("19851301", 1), "birth"),
        ("", "shape"),
    ],
)
def test_bad_identity_numbers(number, problem):
    assert id_number_problem(number) == f"forms.id_number.{problem}"


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("91110000600037341L", None),
        ("91110000600037341M", "forms.credit_code.check_digit"),
        ("91110000600037341l", "forms.credit_code.shape"),
        ("9111000060003734", "forms.credit_code.shape"),
        ("91110000600037341 L", "forms.credit_code.shape"),
        ("", "forms.credit_code.shape"),
    ],
)
def test_credit_codes(code, problem):
    assert credit_code_problem(code) == problem


def test_credit_codes_of_the_sample_kind_are_good():
    body = "12990000MB0A1B2C3"

    assert credit_code_problem(body + uscc.calc_check_digit(body)) is None


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ({"type": "string"}, "", "may not be empty"),
        ({"type": "string", "max_length": 2}, "三个字", "at most 2 characters"),
        ({"type": "string", "pattern": "[A-Z]+"}, "AbC", "must be written as ^(?:[A-Z]+)$"),
        ({"type": "integer", "minimum": 5}, 4, "not less than 5"),
        ({"type": "integer"}, 1.5, "must be a whole number"),
        ({"type": "integer"}, True, "must be a whole number"),
        ({"type": "boolean"}, "yes", "must be true or false"),
        ({"type": "date"}, "2026-02-30", "not a date, write it as 2026-10-01"),
        ({"type": "date"}, "20260201", "not a date, write it as 2026-10-01"),
        ({"type": "phone"}, "call me", "not a telephone number"),
        ({"type": "list", "min_items": 2}, ["a"], "at least 2 entries"),
        ({"type": "list"}, "a", "must be a list"),
        ({"type": "string"}, None, "must be a text"),
    ],
)
def test_each_kind_of_field_says_what_is_wrong(transfer, field, value, problem):
    only = replace(transfer, form=form_schema({"x": field}))

    assert list(form_problems(only, {"x": value}, "en")) == [("x", problem)]


def test_forms_are_json_schemas_without_words_for_people(catalog):
    for matter in catalog.matters.values():
        Draft202012Validator.check_schema(matter.definition.form)
        assert str(matter.definition.form).isascii()


def test_personal_fields_are_named(catalog, transfer):
    assert transfer.personal == (
        "id_number",
        "landing",
        "name",
        "present_unit",
        "relatives_in_unit",
        "sex",
        "under_investigation",
    )
    assert personal_fields(catalog.matter("talent-agency-licence").tree["form"]) == (
        "contact_phone",
        "principal_id",
        "principal_name",
    )
