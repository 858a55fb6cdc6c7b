"""The fourteen categories: as shipped, as an installation replaces them, and what is told of a file with faults."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from workflow.catalog.categories import FILE, Category, category_of, load_categories
from workflow.catalog.strict_yaml import inspect
from workflow.errors import BadDefinition
from workflow.texts import LANGUAGES, shipped_definitions

TITLE = "{zh-CN: 类目, en: Category}"


@pytest.fixture
def own(tmp_path):
    """An installation's own file with the text given."""

    def written(text):
        (tmp_path / FILE).parent.mkdir(exist_ok=True)
        (tmp_path / FILE).write_text(text, "utf-8")
        return [tmp_path]

    return written


def test_fourteen_are_shipped_in_both_languages():
    shipped = load_categories()

    assert len(shipped) == len({category.code for category in shipped}) == 14
    assert all(category.titles.keys() == set(LANGUAGES) for category in shipped)


def test_an_installation_has_its_own_instead(own):
    folders = own(f"categories:\n  - {{code: all, title: {TITLE}, regimes: [service]}}\n")

    assert load_categories(folders) == (
        Category(code="all", titles={"zh-CN": "类目", "en": "Category"}, regimes=("service",)),
    )


def test_every_fault_is_told(own):
    folders = own(
        f"categories:\n  - {{title: {TITLE}, regime: service}}\n  - {{code: b, title: {{zh-CN: 乙}}}}\n"
    )

    with pytest.raises(BadDefinition) as raised:
        load_categories(folders)

    assert sorted(fault["rule"] for fault in raised.value.fields["faults"]) == [
        "shape.missing_key",
        "shape.missing_key",
        "shape.unknown_key",
    ]


def test_a_code_goes_before_a_process_and_a_process_before_a_regime(catalog):
    matter = catalog.matter("talent-agency-licence")
    titles = {"zh-CN": "", "en": ""}
    by_regime = Category(code="a", titles=titles, regimes=("licensing",))
    by_process = Category(code="b", titles=titles, processes=("licensing",))
    by_code = Category(code="c", titles=titles, matters=("talent-agency-licence",))

    assert category_of(matter, [by_regime, by_process, by_code]) == by_code
    assert category_of(matter, [by_regime, by_process]) == by_process
    assert category_of(matter, [by_regime]) == by_regime
    assert category_of(matter, []) is None


def test_editors_check_the_file_by_a_schema_of_its_own():
    schema = json.loads((shipped_definitions() / "schema" / "categories.schema.json").read_text("utf-8"))
    document, faults = inspect(shipped_definitions() / FILE)

    assert faults == []
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(document.data)) == []
    assert schema["$defs"]["category"]["properties"].keys() == {
        "code",
        "title",
        "matters",
        "processes",
        "regimes",
        "pages",
    }
