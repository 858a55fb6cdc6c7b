"""The verb by which the applicant's side rates a case that is concluded."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.domain import events as e
from workflow.domain.authority import Allowed
from workflow.domain.definition import Field
from workflow.domain.desk import rights
from workflow.domain.desk.refusals import refused
from workflow.domain.desk.verb import Verb
from workflow.domain.rating.grades import GRADES
from workflow.domain.scene import Intent, Scene


def _rate(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    if scene.here.concluded_at is None:
        raise refused(act.action, "concluded")
    if scene.here.rating is not None:
        raise refused(act.action, "not_yet_rated")
    yield e.CaseRated(at=act.at, grade=str(act.fields["grade"]))


VERBS: dict[str, Verb] = {
    "rate": Verb(
        right=rights.a_party,
        events=_rate,
        fields={"grade": Field(type="choice", choices=GRADES)},
        after_the_end=True,
    )
}
"""评价."""
