"""What a decision on materials rests on: files that lie ready, what the family of cases holds, an offer that is accepted.

Names of files are personal values: they are made harmless, put into the erasable table, and only commitments go on.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow.blobs.names import normalised
from workflow.domain.chain import commitment
from workflow.domain.commands import AnyCommand, RunJob, SubmitFiling, TakeAction
from workflow.domain.materials.standing import family_of, standing
from workflow.domain.materials.state import COUNTING, Elsewhere, MaterialFacts, StagedFile
from workflow.domain.materials.taking import ISSUED
from workflow.domain.materials.verbs import VERBS
from workflow.domain.step import PersonalValue
from workflow.domain.values import replace

if TYPE_CHECKING:
    from workflow.domain.case import Case
    from workflow.domain.definition import Definition
    from workflow.domain.scene import Decided
    from workflow.engine.banjie import Banjie
    from workflow.storage.transaction import Transaction

_SALT_BYTES = 32
_NONCE_BYTES = 4
_PERSON = ("id_number", "name")
"""Fields of a form that say that a case is about one person: the first must agree, the second is not enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A command as it is decided, its facts, and the names that may come to be kept."""

    command: AnyCommand
    facts: MaterialFacts
    names: tuple[PersonalValue, ...] = ()

    def used(self, decided: Iterable[Decided]) -> tuple[PersonalValue, ...]:
        """The names that the decided events refer to."""
        if not self.names:
            return ()
        files = (getattr(item.event, "file", None) for item in decided)
        fields = {file.name["field"] for file in files if file is not None and file.name}
        return tuple(name for name in self.names if name.field in fields)


def prepare(
    banjie: Banjie, tx: Transaction, definition: Definition, case: Case | None, command: AnyCommand
) -> Prepared:
    """Read what the command needs to know of materials; most need nothing and nothing is read."""
    if isinstance(command, SubmitFiling):
        return _filing(banjie, tx, command)
    if case is None or not isinstance(command, (TakeAction, RunJob)):
        return Prepared(command=command, facts=MaterialFacts())
    if isinstance(command, TakeAction) and command.action in VERBS:
        return _verb(banjie, tx, case, command)
    return _family(banjie, tx, definition, case, command)


def _filing(banjie: Banjie, tx: Transaction, command: SubmitFiling) -> Prepared:
    family, held = command.case_id, {}
    if command.parent is not None:
        family = command.parent.family or command.parent.case_id
        held = _handed_down(tx, family, command, command.parent.case_id)
    if not command.files and not held:
        return Prepared(command=command, facts=MaterialFacts())
    digests = [str(fields["digest"]) for fields in command.files.values() if fields.get("digest")]
    digests += [one.file.digest for one in held.values() if one.file is not None]
    staged = tx.materials.staged(family, digests)
    files, names = {}, []
    for material, fields in command.files.items():
        files[material], sealed = _sealed(command.case_id, material, fields, staged)
        names += sealed
    taken, more = _named_anew(banjie, command.case_id, held)
    return Prepared(
        command=replace(command, files=files, taken=taken),
        facts=MaterialFacts(staged=staged),
        names=(*names, *more),
    )


def _handed_down(tx: Transaction, family: str, command: SubmitFiling, parent: str) -> dict[str, Elsewhere]:
    """What the parent holds of the materials that a child is filed with. It is looked up here, not said by the command: a
    command that is repeated must stay the same.
    """
    held = tx.materials.in_family(family, command.case_id)
    return {one.material: one for one in held if one.case_id == parent and one.material in command.materials}


def _verb(banjie: Banjie, tx: Transaction, case: Case, command: TakeAction) -> Prepared:
    digest = command.fields.get("digest")
    staged = tx.materials.staged(family_of(case), [digest]) if isinstance(digest, str) and digest else {}
    material = str(command.fields.get("material", ""))
    if command.action != "reuse_material":
        fields, sealed = _sealed(case.id, material, command.fields, staged)
        facts = MaterialFacts(staged=staged)
        return Prepared(command=replace(command, fields=fields), facts=facts, names=tuple(sealed))
    offer = tx.materials.held_by(applicant_of(case) or "", str(command.fields.get("from_case", "")), material)
    if offer is None or offer.case_id == case.id or not same_person(banjie, case, offer.case_id):
        return Prepared(command=command, facts=MaterialFacts(staged=staged))
    offers, names = _named_anew(banjie, case.id, {material: offer})
    facts = MaterialFacts(staged=staged, offered=offers[material])
    return Prepared(command=command, facts=facts, names=names)


def _family(
    banjie: Banjie, tx: Transaction, definition: Definition, case: Case, command: AnyCommand
) -> Prepared:
    """What other cases of the family hold of what is wanting here, if there are others and something is wanting."""
    alone = case.parent is None and not case.children
    wanted = () if alone or case.accepted_at is not None else _wanted(definition, case)
    if not wanted:
        return Prepared(command=command, facts=MaterialFacts())
    family = family_of(case)
    held = {one.material: one for one in tx.materials.in_family(family, case.id) if one.material in wanted}
    staged = tx.materials.staged(family, [one.file.digest for one in held.values() if one.file is not None])
    found, names = _named_anew(banjie, case.id, held)
    return Prepared(command=command, facts=MaterialFacts(staged=staged, family=found), names=names)


def _wanted(definition: Definition, case: Case) -> tuple[str, ...]:
    return tuple(
        name
        for name, material in definition.materials.items()
        if material.required
        and material.source in ISSUED
        and standing(definition, case, name) not in COUNTING
    )


def applicant_of(case: Case) -> str | None:
    """The organ that filed a case; none where somebody of the public did."""
    return case.parties.get("unit") or case.parties.get("filer")


def same_person(banjie: Banjie, case: Case, other_id: str) -> bool:
    """Whether two cases of one applicant are about the same person, by the identity number; or both about nobody."""
    other = banjie.store.case(other_id)
    if other is None:
        return False
    if not any(name in one.form for one in (case, other) for name in _PERSON):
        return True
    numbers = [_identity(banjie, one) for one in (case, other)]
    return numbers[0] is not None and numbers[0] == numbers[1]


def _identity(banjie: Banjie, case: Case) -> str | None:
    """The identity number of the person a case is about, if it is known and has not been erased."""
    given = case.form.get(_PERSON[0])
    return (
        given if isinstance(given, str) else banjie.store.personal_values(case.id).get(f"form.{_PERSON[0]}")
    )


# --- names of files -------------------------------------------------------------------------------------------------


def _sealed(
    case_id: str, material: str, fields: Mapping[str, Any], staged: Mapping[str, StagedFile]
) -> tuple[dict[str, Any], list[PersonalValue]]:
    """The fields with a commitment in the place of the file's name, which gets the ending of what the file is."""
    given, name = dict(fields), fields.get("file_name")
    file = staged.get(str(given.get("digest")))
    if not isinstance(name, str) or not name:
        return given, []
    if file is None:
        # It will be refused; the name must not travel on in the clear.
        return {**given, "file_name": None}, []
    value, told = _name(case_id, material, normalised(name, file.kind))
    return {**given, "file_name": told}, [value]


