"""What a planted bug is, and how it is planted in a text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A mistake: in `file` the text `old` becomes `new`. `old` stands there once; where it stands more often, the first
    one behind `after` is meant, which itself stands there once. `breaks` is the invariant (I1 to I12, reliability) or
    the article that is broken, and in what way; `caught_by` the tests, at least one of which must fail. `hangs`: it may
    be noticed by a test that never ends.
    """

    id: str
    file: str
    old: str
    new: str
    breaks: str
    caught_by: tuple[str, ...]
    after: str = ""
    hangs: bool = False

    @property
    def module(self) -> str:
        """The dotted name of the file, which must still be importable when it is wrong."""
        return self.file.removesuffix(".py").replace("/", ".")


class NotThere(ValueError):
    """The text to change is not where the list says: the code has moved on, and the list must follow."""


def planted(mutation: Mutation, text: str) -> str:
    """The text with the mistake in it. Raises NotThere, also where the mistake would change nothing."""
    start = 0
    if mutation.after:
        start = _only(mutation, text, mutation.after, 0)
    elif text.count(mutation.old) > 1:
        raise NotThere(
            f"{mutation.id}: {mutation.file} has {text.count(mutation.old)} times {mutation.old!r}"
        )
    place = text.find(mutation.old, start)
    if place < 0:
        raise NotThere(f"{mutation.id}: {mutation.file} has no {mutation.old!r}")
    if mutation.old == mutation.new:
        raise NotThere(f"{mutation.id}: it changes nothing")
    return text[:place] + mutation.new + text[place + len(mutation.old) :]


def _only(mutation: Mutation, text: str, anchor: str, start: int) -> int:
    if text.count(anchor) != 1:
        raise NotThere(f"{mutation.id}: {mutation.file} has {text.count(anchor)} times {anchor!r}")
    return text.index(anchor, start)


def checked(mutation: Mutation, root: Path = ROOT) -> str:
    """The wrong text of the mutation's file, which still compiles. Raises NotThere, SyntaxError."""
    wrong = planted(mutation, (root / mutation.file).read_text("utf-8"))
    compile(wrong, mutation.file, "exec", dont_inherit=True)
    return wrong
