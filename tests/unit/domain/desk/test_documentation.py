"""docs/desk.md says what the verbs of the desk ask for, and of which of them."""

from __future__ import annotations

import re
from pathlib import Path

from workflow.domain.desk import assigning, ordering, recusing, returning

PAGE = Path(__file__).parents[4] / "docs" / "desk.md"


def test_the_page_names_every_verb_of_the_desk_with_its_fields():
    told = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 5 and cells[0].startswith("`"):
            told[cells[0].strip("`")] = {
                name: required != "?" for name, required in re.findall(r"`(\w+)(\??)`", cells[3])
            }
    verbs = {
        name: {field: spec.required for field, spec in verb.fields.items()}
        for module in (assigning, recusing, returning, ordering)
        for name, verb in module.VERBS.items()
    }
    assert told == verbs
