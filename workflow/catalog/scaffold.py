"""A new matter to begin with (`banjie matters new`): a file that checks clean, to be rewritten part by part.

What the machine runs on — posts, form, materials, papers, publications — is taken over from a matter on the same process;
what the public is told is written from the resolved definition, so nothing of the other matter's law is left in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from workflow.catalog.resolve import STEP
from workflow.domain.definition import Regime
from workflow.domain.explanation_words import say_period
from workflow.domain.period import parse_period
from workflow.errors import BadInput, NotFound
from workflow.texts import LANGUAGES, shipped_definitions, t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog, Matter
    from workflow.domain.definition import Definition

OWN: Final = frozenset(
    {"matter", "process", "title", "note", "regime", "provenance", "series", "audience", "basis", "guide"}
)
"""What is written anew; every other section is taken over as it stands."""

_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LAW: Final = re.compile(r"《([^》]+)》")


def scaffold(catalog: Catalog, code: str, process: str, like: str | None = None) -> str:
    """The text of a new matter on a process, modelled on the matter `like`, or on the shortest there is.

    Raises BadInput for a code that is none or is taken, or a model on another process; NotFound when there is no model.
    """
    if _CODE.fullmatch(code) is None or code in catalog.matters:
        raise BadInput(reason=t("scaffold.taken" if code in catalog.matters else "scaffold.code", code=code))
    model = _model(catalog, process, like)
    sections = [text for key, text in _sections(model.path.read_text("utf-8")) if key not in OWN]
    return "\n".join([_head(model, code), *sections, _basis(catalog, model), _guide(catalog, model)])


def _model(catalog: Catalog, process: str, like: str | None) -> Matter:
    if like is not None:
        model = catalog.matter(like)
        if model.definition.process != process:
            raise BadInput(reason=t("scaffold.other_process", like=like, process=model.definition.process))
        return model
    on_it = [matter for matter in catalog.matters.values() if matter.definition.process == process]
    if not on_it:
        known = sorted({matter.definition.process for matter in catalog.matters.values()})
        raise NotFound(what="process", name=f"{process} ({', '.join(known)})")
    return min(on_it, key=lambda matter: (len(matter.canonical), matter.code))


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """The top-level sections of a file as they stand, each with the comments above it."""
    lines: list[str] = []
    key = ""
    for line in text.splitlines():
        begins = re.match(r"([a-z_]+):", line)
        if begins is not None:
            comments: list[str] = []
            while lines and lines[-1].startswith("#"):
                comments.insert(0, lines.pop())
            if key:
                yield key, "\n".join(lines).rstrip() + "\n"
            key, lines = begins.group(1), comments
        lines.append(line)
    if key:
        yield key, "\n".join(lines).rstrip() + "\n"


def _head(model: Matter, code: str) -> str:
    definition = model.definition
    series = re.sub(r"[^A-Z0-9]", "", "".join(word[0] for word in code.split("-")).upper() + code.upper())[:8]
    schema = shipped_definitions() / "schema" / "matter.schema.json"
    return "\n".join(
        [
            f"# yaml-language-server: $schema={schema}",
            *(f"# {t('scaffold.comment', lang, like=model.title(lang))}" for lang in LANGUAGES),
            f"matter: {code}",
            f"process: {definition.process}",
            f"title: {_words('title', code=code)}",
            f"regime: {definition.regime.value}",
            "provenance: reconstructed",
            f"series: {series}",
            "audience: public",
            "",
        ]
    )


def _basis(catalog: Catalog, model: Matter) -> str:
    """The laws that the periods rest on; what sets the matter itself is for its author to name."""
    cited: dict[str, list[dict[str, str]]] = {}
    for clock in model.definition.clocks.values():
        rule = catalog.law.rules[clock.rule][-1]
        laws = _LAW.findall(rule.citation["zh-CN"])
        if clock.promise is None and rule.basis == "statute" and laws:
            cited.setdefault(laws[0], []).append(dict(rule.citation))
    lines = ["basis:", f"  - title: {_words('basis_title')}", f"    citation: {_words('basis_citation')}"]
    lines.append("    provenance: reconstructed")
    for law, citations in cited.items():
        texts = {lang: "; ".join(dict.fromkeys(one[lang] for one in citations)) for lang in LANGUAGES}
        lines += [f"  - title: {_text(dict.fromkeys(LANGUAGES, law))}", f"    citation: {_text(texts)}"]
        lines.append("    provenance: attested")
    return "\n".join([*lines, ""])


def _guide(catalog: Catalog, model: Matter) -> str:
    definition = model.definition
    law = definition.regime in (Regime.LICENSING, Regime.OTHER_STATUTORY)
    blocks = {
        "scope": _words("scope"),
        "procedure": _text({lang: _procedure(model, lang) for lang in LANGUAGES}),
        "time_limits": _text({lang: _limits(catalog, model, lang) for lang in LANGUAGES}),
        "responsibility": _text({lang: _responsibility(model, lang) for lang in LANGUAGES}),
        "applicant": _words("applicant"),
        "fees": _words("fees"),
        "remedies": _words("remedies" if law else "views"),
        "supervision": _words("supervision"),
    }
    lines = ["guide:", f"  scope: {blocks.pop('scope')}", "  conditions:", f"    - {_words('condition')}"]
    return "\n".join([*lines, *(f"  {name}: {text}" for name, text in blocks.items()), ""])


def _procedure(model: Matter, lang: str) -> str:
    states = model.order("states")
    return t("scaffold.then", lang).join(model.text(f"states.{name}", lang, default=name) for name in states)


def _limits(catalog: Catalog, model: Matter, lang: str) -> str:
    told = []
    for name in model.order("clocks"):
        clock = model.definition.clocks[name]
        if name.startswith(STEP) or clock.scope == "step":
            continue
        length = parse_period(clock.promise) if clock.promise else catalog.law.rules[clock.rule][-1].period
        told.append(f"{model.text(f'clocks.{name}', lang, default=name)} {say_period(length, lang)}")
    return t("scaffold.semicolon", lang).join(told) or t("scaffold.no_limits", lang)


def _responsibility(model: Matter, lang: str) -> str:
    posts = dict.fromkeys(post for post in _expected(model.definition, model.order("states")))
    return t("scaffold.semicolon", lang).join(
        t(
            "scaffold.answers",
            lang,
            post=model.text(f"posts.{post}", lang, default=post),
            steps=t("scaffold.comma", lang).join(
                model.text(f"states.{name}", lang, default=name)
                for name in model.order("states")
                if model.definition.states[name].post == post
            ),
        )
        for post in posts
    )


def _expected(definition: Definition, states: tuple[str, ...]) -> Iterator[str]:
    for name in states:
        if (post := definition.states[name].post) is not None:
            yield post


def _words(key: str, **fields: str) -> str:
    return _text({lang: t(f"scaffold.{key}", lang, **fields) for lang in LANGUAGES})


def _text(words: Mapping[Any, str]) -> str:
    """A text in both languages on one line; JSON strings are YAML strings."""
    return "{" + ", ".join(f"{lang}: {msgspec.json.encode(words[lang]).decode()}" for lang in words) + "}"
