"""Parent and child cases (联办件): a child is opened, and a child's end is told, each as a command to the other case.

Two cases are never locked together (design §3). The job stays until the other case has answered, and both commands may be
repeated without harm: a child's id follows from its parent and its place, and an end is told once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workflow.domain.case import Case
from workflow.domain.commands import SYSTEM, EndChild, SubmitFiling
from workflow.domain.events import SCHEMA_VERSION, Parent
from workflow.domain.materials.standing import family_of
from workflow.domain.reactions import CHILD, LETTER, PARENT, REPLY
from workflow.domain.step import DoneJob, Step
from workflow.engine import letters
from workflow.engine.handle import case_id_for, handle
from workflow.errors import NeedsNewerProgram

if TYPE_CHECKING:
    from workflow.engine.banjie import Banjie
    from workflow.storage.transaction import DueJob

ANSWER = "literal:"
"""A child's field whose source begins with this takes the rest as its value; any other names a field of the parent."""


def speak(banjie: Banjie, case_id: str, job: DueJob, *, done_by: str) -> None:
    """Do a job that speaks to another case, then settle it. Raises what the other case refused with."""
    case = banjie.store.case(case_id)
    if case is None:
        return
    if job.kind.startswith(CHILD):
        _open_child(banjie, case, job)
    elif job.kind == REPLY:
        letters.tell(banjie, case, job)
    elif job.kind.startswith(LETTER):
        letters.look(banjie, case, job)
    elif job.kind != PARENT:
        # Asked for by a newer program; to settle it here would lose it.
        raise NeedsNewerProgram(what=f"{case.no}: {job.kind}", reader="?", known=SCHEMA_VERSION)
    elif case.parent is not None:
        _tell_parent(banjie, case, case.parent, job)
    with banjie.store.write() as tx:
        opened = tx.open_case(case_id, actor=SYSTEM, key="")
        if opened.case is not None:
            done = (DoneJob(job=job.job, kind=job.kind),)
            tx.write(
                Step(
                    before=opened.case,
                    after=opened.case,
                    events=(),
                    actor=SYSTEM,
                    key="",
                    request_hash=b"",
                    done_by=done_by,
                    done=done,
                )
            )


def _open_child(banjie: Banjie, case: Case, job: DueJob) -> None:
    name = job.kind.removeprefix(CHILD)
    with banjie.store.write() as tx:
        definition = banjie.definition(tx, case.definition)
    spec = definition.joins[job.action].children[name]
    round_ = max(child.round for child in case.children if (child.join, child.child) == (job.action, name))
    key = f"child:{case.id}:{job.action}:{round_}:{name}"
    values = banjie.store.personal_values(case.id)
    handle(
        banjie,
        SubmitFiling(
            case_id=case_id_for(SYSTEM, key),
            key=key,
            actor=SYSTEM,
            caused_by=f"{case.id}/{job.job}",
            matter=spec.matter,
            # What the parent's form leaves open, the child's leaves open too.
            form={
                field: value
                for field, source in spec.form.items()
                if (value := _value(case.form, values, source)) is not None
            },
            # What nobody handed in cannot be handed down.
            materials=tuple(name for name in spec.materials or case.materials if name in case.materials),
            parties=case.parties,
            letter=case.letter,
            channel=case.channel,
            parent=Parent(case_id=case.id, join=job.action, round=round_, child=name, family=_family(case)),
        ),
    )


def _family(case: Case) -> str | None:
    """The first case of the family, where it is not the parent itself."""
    first = family_of(case)
    return first if first != case.id else None


def _value(form: Mapping[str, Any], values: Mapping[str, str], source: str) -> Any:
    if source.startswith(ANSWER):
        return source.removeprefix(ANSWER)
    return values.get(f"form.{source}", form.get(source))


def _tell_parent(banjie: Banjie, case: Case, parent: Parent, job: DueJob) -> None:
    handle(
        banjie,
        EndChild(
            case_id=parent.case_id,
            key=f"end:{case.id}",
            actor=SYSTEM,
            caused_by=f"{case.id}/{job.job}",
            join=parent.join,
            round=parent.round,
            child=parent.child,
            child_case=case.id,
            outcome=case.outcome or "",
        ),
    )
