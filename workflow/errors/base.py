"""The root of the tree of errors."""

from __future__ import annotations

from typing import Any, ClassVar


class BanjieError(Exception):
    """Something went wrong inside the system; please report it with the time and what you did."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, **fields: Any) -> None:
        self.fields = fields
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The English message with its fields filled in (the catalogues hold the other languages)."""
        template = " ".join((type(self).__doc__ or "").split())
        return template.format(**self.fields)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.fields))


def _rebuild(kind: type[BanjieError], fields: dict[str, Any]) -> BanjieError:
    return kind(**fields)
