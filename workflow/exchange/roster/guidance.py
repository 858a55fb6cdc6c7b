"""What a clerk is told before anything can go wrong: the note at each heading, and how to fill in the sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.exchange.roster.columns import Column, words
from workflow.exchange.roster.reading import MAX_ROWS
from workflow.texts import t


def heading_note(column: Column, columns: Sequence[Column], lang: str) -> str:
    """What stands in the comment of a heading: what to write, when it is needed, who may see it."""
    return "\n".join(_lines(column, columns, lang))


def guidance(columns: Sequence[Column], lang: str) -> Iterator[str]:
    """The paragraphs of the second sheet: general rules, then a line on each column."""
    for point in (
        "rows",
        "keys",
        "marks",
        "text",
        "dates",
        "lists",
        "materials",
        "letter",
        "personal",
        "check",
        "import",
    ):
        yield t(f"roster.guide.{point}", lang, most=MAX_ROWS)
    yield t("roster.guide.columns", lang)
    for column in columns:
        yield f"{column.heading(lang)} — " + " ".join(_lines(column, columns, lang))


def _lines(column: Column, columns: Sequence[Column], lang: str) -> Iterator[str]:
    if lang in column.notes:
        yield column.notes[lang]
    yield t(f"roster.hint.{_hint(column)}", lang)
    if column.kind == "choice":
        yield t("roster.hint.choices", lang, known=" / ".join(words(column, lang)))
    for limit in ("maxLength", "minimum", "maximum", "minItems"):
        if limit in column.schema:
            yield t(f"roster.hint.{limit}", lang, limit=column.schema[limit])
    if column.required:
        yield t("roster.hint.required", lang)
    titles = {other.key: other for other in columns}
    for key, values in column.when.items():
        other = titles[key]
        shown = " / ".join(
            other.choices[value][lang] if value in other.choices else value for value in values
        )
        yield t("roster.hint.required_when", lang, other=other.titles[lang], values=shown)
    if column.personal:
        yield t("roster.hint.personal", lang)


def _hint(column: Column) -> str:
    format_ = column.schema.get("format", "")
    return format_ if format_ in ("id_number", "credit_code", "phone") else column.kind
