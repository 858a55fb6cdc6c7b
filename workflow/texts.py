"""What people read, in two languages: keys in the code, words in `definitions/texts/<language>/<first part of key>.yaml`.

Chinese (zh-CN) is the default. A word that is missing is a fault of this program, found by a test, so it raises here.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import yaml

from workflow.errors import BanjieError

Language: TypeAlias = Literal["zh-CN", "en"]

CHINESE: Final[Language] = "zh-CN"
ENGLISH: Final[Language] = "en"
LANGUAGES: Final[tuple[Language, ...]] = (CHINESE, ENGLISH)

# The base loader makes every value a text, so `no: …` names the text `no` and nothing becomes a boolean or a date.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def t(key: str, lang: str | None = None, /, **fields: Any) -> str:
    """The text `key` in `lang` (default: the reader's language) with its fields filled in.

    Raises LookupError when there is no such text or it names a field that is not given.
    """
    spoken = language() if lang is None else lang
    template = catalogue(spoken).get(key)
    if template is None:
        raise LookupError(f"no text {key!r} in {spoken}")
    return template.format(**fields) if fields or "{" in template else template


def language(env: Mapping[str, str] | None = None) -> Language:
    """The reader's language: BANJIE_LANG, else LC_ALL, LC_MESSAGES, LANG, the first that is set; Chinese if none is.

    Only a locale that begins with `en` means English; C and POSIX say nothing about language and mean the default.
    """
    env = os.environ if env is None else env
    for name in ("BANJIE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := env.get(name):
            return ENGLISH if value.lower().startswith("en") else CHINESE
    return CHINESE


_OF_THE_DESK = frozenset(
    {"verb_refused", "cannot_hold", "cannot_take_back", "not_on_this_case", "material_refused"}
)
"""Codes of errors whose `rule` names what is needed, among the refusals of the desk."""


def error_text(error: BanjieError, lang: str | None = None) -> str:
    """An error's message in the reader's language; its English docstring when the catalogue cannot say it."""
    fields = dict(error.fields)
    try:
        fields |= _named(fields, lang)
        if error.code == "guard_refused":
            fields["needed"] = t(f"guards.{fields['rule']}", lang)
        elif error.code in _OF_THE_DESK:
            if fields["rule"] == "finding_stands":
                fields |= {name: _standings(fields[name], lang) for name in ("now", "wanted")}
            fields["needed"] = t(f"refusals.{fields['rule']}", lang, **fields)
            if "state" in fields:
                fields["state"] = t(f"materials.state.{fields['state']}", lang)
        elif error.code == "already_claimed":
            fields["since"] = f"{datetime.fromisoformat(fields['since']):%Y-%m-%d %H:%M}"
        elif "posts" in fields:
            posts = str(fields["posts"]).replace(", ", t("fields.or", lang))
            fields["needed"] = t("fields.needed_posts", lang, posts=posts)
        elif "wrong" in fields:
            fields["problems"] = _wrong(fields["wrong"], lang)
        return t(f"errors.{error.code}", lang, **fields)
    except LookupError:
        return error.message


def _named(fields: Mapping[str, Any], lang: str | None) -> dict[str, str]:
    """A thing, or a verb of every matter, by its word; the actions of a matter keep the code that people type."""
    known = catalogue(language() if lang is None else lang)
    told: dict[str, str] = {}
    for name, words in (("what", "things"), ("action", "desk.verb")):
        said = known.get(f"{words}.{fields.get(name)}")
        if said is not None:
            told[name] = said[:1].lower() + said[1:]
    return told


def fault_text(error: OSError, lang: str | None = None) -> str:
    """Why the operating system would not read or write something, in the reader's language as far as the reason is a
    common one.
    """
    name = errno.errorcode.get(error.errno or 0, "")
    return (
        catalogue(language() if lang is None else lang).get(f"system.{name}") or error.strerror or str(error)
    )


def _standings(named: str, lang: str | None) -> str:
    return t("fields.or", lang).join(t(f"findings.life.{name}", lang) for name in named.split(", "))


def _wrong(problems: Iterable[tuple[str, str, str]], lang: str | None) -> str:
    told = (f"{field}: {t(f'fields.{problem}', lang, wanted=wanted)}" for field, problem, wanted in problems)
    return t("fields.and", lang).join(told)


def catalogue(lang: str) -> Mapping[str, str]:
    """Every text of a language by its dotted key. Raises LookupError for a language there is not."""
    if lang not in LANGUAGES:
        raise LookupError(f"no texts in the language {lang!r}; there are {', '.join(LANGUAGES)}")
    return _read(shipped_definitions() / "texts" / lang)


def shipped_definitions() -> Path:
    """The folder `definitions/` that belongs to this program: in the repository, or inside the installed package."""
    packaged = Path(__file__).with_name("_definitions")
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[1] / "definitions"


@cache
def _read(folder: Path) -> Mapping[str, str]:
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        with path.open("rb") as file:
            texts.update(_flat(path.stem, yaml.load(file, Loader=_Loader) or {}))  # noqa: S506 - a safe loader
    return texts


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _flat(f"{prefix}.{key}", below)
    else:
        yield prefix, str(value)
