"""One form for several matters: children are filed from the form of the parent, and each way they cannot be is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.catalog.loader import examine
from workflow.texts import shipped_definitions

PARENT = "matters/graduate-one-thing.yaml"
PROCESS = "processes/composite.yaml"


@pytest.fixture
def plant(tmp_path):
    """Change `old` into `new`, once, in a shipped file; gives the rule of each fault and the line it names, stripped."""

    def planted(file, old, new):
        text = (shipped_definitions() / file).read_text("utf-8")
        assert text.count(old) == 1
        path = tmp_path / file
        path.parent.mkdir()
        path.write_text(text.replace(old, new), "utf-8")
        _, found = examine([shipped_definitions(), tmp_path])
        return [(fault.rule, _line(fault.mark)) for fault in found]

    return planted


def _line(mark):
    return Path(mark.file).read_text("utf-8").splitlines()[mark.line - 1].strip()


def test_the_joins_are_part_of_the_definition_and_have_words_in_both_languages(catalog):
    matter = catalog.matter("graduate-one-thing")
    join = matter.definition.joins["one_thing"]

    assert (join.action, len(join.children)) == ("all_concluded", 5)
    assert join.children["job_seeking"].form["wanted_post"] == "literal:毕业生就业岗位"
    assert matter.text("joins.one_thing.children.personal_file", "zh-CN") == "人事档案转递"
    assert matter.text("joins.one_thing", "en") == "Five matters side by side"
    assert next(iter(matter.order("joins", "one_thing", "children"))) == "employment"


PLANTED = [
    (
        PARENT,
        "matter: graduate-job-seeking",
        "matter: graduate-job-hunting",
        "reference.matter",
        "graduate-job-hunting",
    ),
    (PARENT, "action: all_concluded", "action: all_done", "reference.action", "all_done"),
    (PARENT, "action: all_concluded", "action: precheck", "joins.waits", "action: precheck"),
    (PARENT, "action: all_concluded", "action: finish", "joins.action", "action: finish"),
    (PARENT, "  one_thing:\n    title", "  all_things:\n    title", "reference.join", "open_children"),
    (PARENT, "work_starts_on: work_starts_on}", "starts_on: work_starts_on}", "joins.field", "starts_on"),
    (
        PARENT,
        "school: school, employer: employer}",
        "school: college, employer: employer}",
        "joins.source",
        "college",
    ),
    (PARENT, "membership: membership}", "}", "joins.unfilled", "school: school"),
    (PARENT, "membership: membership}", 'membership: "literal:unknown"}', "joins.kind", "literal:unknown"),
    (
        PARENT,
        "employer: employer, graduated_on",
        "employer: graduated_on, graduated_on",
        "joins.kind",
        "employer",
    ),
    (
        PARENT,
        "employer: employer, graduated_on",
        "employer: name, graduated_on",
        "joins.personal",
        "employer",
    ),
    (PARENT, "materials: [transfer_letter]", "materials: [league_card]", "joins.material", "league_card"),
    (
        PROCESS,
        "    post: handler\n  summing_up",
        "    automatic: all_concluded\n  summing_up",
        "joins.hurries",
        "automatic",
    ),
    (PROCESS, "      - {do: open_children, join: one_thing}\n", "", "joins.never_opened", "one_thing"),
    (
        PROCESS,
        "{do: open_children, join: one_thing}",
        "{do: open_children}",
        "machine.operand",
        "open_children",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "rule", "line"), PLANTED)
def test_a_planted_fault_is_found_where_it_stands(plant, file, old, new, rule, line):
    found = plant(file, old, new)

    assert rule in [broken for broken, _ in found], found
    assert line in dict(found)[rule]


def test_a_matter_is_not_its_own_ancestor(plant):
    found = plant(PARENT, "matter: graduate-job-seeking", "matter: graduate-one-thing")

    assert "joins.circle" in [broken for broken, _ in found]
