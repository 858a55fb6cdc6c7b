"""Figures are kept by name, and drawn."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from benchmarks import _results, plot
from benchmarks._results import Result, merge


@pytest.fixture
def kept(tmp_path, monkeypatch):
    path = tmp_path / "out" / "latest.json"
    monkeypatch.setattr(_results, "LATEST", path)
    return path


def test_a_benchmark_replaces_its_own_names_and_leaves_the_others(kept):
    merge([Result("a", 1.0, "ms"), Result("b", 2.0, "ms", 0.5, "floor: 4 ms")])
    merge([Result("a", 3.14159, "ms")])

    machine, *found = json.loads(kept.read_text("utf-8"))

    assert machine["name"] == "machine"
    assert {"Python", "Linux"} & set(machine["against"].replace(",", "").split())
    assert {one["name"]: (one["value"], one["ratio"]) for one in found} == {
        "a": (3.142, None),
        "b": (2.0, 0.5),
    }
    assert all(set(one) == {"name", "value", "unit", "ratio", "against"} for one in (machine, *found))


def test_the_page_says_of_each_bar_whether_it_is_kept():
    found = {
        "step_vs_floor4_2conn": {"value": 900.0, "ratio": 0.7, "against": "floor: 1,286 steps/s"},
        "hint_p50_vs_celery_noop": {"value": 9.0, "ratio": 4.0, "against": "no-op: 2.25 ms"},
    }

    lines = "\n".join(plot.tables(found)).splitlines()

    told = {line.split(" | ")[-1].strip(" |") for line in lines if "no-op: " in line or "1,286" in line}
    assert told == {"yes", "**no**"}
    assert sum("not measured" in line for line in lines) == len(plot.BARS) - 2


def test_the_picture_is_an_image_for_light_and_dark():
    found = {f"step_engine_{count}conn": {"value": 1000.0 * count} for count in plot.CONNECTIONS}

    drawn = plot.picture(found)

    assert ET.fromstring(drawn).tag.endswith("svg")
    assert "prefers-color-scheme: dark" in drawn
    assert "8,000" in drawn
