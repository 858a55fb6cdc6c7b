"""Importing a roster: its rows as filings through the one write path, all or none, or each by itself.

The key of a row comes from the filer, the matter and what the row asks for whom, so the same row is filed once however
often and in whichever file it comes; its place in the file, its papers and the letter are no part of the key. A row whose
papers or letter have changed is not filed again either, but told to be on its case already (docs/decisions/0008).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from workflow.domain.commands import SubmitFiling
from workflow.engine.banjie import Banjie
from workflow.engine.filings import Progress, Result, file_apart, file_together
from workflow.engine.handle import Receipt, case_id_for
from workflow.errors import BanjieError, KeyUsedForAnother
from workflow.exchange.roster.checking import Checked
from workflow.exchange.roster.faults import Fault
from workflow.exchange.roster.rows import Row
from workflow.queries.filed import numbers_of_keys, open_cases, slip_codes

Status: TypeAlias = Literal["filed", "would_be_filed", "repeated", "refused", "held_back"]
"""`held_back`: nothing is wrong with the row, but others are faulty and all or none was asked for."""

KeyOf: TypeAlias = Callable[[Mapping[str, Any]], str]
"""Makes the key of a row from its content; a secret of the installation goes into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one row; its faults if it was refused."""

    row: int
    status: Status
    no: str = ""
    query_code: str = ""
    faults: tuple[Fault, ...] = ()


def commands_of(rows: Iterable[Row], matter: str, actor: str, key_of: KeyOf) -> dict[int, SubmitFiling]:
    """The command of each sound row, by the row's number."""
    commands: dict[int, SubmitFiling] = {}
    for row in rows:
        if row.sound:
            key = key_of({"roster": True, **row.content()})
            commands[row.number] = SubmitFiling(
                case_id=case_id_for(actor, key),
                key=key,
                actor=actor,
                matter=matter,
                form=row.form,
                materials=row.materials,
                parties=row.parties,
                letter=row.letter,
                channel="roster",
            )
    return commands


def import_rows(
    banjie: Banjie,
    checked: Checked,
    commands: Mapping[int, SubmitFiling],
    *,
    per_row: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> list[Imported]:
    """File the rows of a checked roster; gives what became of each in order.

    All or none unless `per_row`; what is wrong with the headings or the number of rows stops both. Raises what the database
    raises; of a whole roster nothing was filed then, of one filed per row some rows may have been, and may be filed again.
    """
    if checked.blocked or not (checked.sound or per_row):
        return [_not_filed(row, checked) for row in checked.rows]
    given = list(commands.values())
    if per_row and not dry_run:
        results = list(file_apart(banjie, given, progress=progress))
    else:
        results = file_together(banjie, given, progress=progress, dry_run=dry_run)
    by_row = dict(zip(commands, results, strict=True))
    kept = per_row or not any(isinstance(result, BanjieError) for result in results)
    codes = slip_codes(banjie.store, [one.case_id for one in results if isinstance(one, Receipt)])
    used = [str(one.fields["key"]) for one in results if isinstance(one, KeyUsedForAnother)]
    numbers = numbers_of_keys(banjie.store, given[0].actor, used) if used else {}
    return [
        _told(row, checked, by_row.get(row.number), codes, numbers, kept=kept, dry_run=dry_run)
        for row in checked.rows
    ]


def noted_before(
    banjie: Banjie, checked: Checked, commands: Mapping[int, SubmitFiling], actor: str
) -> Iterator[Fault]:
    """A note on each row that an import would find filed already, and on each whose person has an open case of this matter
    by the same filer: a row that was corrected after it had been filed would be filed a second time.
    """
    numbers = numbers_of_keys(banjie.store, actor, [command.key for command in commands.values()])
    persons = [column for column in checked.columns if column.schema.get("format") == "id_number"]
    matter = next((command.matter for command in commands.values()), "")
    running = {column.key: open_cases(banjie.store, actor, matter, column.key) for column in persons}
    for row, command in commands.items():
        if command.key in numbers:
            fields = {"no": numbers[command.key]}
            yield _about(checked, row, rule="roster.fault.filed_before", fields=fields, severity="note")
            continue
        for column in persons:
            no = running[column.key].get(str(command.form.get(column.path[0])))
            if no is not None:
                told = {"fields": {"no": no}, "heading": column.titles, "column": checked.place_of(column)}
                yield _about(checked, row, rule="roster.fault.person_has_case", severity="note", **told)


def _not_filed(row: Row, checked: Checked) -> Imported:
    faults = checked.faults_of(row.number)
    return Imported(row=row.number, status="held_back" if row.sound else "refused", faults=faults)


def _told(
    row: Row,
    checked: Checked,
    result: Result | None,
    codes: Mapping[str, str],
    numbers: Mapping[str, str],
    *,
    kept: bool,
    dry_run: bool,
) -> Imported:
    match result:
        case None:
            return _not_filed(row, checked)
        case Receipt(repeated=True):
            code = codes.get(result.case_id, "")
            return Imported(row=row.number, status="repeated", no=result.no, query_code=code)
        case Receipt() if dry_run:
            return Imported(row=row.number, status="would_be_filed")
        case Receipt() if kept:
            code = codes.get(result.case_id, "")
            return Imported(row=row.number, status="filed", no=result.no, query_code=code)
        case Receipt():
            return Imported(row=row.number, status="held_back")
        case KeyUsedForAnother():
            # Its key is that of a row filed before; the request differs, and the form cannot.
            fields = {"no": numbers.get(str(result.fields["key"]), "")}
            fault = _about(checked, row.number, rule="roster.fault.filed_otherwise", fields=fields)
            return Imported(row=row.number, status="refused", faults=(fault,))
        case _:
            fault = _about(checked, row.number, rule=result.code, error=result)
            return Imported(row=row.number, status="refused", faults=(fault,))


def _about(checked: Checked, row: int, **told: Any) -> Fault:
    sheet = checked.layout.sheet.name if checked.layout else ""
    return Fault(sheet=sheet, row=row, **told)
