"""How the periods of a case look: one line each, and on demand every day that was counted or not, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from workflow.cli.rendering import day, table
from workflow.domain.explanation_words import say_period
from workflow.domain.period import parse_period
from workflow.queries.clocks import ClockView, clocks
from workflow.texts import language, t

if TYPE_CHECKING:
    from workflow.cli.looked import Looked
    from workflow.domain.explanation import Explanation


def clock_page(looked: Looked, *, explain: bool) -> Iterator[str]:
    """The lines of `case clocks`."""
    views = _views(looked)
    if not views:
        yield t("case.no_clocks")
        return
    heads = [
        t(f"case.label.{name}") for name in ("clock", "basis", "period", "started", "due", "standing", "held")
    ]
    yield from table(heads, [_line(looked, view) for view in views])
    if explain:
        for view in views:
            yield ""
            yield from _explained(looked, view)


def clocks_plain(looked: Looked, *, explain: bool) -> dict[str, Any]:
    """The periods for programs."""
    return {"no": looked.case.no, "clocks": [_plain(view, explain=explain) for view in _views(looked)]}


def _views(looked: Looked) -> list[ClockView]:
    banjie = looked.banjie
    facts = banjie.facts(looked.matter.definition)
    return clocks(looked.matter.definition, looked.case, facts, banjie.store.clock().now)


def _line(looked: Looked, view: ClockView) -> tuple[str, ...]:
    words = looked.words
    due = t("case.provisional", on=day(view.due_on)) if view.provisional else day(view.due_on)
    held = ""
    if view.held is not None:
        held = t("case.comma").join(
            filter(None, (words.of("posts", view.held.post), words.organ(view.held.organ)))
        )
    return (
        _title(looked, view),
        t(f"case.basis.{view.basis}"),
        say_period(parse_period(view.period), language()),
        day(view.started_on),
        due,
        _standing(looked, view),
        held,
    )


def _title(looked: Looked, view: ClockView) -> str:
    title = looked.words.of("clocks", view.clock)
    return title if view.generation == 1 else t("case.generation", clock=title, number=view.generation)


def _standing(looked: Looked, view: ClockView) -> str:
    match view.standing:
        case "ended":
            return t(
                "case.standing.ended_late" if view.late else "case.standing.ended", on=day(view.ended_on)
            )
        case "stopped":
            ground = looked.banjie.catalog.law.grounds.get(view.grounds[0]) if view.grounds else None
            return t("case.standing.stopped", ground=ground.title[language()] if ground else "")
        case _:
            left = view.days_left or 0
            # The last day is not over before its end: nothing is late on it.
            key = "overdue" if view.late else "last_day" if left == 0 else "left"
            return t(f"case.standing.{key}", days=abs(left))


def _explained(looked: Looked, view: ClockView) -> Iterator[str]:
    said, lang = view.explanation, language()
    yield _title(looked, view)
    citation = said.citation.get(lang, "")
    yield f"  {t('case.rule', title=said.rule_title.get(lang, view.rule), citation=citation, version=view.rule_version)}"
    yield f"  {said.short(lang)}"
    heads = [t(f"case.label.{name}") for name in ("date", "weekday", "number", "reason")]
    rows = [
        (
            listed.date.isoformat(),
            t(f"case.weekday.{listed.date.isoweekday()}"),
            str(listed.number) if listed.counted and listed.number is not None else "",
            listed.text(lang),
        )
        for listed in said.days
    ]
    yield from (f"  {line}" for line in table(heads, rows))


def _plain(view: ClockView, *, explain: bool) -> dict[str, Any]:
    shown = {item.name: getattr(view, item.name) for item in fields(view) if item.name != "explanation"}
    return {**shown, "explanation": explained(view.explanation)} if explain else shown


def explained(said: Explanation) -> dict[str, Any]:
    """An explanation for programs, in the reader's language."""
    lang = language()
    return {
        "text": said.short(lang),
        "citation": said.citation.get(lang),
        "days": [one.plain(lang) for one in said.days],
    }
