"""Merkle roots: the same as by the recursive definition of RFC 6962, at every size."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.merkle import Tree, root


def defined(leaves):
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:half]) + defined(leaves[half:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_root_is_that_of_the_definition(leaves):
    assert root(leaves) == defined(leaves)


def test_the_root_may_be_asked_for_on_the_way():
    tree = Tree()
    for number in range(20):
        assert tree.root == defined([bytes([n]) for n in range(number)])
        tree.add(bytes([number]))
    assert tree.size == 20
