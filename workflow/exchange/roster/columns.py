"""The columns of a matter's roster, derived from its definition: what stands in each, and what people read above it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol, TypeAlias

from workflow.domain.definition import Definition
from workflow.texts import LANGUAGES, catalogue, t

Kind: TypeAlias = Literal["text", "coded", "date", "integer", "boolean", "choice", "list"]
"""What a cell holds. `coded` is text with a form of its own, where every character counts (an identity number)."""

Titles: TypeAlias = Mapping[str, str]
"""What people read, by language."""

MATTER: Final = "banjie.matter"
DEFINITION: Final = "banjie.definition"
"""What a workbook says of itself in its properties: the matter's code, and the hash of the definition it was made for."""

LETTER: Final = "letter"
FORM: Final = "form"
MATERIALS: Final = "materials"
PARTIES: Final = "parties"

REQUIRED: Final = "*"
SOMETIMES: Final = "△"
"""The marks before the title of a column that must be filled in, always or in some cases."""

LETTER_SCHEMA: Final = {"type": "string", "maxLength": 60}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `part` and `path` say where its value goes in the filing; `choices` are titles by code, `ways` every
    way to write one, in small letters; `when` the other columns with the values that make this one required.
    """

    key: str
    part: str
    path: tuple[str, ...]
    kind: Kind
    titles: Titles
    schema: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Titles] = field(default_factory=dict)
    ways: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    personal: bool = False
    notes: Titles = field(default_factory=dict)

    def heading(self, lang: str) -> str:
        """The title as it stands above the column, with its mark."""
        mark = REQUIRED if self.required else SOMETIMES if self.when else ""
        return mark + self.titles[lang]


class Readable(Protocol):
    """A matter and its texts: of the catalogue, or as a database keeps it."""

    @property
    def definition(self) -> Definition:
        """What the machine runs."""

    def title(self, lang: str | None = None) -> str:
        """The matter's name."""

    def text(self, key: str, lang: str | None = None, *, default: str | None = None) -> str:
        """What people read at `key`."""


def columns_of(matter: Readable, order: Sequence[str] = ()) -> tuple[Column, ...]:
    """The columns of a matter's roster: form, parties, letter, materials. `order` is that of the fields, as far as it says;
    a definition itself knows none.
    """
    definition = matter.definition
    conditions = tuple(_conditions(definition.form))
    form = _fields(matter, definition.form, (), conditions)
    placed = sorted(form, key=lambda column: _place(order, column.path[0]))
    return (*placed, *_parties(definition), _letter(), *_materials(matter))


def words(column: Column, lang: str) -> tuple[str, ...]:
    """What may be picked in the column, in a language; nothing where it is filled in freely."""
    if column.kind == "boolean":
        return t("roster.word.yes", lang), t("roster.word.no", lang)
    return tuple(_shown(column.choices, lang).values())


def _shown(choices: Mapping[str, Titles], lang: str) -> dict[str, str]:
    """The title of each choice; two that read alike are told apart by their codes."""
    titles = [of[lang] for of in choices.values()]
    return {
        code: title if titles.count(title) == 1 else f"{title} ({code})"
        for code, title in zip(choices, titles, strict=True)
    }


def _ways(choices: Mapping[str, Titles]) -> dict[str, str]:
    """Every way to write a choice: its code, and its title in each language."""
    ways = {code.casefold(): code for code in choices}
    for lang in LANGUAGES:
        for code, title in _shown(choices, lang).items():
            ways.setdefault(title.casefold(), code)
    return ways


def _place(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _conditions(form: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Of each condition: the field it makes required, the field it looks at and the values it looks for."""
    for condition in form.get("allOf", ()):
        ((other, values),) = condition["if"]["properties"].items()
        for name in condition["then"]["required"]:
            yield name, other, tuple(values["enum"])


def _fields(
    matter: Readable,
    schema: Mapping[str, Any],
    above: tuple[str, ...],
    conditions: Sequence[tuple[str, str, tuple[str, ...]]],
) -> list[Column]:
    """The fields of a form, one column each; those of a field that has fields itself are named by their path."""
    columns: list[Column] = []
    for name, of in schema.get("properties", {}).items():
        path = (*above, name)
        if of.get("type") == "object":
            columns += _fields(matter, of, path, ())
            continue
        key = ".".join((FORM, *path))
        when = {f"{FORM}.{other}": values for field_, other, values in conditions if field_ == name}
        choices = _choices(matter, key, of)
        notes = {lang: matter.text(f"{key}.note", lang, default="") for lang in LANGUAGES}
        columns.append(
            Column(
                key=key,
                part=FORM,
                path=path,
                kind=_kind(of),
                titles={lang: matter.text(key, lang, default=path[-1]) for lang in LANGUAGES},
                schema=of,
                choices=choices,
                ways=_ways(choices),
                required=name in schema.get("required", ()) and not when,
                when=when,
                personal=path[0] in matter.definition.personal,
                notes={lang: note for lang, note in notes.items() if note},
            )
        )
    return columns


def _choices(matter: Readable, key: str, schema: Mapping[str, Any]) -> dict[str, Titles]:
    return {
        code: {lang: matter.text(f"{key}.choices.{code}", lang, default=code) for lang in LANGUAGES}
        for code in schema.get("enum", ())
    }


def _kind(schema: Mapping[str, Any]) -> Kind:
    if "enum" in schema:
        return "choice"
    match schema.get("type"):
        case "boolean":
            return "boolean"
        case "integer":
            return "integer"
        case "array":
            return "list"
    if schema.get("format") == "date":
        return "date"
    return "coded" if "format" in schema or "pattern" in schema else "text"


def _parties(definition: Definition) -> Iterator[Column]:
    """A column for each party that a post of the matter belongs to; left empty it is the filer's own."""
    named = {post.organ[1:] for post in definition.posts.values() if post.organ.startswith("@")}
    for name in sorted(named):
        yield Column(
            key=f"{PARTIES}.{name}",
            part=PARTIES,
            path=(name,),
            kind="text",
            titles={lang: catalogue(lang).get(f"roster.party.{name}", name) for lang in LANGUAGES},
            notes={lang: t("roster.note.party", lang) for lang in LANGUAGES},
        )


def _letter() -> Column:
    return Column(
        key=LETTER,
        part=LETTER,
        path=(),
        kind="text",
        titles={lang: t("roster.letter", lang) for lang in LANGUAGES},
        schema=LETTER_SCHEMA,
        notes={lang: t("roster.note.letter", lang) for lang in LANGUAGES},
    )


def _materials(matter: Readable) -> Iterator[Column]:
    materials = matter.definition.materials
    for name in sorted(materials, key=lambda name: not materials[name].required):
        title = {lang: matter.text(f"{MATERIALS}.{name}", lang, default=name) for lang in LANGUAGES}
        wanted = "roster.note.material" if materials[name].required else "roster.note.material_optional"
        yield Column(
            key=f"{MATERIALS}.{name}",
            part=MATERIALS,
            path=(name,),
            kind="boolean",
            titles={lang: t("roster.material", lang, title=title[lang]) for lang in LANGUAGES},
            notes={lang: t(wanted, lang) for lang in LANGUAGES},
        )
