"""Taking personal values out of a command before anything is decided (design §3).

The values go to the erasable table under a fresh salt each; what goes on is a commitment, so an event can be proved and
yet a person's data be lawfully erased (个人信息保护法 art. 47).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from workflow.domain.chain import commitment
from workflow.domain.commands import AnyCommand, SubmitFiling, TakeAction
from workflow.domain.definition import Definition
from workflow.domain.desk.verbs import VERBS
from workflow.domain.fields import check_unsealed
from workflow.domain.publication import SLIP_CODE
from workflow.domain.step import PersonalValue
from workflow.domain.values import replace
from workflow.domain.window.verbs import CORRECT

SALT_BYTES = 32

_READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def seal(command: AnyCommand, definition: Definition) -> tuple[AnyCommand, tuple[PersonalValue, ...]]:
    """The command with commitments in the place of personal values, and the values to be kept apart. Raises BadFields."""
    if isinstance(command, SubmitFiling):
        form, values = _sealed(command.case_id, "form", command.form, definition.personal)
        return replace(command, form=form), (*values, _slip_code(command.case_id))
    if isinstance(command, TakeAction) and command.action == CORRECT:
        given = command.fields.get("form")
        if isinstance(given, Mapping):
            form, values = _sealed(command.case_id, "form", given, definition.personal)
            return replace(command, fields={**command.fields, "form": form}), values
    if isinstance(command, TakeAction) and (command.action in definition.actions or command.action in VERBS):
        by_name = definition.actions.get(command.action) or VERBS[command.action]
        fields = by_name.fields
        check_unsealed(command.action, fields, command.fields)
        personal = tuple(name for name, field in fields.items() if field.personal)
        if personal:
            kept, values = _sealed(command.case_id, command.action, command.fields, personal)
            return replace(command, fields=kept), values
    return command, ()


def _slip_code(case_id: str) -> PersonalValue:
    """Ten signs out of 31 that cannot be mistaken for one another: 49 bits, read over the telephone without spelling."""
    code = "".join(secrets.choice(_READABLE) for _ in range(10))
    return PersonalValue(subject=case_id, field=SLIP_CODE, value=code, salt=secrets.token_bytes(SALT_BYTES))


def _sealed(
    subject: str, path: str, given: Mapping[str, Any], personal: tuple[str, ...]
) -> tuple[dict[str, Any], tuple[PersonalValue, ...]]:
    kept, values = dict(given), []
    for name in personal:
        if given.get(name) in (None, "", [], ()):
            continue
        field = f"{path}.{name}"
        value = given[name] if isinstance(given[name], str) else json.dumps(given[name], ensure_ascii=False)
        salt = secrets.token_bytes(SALT_BYTES)
        values.append(PersonalValue(subject=subject, field=field, value=value, salt=salt))
        kept[name] = {"subject": subject, "field": field, "commitment": commitment(salt, field, value)}
    return kept, tuple(values)