def _named_anew(
    banjie: Banjie, case_id: str, held: Mapping[str, Elsewhere]
) -> tuple[dict[str, Elsewhere], tuple[PersonalValue, ...]]:
    """What is held elsewhere, its files' names as personal values of this case: each can be erased without the other."""
    found, names = dict(held), []
    for material, one in held.items():
        old = file_name(banjie, one.case_id, material=one.material, version=one.version)
        if one.file is not None and old is not None:
            value, told = _name(case_id, material, old)
            found[material] = replace(one, name=told)
            names.append(value)
    return found, tuple(names)


def file_name(banjie: Banjie, case_id: str, *, material: str, version: int) -> str | None:
    """The name under which a file was handed in, if it had one and it has not been erased."""
    row = banjie.store.material(case_id, material, version)
    field = row.name_field if row is not None else None
    return banjie.store.personal_values(case_id).get(field) if field else None


def _name(case_id: str, material: str, name: str) -> tuple[PersonalValue, dict[str, str]]:
    field = f"material.{material}.{secrets.token_hex(_NONCE_BYTES)}"
    salt = secrets.token_bytes(_SALT_BYTES)
    value = PersonalValue(subject=case_id, field=field, value=name, salt=salt)
    return value, {"subject": case_id, "field": field, "commitment": commitment(salt, field, name)}
