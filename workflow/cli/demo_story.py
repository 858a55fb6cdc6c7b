"""One case told on a page: who did what when, then every period with its dates and what moved them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.cli.rendering import local, table
from workflow.domain import events as e
from workflow.domain.commands import PUBLIC, SYSTEM
from workflow.domain.explanation_words import say_period
from workflow.domain.period import parse_period
from workflow.texts import language, t

if TYPE_CHECKING:
    from workflow.catalog.loader import Matter
    from workflow.demo.story import DateRow, Moment, Reason, Story
    from workflow.engine.banjie import Banjie


def story_lines(banjie: Banjie, story: Story) -> Iterator[str]:
    """The lines of a story in the reader's language."""
    return _Teller(banjie, story).lines()


class _Teller:
    """Finds the words for one case."""

    def __init__(self, banjie: Banjie, story: Story) -> None:
        self._catalog = banjie.catalog
        self._story = story
        self._matter: Matter = banjie.catalog.matter(story.case.matter)

    def lines(self) -> Iterator[str]:
        case = self._story.case
        yield t(
            "demo.story.head",
            no=case.no,
            matter=self._matter.title(),
            outcome=self._word("outcomes", case.outcome or ""),
        )
        organs = {name: self._catalog.organ_name(code) for name, code in case.parties.items()}
        yield t("demo.story.parties" if "ministry" in organs else "demo.story.unit", **organs)
        yield ""
        rows = [self._moment(moment) for moment in self._story.moments]
        yield from table([t(f"demo.story.{head}") for head in ("time", "who", "what")], rows)
        yield ""
        yield t("demo.dates.head")
        heads = ("clock", "start", "period", "due", "ended", "kept", "why")
        yield from table([t(f"demo.dates.{head}") for head in heads], map(self._dates, self._story.dates))

    # --- moments -----------------------------------------------------------------------------------------------------

    def _moment(self, moment: Moment) -> tuple[str, str, str]:
        said = [self._act(moment.act)] if not isinstance(moment.act, e.RungFired) else []
        said += [words for event in moment.brought if (words := self._brought(event))]
        when = local(moment.at, self._matter.definition.zone)
        return when, self._who(moment), _joined(said)

    def _who(self, moment: Moment) -> str:
        if moment.actor == SYSTEM:
            return t("demo.story.system")
        if moment.actor.partition(":")[0] == PUBLIC:
            return t("demo.story.public")
        known = self._catalog.directory.persons.get(moment.actor)
        person = known.name if known else moment.actor
        post = moment.post or next(iter(self._matter.definition.filed_by))
        return t("demo.story.person", person=person, post=self._word("posts", post))

    def _act(self, act: Any) -> str:
        if isinstance(act, e.FilingSubmitted):
            return t("demo.story.filed")
        if not isinstance(act, e.ActionTaken):
            return self._brought(act)
        title = self._word("actions", act.action)
        return _joined([title, *(self._field(act, name) for name in act.fields)])

    def _field(self, act: e.ActionTaken, name: str) -> str:
        value = act.fields[name]
        match name:
            case "letter":
                return t("demo.story.letter", letter=value)
            case "opinion":
                choice = self._word(f"actions.{act.action}.fields.opinion.choices", value)
                return t("demo.story.opinion", opinion=choice)
            case "arrived_on":
                return t("demo.story.arrived", on=value)
            case "hearing_on":
                return t("demo.story.hearing_on", on=value)
            case "text" | "reasons" | "reason" | "remedies" | "grounds" | "finding" | "findings" | "record":
                return str(value)
        return ""

    def _brought(self, event: Any) -> str:
        return self._paper(event) or self._counting(event)

    def _paper(self, event: Any) -> str:
        """Materials, papers and notices."""
        match event:
            case e.MaterialsChecked(missing=()):
                return t("demo.story.complete")
            case e.MaterialsChecked():
                return t("demo.story.lacking", names=self._named("materials", event.missing))
            case e.SupplementRequested():
                return t("demo.story.listed", names=self._named("materials", event.defects))
            case e.MaterialsSupplemented() if event.materials:
                return t("demo.story.supplemented", names=self._named("materials", event.materials))
            case e.DocumentIssued():
                paper = self._word("documents", event.document)
                return t("demo.story.issued", paper=paper, number=_number(event)).rstrip()
            case e.NoticePublished():
                return t("demo.story.published", notice=self._word("notices", event.notice))
            case e.NoticeTakenDown():
                return t("demo.story.taken_down", notice=self._word("notices", event.notice))
            case e.DocumentsDelivered():
                return t("demo.story.delivered", names=self._named("documents", event.documents))
        return ""

    def _counting(self, event: Any) -> str:
        """What became of a period."""
        match event:
            case e.FilingAccepted(deemed=True):
                return t("demo.story.deemed")
            case e.CountingStopped():
                return t("demo.story.stopped", ground=self._ground(event.ground))
            case e.CountingResumed(due=e.DueDate(on=due)):
                return t("demo.story.resumed", due=due)
            case e.ExtensionGranted(due=e.DueDate(on=due)):
                return t("demo.story.extended", period=_length(event.period), due=due)
            case e.FindingRaised():
                clock, post = self._word("clocks", event.clock or ""), self._word("posts", event.post)
                return t(f"demo.story.{event.colour}", clock=clock, due=event.due_on, post=post)
        return ""

    # --- dates -------------------------------------------------------------------------------------------------------

    def _dates(self, row: DateRow) -> tuple[str, ...]:
        kept = "late" if row.late else "in_time"
        if row.runs_out:
            over = row.ended_on is None or row.due_on is None or row.ended_on > row.due_on
            kept = "ran_out" if over else "broken_off"
        return (
            self._word("clocks", row.clock),
            str(row.started_on),
            _length(row.period),
            _moved(row.planned_on, row.due_on),
            str(row.ended_on or ""),
            t(f"demo.dates.{kept}"),
            _joined(self._reason(reason) for reason in row.reasons),
        )

    def _reason(self, reason: Reason) -> str:
        span = _span(reason.first, reason.last)
        match reason.kind:
            case "extended":
                return t("demo.dates.extended", on=reason.first, period=_length(reason.name))
            case "excluded":
                return t("demo.dates.excluded", name=self._ground(reason.name), span=span)
        return t(f"demo.dates.{reason.kind}", name=reason.name, span=span, days=reason.days)

    # --- words -------------------------------------------------------------------------------------------------------

    def _word(self, kind: str, name: str) -> str:
        return self._matter.text(f"{kind}.{name}", default=name)

    def _named(self, kind: str, names: Iterable[str]) -> str:
        return t("demo.story.list").join(self._word(kind, name) for name in names)

    def _ground(self, name: str) -> str:
        ground = self._catalog.law.grounds.get(name)
        return ground.title[language()] if ground else name


def _joined(parts: Iterable[str]) -> str:
    """Parts of a line; the full stop that ends one gives way to the sign that joins it to the next."""
    *before, last = [part for part in parts if part] or [""]
    return t("demo.story.join").join([*(part.rstrip("。.") for part in before), last])


def _number(event: e.DocumentIssued) -> str:
    if event.number is None:
        return ""
    return t("demo.story.number", series=event.series, year=event.year, number=event.number)


def _length(period: str) -> str:
    return say_period(parse_period(period), language())


def _moved(planned: date, due: date | None) -> str:
    """The due date, and before it the one it had at first if it was moved."""
    return f"{planned} → {due or ''}" if due != planned else f"{due}"


def _span(first: date, last: date) -> str:
    """`10-01—10-07`, or the one day."""
    return f"{first:%m-%d}—{last:%m-%d}" if first != last else f"{first:%m-%d}"
