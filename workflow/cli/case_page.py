"""How one case looks, to people and to programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from workflow.cli.asked_page import asked_plain, panel_lines, round_lines
from workflow.cli.family_page import family_lines, family_plain
from workflow.cli.rendering import local, pairs, table
from workflow.domain.conditions import may_be_open
from workflow.domain.desk.ownership import owner
from workflow.domain.publication import NAME, masked
from workflow.domain.reckoning import civil_date
from workflow.queries.timeline import document_number
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.cli.looked import Looked
    from workflow.domain.case import Case
    from workflow.queries.cases import Listed

HIDDEN = "***"
"""What stands for a personal value that need not be seen."""


def plain(looked: Looked, *, personal: bool) -> dict[str, Any]:
    """The case for programs; personal values are masked unless `personal`."""
    case = looked.case
    return {
        "no": case.no,
        "case_id": case.id,
        "matter": case.matter,
        "definition": case.definition,
        "state": case.state,
        "stage": looked.matter.definition.states[case.state].stage,
        "version": case.version,
        "seq": case.seq,
        "entered_at": case.entered_at,
        "received_at": case.received_at,
        "accepted_at": case.accepted_at,
        "deemed": case.deemed,
        "decided_at": case.decided_at,
        "outcome": case.outcome,
        "concluded_at": case.concluded_at,
        "archived_at": case.archived_at,
        "letter": case.letter,
        "parties": case.parties,
        "form": _form(looked, personal=personal),
        "materials": case.materials,
        "missing": case.missing,
        "documents": [
            {
                "document": paper.document,
                "number": document_number(paper.series, paper.year, paper.number) or None,
                "issued_at": paper.on,
                "delivered": paper.document in case.delivered,
            }
            for paper in case.documents
        ],
        "open_clocks": [clock.clock for clock in case.open_clocks()],
        "findings": case.findings,
        **asked_plain(looked),
        **family_plain(looked),
        "actions": _possible(looked),
    }


def page(looked: Looked, *, personal: bool) -> Iterator[str]:
    """The lines of `case show`."""
    case, words, zone = looked.case, looked.words, looked.matter.definition.zone
    yield f"{case.no}  {looked.matter.title()}"
    state = t("case.since", state=words.of("states", case.state), since=local(case.entered_at, zone))
    yield from pairs(
        [
            (t("case.label.state"), state),
            *_parties(looked),
            (t("case.label.letter"), case.letter or ""),
            (t("case.label.first_contact"), words.person(case.desk.first_contact)),
            (t("case.label.first_handler"), words.person(case.desk.first_handler)),
            (t("case.label.owner"), _owner(looked)),
            (t("case.label.received"), local(case.received_at, zone)),
            (t("case.label.accepted"), _accepted(case, zone)),
            (t("case.label.decided"), local(case.decided_at, zone)),
            (t("case.label.outcome"), words.of("outcomes", case.outcome) if case.outcome else ""),
            (t("case.label.concluded"), local(case.concluded_at, zone)),
            (t("case.label.archived"), local(case.archived_at, zone)),
            (t("case.label.version"), str(case.version)),
        ]
    )
    yield from _part("form", pairs(_form_lines(looked, personal=personal)))
    yield from _part("materials", [words.of("materials", name) for name in case.materials])
    yield from _part("missing", [words.of("materials", name) for name in case.missing])
    yield from _part("documents", [_paper(looked, paper) for paper in case.documents])
    yield from _part("findings", [_finding(looked, finding) for finding in case.findings])
    yield from _part("family", list(family_lines(looked)))
    yield from _part("rounds", list(round_lines(looked)))
    yield from _part("panels", list(panel_lines(looked)))
    yield from _part("actions", pairs((entry["action"], _who(looked, entry)) for entry in _possible(looked)))


def list_page(found: Sequence[Listed], catalog: Catalog) -> list[str]:
    """The lines of `case list`."""
    if not found:
        return [t("case.none")]
    heads = [t(f"case.label.{name}") for name in ("no", "received", "matter", "state")]
    rows = []
    for case in found:
        matter = catalog.matters.get(case.matter)
        title = matter.title() if matter else case.matter
        state = matter.text(f"states.{case.state}", default=case.state) if matter else case.state
        zone = matter.definition.zone if matter else "UTC"
        rows.append((case.no, local(case.received_at, zone), title, state))
    return table(heads, rows)


def _owner(looked: Looked) -> str:
    """Whose the work item is today, and how he came to it."""
    definition, catalog = looked.matter.definition, looked.words.catalog
    today = civil_date(looked.banjie.store.clock().now, definition.zone)
    found = owner(definition, looked.case, catalog.directory, today)
    if found is None:
        return ""
    return t("case.from_post", person=looked.words.person(found[0]), post=t(f"queue.why.{found[1]}"))


def _part(name: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield t(f"case.part.{name}")
        yield from (f"  {line}" for line in lines)


def _form(looked: Looked, *, personal: bool) -> dict[str, Any]:
    """What was filled in; a personal value masked, or whole when asked for, or None when it has been erased."""
    values = looked.banjie.store.personal_values(looked.case.id)
    shown: dict[str, Any] = {}
    for name in _in_order(looked):
        value = looked.case.form[name]
        if name not in looked.matter.definition.personal or not isinstance(value, dict):
            shown[name] = value
            continue
        whole = values.get(f"form.{name}")
        if whole is None or personal:
            shown[name] = whole
        else:
            shown[name] = masked(whole) if name == NAME else HIDDEN
    return shown


def _in_order(looked: Looked) -> list[str]:
    """The fields of the form as the matter lists them, while the catalogue still has it; a stored form has no order."""
    matter = looked.banjie.catalog.matters.get(looked.case.matter)
    known = matter.order("form") if matter is not None else ()
    given = looked.case.form
    return [*(name for name in known if name in given), *(name for name in given if name not in known)]


def _form_lines(looked: Looked, *, personal: bool) -> Iterator[tuple[str, str]]:
    words = looked.words
    for name, value in _form(looked, personal=personal).items():
        match value:
            case None:
                said = t("case.erased")
            case bool():
                said = t("case.yes" if value else "case.no_")
            case list():
                said = t("case.comma").join(map(str, value))
            case _:
                said = words.of("form", name, "choices", str(value))
        yield words.of("form", name), said


def _parties(looked: Looked) -> Iterator[tuple[str, str]]:
    """The organs that the matter gives a part on this case: for one its unit and ministry, for another its applicant."""
    posts = looked.matter.definition.posts.values()
    named = {post.organ.removeprefix("@") for post in posts if post.organ.startswith("@")}
    for role in ("filer", "unit", "ministry"):
        if role in named and role in looked.case.parties:
            yield t(f"case.party.{role}"), looked.words.organ(looked.case.parties[role])


def _accepted(case: Case, zone: str) -> str:
    when = local(case.accepted_at, zone)
    return t("case.deemed", at=when) if case.deemed else when


def _paper(looked: Looked, paper: Any) -> str:
    name = looked.words.of("documents", paper.document)
    number = document_number(paper.series, paper.year, paper.number)
    return f"{name}  {number}".rstrip()


def _finding(looked: Looked, finding: Any) -> str:
    clock = looked.words.of("clocks", finding.clock) if finding.clock else ""
    told = t(
        "case.finding", number=finding.number, colour=t(f"findings.colour.{finding.colour}"), clock=clock
    )
    return t("case.cancelled", finding=told) if finding.cancelled else told


def _possible(looked: Looked) -> list[dict[str, Any]]:
    """What can be done now, and from which posts; an act whose condition does not hold is left out."""
    actions = looked.matter.definition.actions
    names = looked.matter.definition.actions_from(looked.case.state)
    open_now = [name for name in names if may_be_open(actions[name], looked.case)]
    return [{"action": name, "by": list(actions[name].by)} for name in open_now]


def _who(looked: Looked, entry: dict[str, Any]) -> str:
    posts = [
        t(f"case.by.{post}") if post in ("system", "public") else looked.words.of("posts", post)
        for post in entry["by"]
    ]
    return t("case.action", title=looked.words.of("actions", entry["action"]), posts=t("case.or").join(posts))
