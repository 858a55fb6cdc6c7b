"""Persons under names that tell nobody who they are: the same person has the same name in every export of one home.

The names are a keyed hash (HMAC-SHA-256); without the key nobody can find the person by trying all there are.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from workflow.domain.authority import is_public
from workflow.domain.commands import SYSTEM

_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonyms:
    """How persons are called in an export; without a `key` officials have the codes of the directory. Somebody of the public
    never has: with no key he is `public`.
    """

    key: bytes | None

    def person(self, code: str) -> str:
        """The name of whoever acted."""
        if code == SYSTEM:
            return SYSTEM
        if self.key is None:
            return "public" if is_public(code) else code
        return "p-" + hmac.new(self.key, code.encode(), hashlib.sha256).hexdigest()[:_LENGTH]
