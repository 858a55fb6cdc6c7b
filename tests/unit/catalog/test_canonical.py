"""What a definition is called: the hash moves with its meaning and with nothing else."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from workflow.catalog.canonical import canonical, definition_of, hash_of, sealed, whole
from workflow.catalog.loader import examine
from workflow.domain.definition import Definition, Field
from workflow.errors import NeedsNewerProgram
from workflow.texts import shipped_definitions

BEIJING = "matters/transfer-into-beijing.yaml"


@pytest.fixture
def definition(catalog) -> Definition:
    return catalog.matter("transfer-into-beijing").definition


@pytest.fixture
def changed(tmp_path):
    """The definition after a change of the shipped file."""

    def change(old: str, new: str, file: str = BEIJING) -> Definition:
        text = (shipped_definitions() / file).read_text("utf-8")
        assert text.count(old) == 1
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text.replace(old, new), "utf-8")
        found, faults = examine([shipped_definitions(), tmp_path])
        assert faults == []
        return found.matters["transfer-into-beijing"].definition

    return change


def test_what_is_stored_says_the_same_definition(catalog):
    for matter in catalog.matters.values():
        assert definition_of(matter.canonical) == matter.definition
        assert canonical(matter.definition) == matter.canonical
        assert hash_of(matter.canonical) == matter.definition.hash


def test_the_canonical_form_is_sorted_tight_and_without_floats(catalog):
    for matter in catalog.matters.values():
        plain = json.loads(matter.canonical, parse_float=lambda text: pytest.fail(f"a float: {text}"))
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert text.encode() == matter.canonical
        assert "hash" not in plain


def test_defaults_are_left_out_so_that_new_ones_change_no_hash(definition):
    plain = json.loads(canonical(definition))

    assert plain["states"]["archived"] == {"stage": "archive", "holder": "system", "final": True}
    assert "pauses" not in plain["clocks"]["publicity"]


def test_the_hash_moves_with_the_meaning(changed, definition):
    assert changed("copies: 3", "copies: 2").hash != definition.hash
    assert (
        changed("promise: 8wd", "promise: 7wd", "processes/personnel-transfer.yaml").hash != definition.hash
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: {zh-CN: 京外调干审批,", "title: {zh-CN: 京外调入干部审批,"),
        ("en: Agreed", "en: Consented"),
        ("      master: {zh-CN: 硕士研究生, en: Master}", "      master: {zh-CN: 硕士, en: Master}"),
        ("fees: {zh-CN: 不收费,", "fees: {zh-CN: 免费,"),
        ("audience: public\n", "audience: public # shown\n"),
    ],
)
def test_the_hash_does_not_move_with_words(changed, definition, old, new):
    file = "processes/personnel-transfer.yaml" if "Consented" in new else BEIJING

    assert changed(old, new, file).hash == definition.hash


def test_the_order_of_a_file_is_for_people_only(changed, definition):
    one = "  degree_certificate: {title: {zh-CN: 学历、学位证书, en: Degree certificate}, source: organ}\n"
    two = (
        "  appointment_document: {title: {zh-CN: 现任职务（职称）文件, en: Document of the present post or title}, "
        "source: organ}\n"
    )

    assert changed(one + two, two + one).hash == definition.hash
    assert list(definition.materials) == sorted(definition.materials)


def test_a_definition_with_a_fraction_is_refused(definition):
    with pytest.raises(ValueError, match="fractions"):
        canonical(replace(definition, form={"maximum": 1.5}))


def test_sealing_gives_the_definition_as_it_will_be_read_back(definition):
    bare = replace(definition, hash="", personal=tuple(reversed(definition.personal)))

    again, content = sealed(bare)

    assert again == definition_of(content)
    assert again.hash == hash_of(content)
    assert again.actions["propose"].fields["text"] == Field(type="text")


def test_a_definition_that_says_more_than_this_program_knows_is_not_decided_by(definition):
    plain = json.loads(canonical(definition))
    for more in (
        {**plain, "sworn": True},
        {**plain, "states": {**plain["states"], "archived": {**plain["states"]["archived"], "sworn": True}}},
        {**plain, "stage_words": {}, "states": {"archived": {"stage": "oath"}}},
    ):
        content = json.dumps(more, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        with pytest.raises(NeedsNewerProgram):
            whole(content, hash_of(content))


def test_other_bytes_than_those_that_were_stored_are_no_definition(definition):
    content = canonical(definition)

    assert whole(content, definition.hash) == definition
    with pytest.raises(ValueError, match="not what was stored"):
        whole(content + b" ", definition.hash)
