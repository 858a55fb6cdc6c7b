"""A Merkle root over leaves that come one after another (RFC 6962 §2.1).

What is kept of them grows with the logarithm of their number, so the root over millions costs no memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


class Tree:
    """A tree that is only ever added to; `root` may be asked for at any time."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Add the next leaf."""
        self.size += 1
        height, node = 0, hashlib.sha256(b"\x00" + leaf).digest()
        while self._peaks and self._peaks[-1][0] == height:
            node = _node(self._peaks.pop()[1], node)
            height += 1
        self._peaks.append((height, node))

    @property
    def root(self) -> bytes:
        """The root over all leaves so far; over none it is the hash of nothing."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        node = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            node = _node(left, node)
        return node


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaves in their order."""
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
