"""What people read: every key in both languages with the same fields, and a text for every error, guard and fault."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import errors
from workflow.catalog import strict_yaml
from workflow.domain.guards import GUARDS
from workflow.texts import LANGUAGES, catalogue, error_text, language, shipped_definitions, t


def every_error() -> list[type[errors.BanjieError]]:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    return [kind for kind in kinds if issubclass(kind, errors.BanjieError)]


def fields(template: str) -> set[str]:
    return {name.split("!")[0] for _, name, _, _ in Formatter().parse(template) if name}


def message(kind: type[errors.BanjieError]) -> str:
    return " ".join((kind.__doc__ or "").split())


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.code)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_error_has_a_text_with_its_fields(kind, lang):
    text = catalogue(lang)[f"errors.{kind.code}"]

    assert fields(text) == fields(message(kind))
    if lang == "en":
        assert text == message(kind)


def test_codes_of_errors_are_their_own():
    codes = [kind.code for kind in every_error()]

    assert len(codes) == len(set(codes))
    assert {key.split(".")[1] for key in catalogue("en") if key.startswith("errors.")} == set(codes)


def test_both_languages_have_the_same_keys():
    assert catalogue("zh-CN").keys() == catalogue("en").keys()


def test_both_languages_have_the_same_fields():
    chinese, english = catalogue("zh-CN"), catalogue("en")

    assert {key for key in chinese if fields(chinese[key]) != fields(english[key])} == set()


def test_every_guard_says_what_is_wanting():
    assert {key.removeprefix("guards.") for key in catalogue("en") if key.startswith("guards.")} == set(
        GUARDS
    )


def test_every_fault_that_is_told_has_its_words():
    kinds = "yaml|shape|text|vocabulary|file|reference|machine|limits|publication|calendar|law"
    told = re.compile(rf'"((?:{kinds})\.[a-z_]+)"')
    lost = re.compile(r'\.known\(\s*"([a-z]+)"')
    source = "\n".join(
        path.read_text("utf-8")
        for path in (shipped_definitions().parent / "workflow" / "catalog").glob("*.py")
    )
    named = set(told.findall(source)) | {f"reference.{kind}" for kind in lost.findall(source)}

    written = {
        key.removeprefix("faults.").removesuffix(".says")
        for key in catalogue("en")
        if key.startswith("faults.") and key.endswith(".says")
    }
    files = {name for name in named if name.endswith(".yaml")}
    assert len(named) > 40
    assert named - written - files == set()


def test_text_files_are_strict_yaml():
    paths = sorted((shipped_definitions() / "texts").glob("*/*.yaml"))
    faults = [fault.line("en") for path in paths for fault in strict_yaml.inspect(path)[1]]

    assert len(paths) >= 2 * len(LANGUAGES)
    assert faults == []


@pytest.mark.parametrize(
    ("env", "spoken"),
    [
        ({}, "zh-CN"),
        ({"LANG": "C.UTF-8"}, "zh-CN"),
        ({"LANG": "POSIX"}, "zh-CN"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LC_ALL": "en_US", "LC_MESSAGES": "zh_CN", "LANG": "zh_CN"}, "en"),
        ({"BANJIE_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"BANJIE_LANG": "", "LANG": "en_US"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "zh-CN"),
    ],
)
def test_the_readers_language(env, spoken):
    assert language(env) == spoken


def test_a_text_with_its_fields_filled_in():
    assert t("errors.not_found", "zh-CN", what="办件", name="1") == "没有这个办件：“1”"
    assert t("errors.not_found", "en", what="case", name="1") == "There is no case '1'."


def test_the_language_is_asked_for_when_none_is_given(monkeypatch):
    monkeypatch.setenv("BANJIE_LANG", "en")

    assert t("organs.sample", name="A") == "A (sample)"


@pytest.mark.parametrize(("key", "lang"), [("errors.none", "en"), ("errors.not_found", "fr"), ("", "en")])
def test_a_text_that_is_not_there_is_a_fault(key, lang):
    with pytest.raises(LookupError):
        t(key, lang)


def test_a_field_that_is_not_given_is_a_fault():
    with pytest.raises(LookupError):
        t("errors.not_found", "en", what="case")


def test_an_error_is_told_in_the_readers_language():
    error = errors.UnknownCase(what="case", name="X-1")

    assert error_text(error, "zh-CN") == "没有办件“X-1”；请核对服务单上的办件编号"
    assert error_text(error, "en") == error.message


def test_a_refusing_guard_says_what_is_wanting_in_that_language():
    error = errors.GuardRefused(action="grant", rule="reasons_given", needed="the reasons")

    assert "应当说明理由" in error_text(error, "zh-CN")
    assert "给" not in error_text(errors.GuardRefused(action="a", rule="unknown", needed="x"), "en")


@given(st.text(), st.text())
def test_braces_in_what_people_typed_do_no_harm(what, name):
    assert name in error_text(errors.NotFound(what=what, name=name), "zh-CN")
