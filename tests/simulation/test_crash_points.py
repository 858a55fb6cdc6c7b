"""A fixed share of the points of every main story; `make crash-points` takes them all."""

from __future__ import annotations

from random import Random

import pytest

from tests.simulation.crash_points import COMMIT_MODES, differences, points_of
from tests.simulation.stories import STORIES

SHARE = 12
"""One of so many points is taken, at least one of each way to disturb a commit."""


@pytest.mark.parametrize("name", STORIES)
def test_whoever_dies_wherever_the_story_ends_the_same(name):
    points, end = points_of(name)
    rng = Random(name)
    taken = [point for point in points if rng.randrange(SHARE) == 0]
    taken += [rng.choice([point for point in points if point.how == how]) for how in COMMIT_MODES]

    assert len(points) > 100
    for point in taken:
        assert differences(name, point, end) == [], point


def test_what_is_missing_or_doubled_is_seen():
    name = "supplement"
    points, end = points_of(name)
    without = {**end, "events": end["events"][1:]}
    doubled = {**end, "commands": [*end["commands"], end["commands"][0]]}

    assert any(line.startswith("events has") for line in differences(name, points[-1], without))
    assert any(line.startswith("commands has") for line in differences(name, points[-1], doubled))
