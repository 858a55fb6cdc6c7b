"""Shares in percent: exact, and never floats."""

from __future__ import annotations

import pytest

from workflow.demo.summary import percent


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 0, "-"),
        (0, 3, "0.0"),
        (3, 3, "100.0"),
        (2, 3, "66.7"),
        (266, 282, "94.3"),
        (1, 800, "0.1"),
        (1, 2000, "0.1"),
    ],
)
def test_a_share_is_rounded_half_up_to_one_decimal(part, whole, expected):
    assert percent(part, whole) == expected
