"""The directory: who holds which post where, under a version that moves with any of it."""

from __future__ import annotations

from datetime import date

from workflow.catalog.directory_content import content_of, directory_of
from workflow.catalog.organs import organs_from
from workflow.catalog.strict_yaml import Document, parse
from workflow.domain.directory import DUTIES
from workflow.domain.directory_rules import faults_of

ON = date(2026, 10, 1)

FILE = """
sample: true
since: "2003-04-01"
organs:
  ministry:
    name: {zh-CN: 部, en: Ministry}
    kind: ministry
    posts:
      approver:
        - {person: b, name: 乙, deputy: true}
        - {person: a, name: 欧阳㛃, until: "2030-12-31"}
  unit:
    name: {zh-CN: 所, en: Unit}
    kind: unit
    parent: ministry
    posts:
      officer: [{person: a}]
"""


def document(text: str = FILE) -> Document:
    found, wrong = parse(text, "organs.yaml")
    assert wrong == []
    return found


def rules(text: str) -> list[tuple[str, int]]:
    return [(fault.rule, fault.mark.line) for fault in organs_from([document(text)])[1]]


def test_posts_are_held_by_the_responsible_before_the_deputy():
    organs, faults = organs_from([document()])

    assert faults == []
    assert organs.directory.holders("ministry", "approver", ON) == ("a", "b")
    assert organs.directory.holders("ministry", "approver", date(2031, 1, 1)) == ("b",)
    assert organs.directory.holders("ministry", "approver", date(2003, 3, 31)) == ()
    assert organs.directory.persons["a"].name == "欧阳㛃"
    assert organs.directory.organ_above("unit", "ministry") == "ministry"
    assert organs.samples == {"ministry", "unit"}


def test_the_version_moves_with_anything_in_it_and_with_nothing_else():
    version = organs_from([document()])[0].directory.version

    assert organs_from([document(FILE + "\n# a note\n")])[0].directory.version == version
    assert organs_from([document(FILE.replace("乙", "丙"))])[0].directory.version != version
    assert organs_from([document(FILE.replace("2030-12-31", "2029-12-31"))])[0].directory.version != version


def test_faults_are_told_where_they_stand():
    assert rules(FILE.replace("{person: a}", "{person: nobody}")) == [("shape.missing_key", 17)]
    assert rules(FILE.replace("parent: ministry", "parent: palace")) == [("reference.organ", 15)]
    assert rules(FILE.replace("2030-12-31", "2030-02-30")) == [("shape.date", 11)]
    assert rules(FILE.replace("kind: unit", "kind: club")) == [("shape.choice", 14)]


def test_an_organ_of_two_files_is_told_with_the_first():
    other = parse(FILE, "other.yaml")[0]

    _, faults = organs_from([document(), other])

    assert [(fault.rule, fault.mark.file, fault.mark.line) for fault in faults] == [
        ("file.twice", "other.yaml", 5),
        ("file.twice", "other.yaml", 12),
    ]
    assert faults[0].fields["first"] == "organs.yaml:5:3"


def test_the_shipped_directory_is_fictional_and_whole(catalog):
    directory = catalog.directory
    ministries = [code for code, organ in directory.organs.items() if organ.kind == "ministry"]
    names = {person.name for person in directory.persons.values()}

    assert catalog.samples == directory.organs.keys()
    assert catalog.organ_name("approval-reception", "zh-CN") == "行政审批受理中心（示例）"
    assert catalog.organ_name("approval-reception", "en") == "Approval Reception Centre (sample)"
    assert catalog.organ_name("gone", "en") == "gone"
    filing = [code for code in ministries if directory.holders(code, "ministry_officer", ON)]
    assert len(filing) >= 6
    for code in filing:
        assert directory.holders(code, "ministry_reviewer", ON)
        assert directory.holders(code, "ministry_approver", ON)
        units = [unit for unit, organ in directory.organs.items() if organ.parent == code]
        assert len([unit for unit in units if directory.holders(unit, "unit_officer", ON)]) >= 2
    assert len([code for code, organ in directory.organs.items() if organ.kind == "agency"]) >= 4
    assert directory.holders("supervision-bureau", "auditor", ON)
    assert any("㛃" in name for name in names)
    assert "阿依古丽·买买提" in names
    assert any(name.startswith("欧阳") for name in names)
    assert any(name.startswith("尉迟") for name in names)


def test_each_post_of_the_licensing_organ_has_a_deputy(catalog):
    deputised = {(holding.organ, holding.kind) for holding in catalog.directory.holdings if holding.deputy}

    for organ in ("transfers-into-beijing", "talent-market"):
        assert {(organ, "handler"), (organ, "checker")} <= deputised
    assert ("approval-reception", "reception") in deputised


def test_a_post_may_be_held_for_some_matters_only():
    text = FILE.replace("{person: a}", "{person: a, matters: [licence]}")
    directory = organs_from([document(text)])[0].directory

    assert directory.holders("unit", "officer", ON, "licence") == ("a",)
    assert directory.holders("unit", "officer", ON, "other") == ()
    assert directory.version != organs_from([document()])[0].directory.version


def test_the_shipped_directory_is_sound_and_names_the_three_administrators(catalog):
    directory = catalog.directory

    assert faults_of(directory) == ()
    assert len({*(directory.administrators(duty, ON)[0] for duty in DUTIES)}) == len(DUTIES)
    assert directory.holders("supervision-bureau", "supervisor", ON)


def test_what_is_written_down_is_read_back_as_it_was(catalog):
    content = content_of(catalog.directory)

    assert directory_of(content) == catalog.directory
    assert content_of(directory_of(content)) == content
