"""A form corrected on the spot (当场更正) is checked as a whole, with the personal values that its case has kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from workflow.catalog.forms import check_form
from workflow.domain.commands import TakeAction
from workflow.domain.window.verbs import CORRECT

if TYPE_CHECKING:
    from workflow.domain.case import Case
    from workflow.domain.commands import AnyCommand
    from workflow.domain.definition import Definition
    from workflow.engine.banjie import Banjie


def check_correction(banjie: Banjie, definition: Definition, case: Case | None, command: AnyCommand) -> None:
    """Raises BadFields when the form would not do with what the command corrects; nothing for any other command."""
    if not isinstance(command, TakeAction) or command.action != CORRECT or case is None:
        return
    given = command.fields.get("form")
    if not isinstance(given, Mapping):
        return
    kept = banjie.store.personal_values(case.id)
    form = {**case.form}
    for name in definition.personal:
        if name in form:
            form[name] = kept.get(f"form.{name}", "")
    merged = {**form, **given}
    check_form(definition, {name: value for name, value in merged.items() if value not in (None, "")})
