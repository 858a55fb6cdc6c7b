"""The summary of a demonstration as people read it: outcomes, timeliness, cards, whose hand, one story, what to do next."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workflow.cli.demo_story import story_lines
from workflow.cli.rendering import pairs, table
from workflow.demo.summary import COLOURS, percent
from workflow.domain.explanation_words import say_period
from workflow.domain.period import parse_period
from workflow.texts import language, t

if TYPE_CHECKING:
    from workflow.config import Settings
    from workflow.demo.summary import Summary
    from workflow.engine.banjie import Banjie


def report(banjie: Banjie, told: Summary, settings: Settings) -> Iterator[str]:
    """Every line of the summary, in the reader's language."""
    yield t(
        "demo.title",
        cases=told.cases,
        ended=told.ended,
        first=told.first,
        last=told.last,
        seconds=told.seconds,
    )
    yield from _part("outcomes", _outcomes(banjie, told))
    yield from _part("timeliness", _timeliness(banjie, told))
    yield from _part("cards", _cards(banjie, told))
    yield from _part("work", _work(told))
    if told.story is not None:
        yield from _part("story", story_lines(banjie, told.story))
        yield from _part("next", _next(told.story.case.no, settings))


def _part(name: str, lines: Iterator[str]) -> Iterator[str]:
    yield ""
    yield t(f"demo.part.{name}")
    yield from (f"  {line}" if line else "" for line in lines)


def _outcomes(banjie: Banjie, told: Summary) -> Iterator[str]:
    rows = []
    for code, of in told.by_matter.items():
        matter = banjie.catalog.matter(code)
        counts = [
            t("demo.outcome", outcome=matter.text(f"outcomes.{name}", default=name), count=of.outcomes[name])
            for name in sorted(of.outcomes, key=lambda name: -of.outcomes[name])
        ]
        rows.append((matter.title(), str(of.cases), str(of.ended), t("demo.story.join").join(counts)))
    yield from table([t(f"demo.{head}") for head in ("matter", "all", "ended", "outcomes")], rows)


def _timeliness(banjie: Banjie, told: Summary) -> Iterator[str]:
    kept = told.kept
    if not kept.all:
        yield t("demo.rate_none")
        return
    yield t(
        "demo.rate",
        percent=percent(kept.in_time, kept.all),
        all=kept.all,
        in_time=kept.in_time,
        late=kept.late,
    )
    rows = []
    for (code, clock), of in told.periods.items():
        matter = banjie.catalog.matter(code)
        spec = matter.definition.clocks[clock]
        rule = banjie.catalog.law.rule(spec.rule, told.first)
        period = parse_period(spec.promise) if spec.promise else rule.period
        length = say_period(period, language())
        title = matter.text(f"clocks.{clock}", default=clock)
        basis = t(f"demo.{rule.basis}")
        rows.append((matter.title(), title, length, basis, str(of.all), str(of.late)))
    heads = ("matter", "clock", "dates.period", "basis", "concluded", "late")
    yield from table([t(f"demo.{head}") for head in heads], rows)


def _cards(banjie: Banjie, told: Summary) -> Iterator[str]:
    """A row for each post with its findings by colour; the red ones first."""
    by_post: dict[tuple[str, str], dict[str, int]] = {}
    for card in told.cards:
        organ = banjie.catalog.directory.organs.get(card.organ)
        name = organ.names[language()] if organ else card.organ
        post = banjie.catalog.matter(card.matter).text(f"posts.{card.post}", default=card.post)
        counts = by_post.setdefault((name, post), dict.fromkeys(COLOURS, 0))
        counts[card.colour] = counts.get(card.colour, 0) + card.count
    ranked = sorted(by_post.items(), key=lambda entry: [-entry[1][colour] for colour in reversed(COLOURS)])
    rows = [(*post, *(str(counts[colour]) for colour in COLOURS)) for post, counts in ranked]
    rows.append((t("demo.total"), "", *(str(told.findings[colour]) for colour in COLOURS)))
    yield from table([t(f"demo.{head}") for head in ("organ", "post", *COLOURS)], rows)


def _work(told: Summary) -> Iterator[str]:
    whole = sum(told.work.values())
    yield t(
        "demo.work",
        all=whole,
        task=told.work["task"],
        percent=percent(told.work["task"], whole),
        pulse=told.work["pulse"],
        events=told.events,
    )


def _next(no: str, settings: Settings) -> Iterator[str]:
    home = os.path.relpath(settings.home)
    here = f"BANJIE_HOME={shlex.quote(home if not home.startswith('..') else str(settings.home))}"
    yield from pairs(
        [
            (f"{here} banjie case history {no}", t("demo.next.history")),
            (f"{here} banjie case clocks {no} --explain", t("demo.next.clocks")),
            (f"{here} banjie findings list", t("demo.next.findings")),
            (f"{here} banjie audit verify", t("demo.next.audit")),
            ("banjie demo --start 2007-09-03", t("demo.next.other")),
        ]
    )
