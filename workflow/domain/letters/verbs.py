"""A case answered by itself (单独答复): the head takes it out of its letter, with a reason, before the reply is issued."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.domain import events as e
from workflow.domain.authority import Allowed
from workflow.domain.commands import TellReply
from workflow.domain.desk import rights
from workflow.domain.desk.refusals import refused
from workflow.domain.desk.verb import Verb, text
from workflow.domain.letters.membership import letter_of
from workflow.domain.scene import Intent, Scene


def _split(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    letter = letter_of(scene.here)
    if letter is None:
        raise refused(act.action, "under_a_letter")
    if scene.here.reply is not None:
        raise refused(act.action, "not_replied")
    yield e.SplitFromLetter(
        at=act.at, letter=letter.number, organ=letter.organ, reason=str(act.fields["reason"])
    )


def replied(scene: Scene, told: TellReply) -> Iterator[e.Event]:
    """The event of a reply that lists the case; none when the case knows of it, or does not stand under the letter."""
    case, letter = scene.here, letter_of(scene.here)
    if case.reply is not None or letter is None or letter.number != told.letter:
        return
    yield e.LetterReplied(
        at=scene.now,
        letter=told.letter,
        organ=letter.organ,
        series=told.series,
        year=told.year,
        number=told.number,
        place=told.place,
        total=told.total,
        digest=told.digest,
    )


VERBS: dict[str, Verb] = {
    "answer_alone": Verb(right=rights.head, events=_split, fields={"reason": text()}, after_the_end=True),
}
"""Answer alone 单独答复."""
