"""The words by which a definition's actions move its quota."""

from __future__ import annotations

from typing import Final

RESERVE: Final = "reserve_quota"
CONSUME: Final = "consume_quota"
RELEASE: Final = "release_quota"

QUOTA_WORDS: Final = frozenset({RESERVE, CONSUME, RELEASE})
"""The effects (`do`) that move a quota."""
