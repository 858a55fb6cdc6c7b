"""A new matter to begin with: on whatever process, the file checks clean and carries nothing of another matter's law."""

from __future__ import annotations

import pytest

from workflow.catalog.loader import examine, load
from workflow.catalog.scaffold import scaffold
from workflow.errors import BadInput, NotFound, UnknownMatter
from workflow.texts import LANGUAGES, shipped_definitions

CATALOG = load()
MODELS = sorted((matter.definition.process, matter.code) for matter in CATALOG.matters.values())
PROCESSES = sorted({process for process, _ in MODELS})


def begun(tmp_path, names):
    """Begin a matter for each code, and read them all at once with what is shipped."""
    (tmp_path / "matters").mkdir()
    for code, (process, like) in names.items():
        text = scaffold(CATALOG, code, process, like)
        (tmp_path / "matters" / f"{code}.yaml").write_text(text, "utf-8")
    return examine([shipped_definitions(), tmp_path])


def test_a_new_matter_checks_clean_on_every_process_and_like_every_matter(tmp_path):
    names = {f"new-{process}": (process, None) for process in PROCESSES}
    names |= {f"like-{code}": (process, code) for process, code in MODELS}

    catalog, faults = begun(tmp_path, names)

    assert [fault.line("en") for fault in faults] == []
    for code, (process, _) in names.items():
        matter = catalog.matters[code]
        assert (matter.definition.process, matter.definition.provenance) == (process, "reconstructed")
        assert all(code in matter.title(lang) for lang in LANGUAGES)


def test_what_the_public_is_told_is_written_from_the_process(tmp_path):
    catalog, _ = begun(tmp_path, {"brand-new": ("licensing", "talent-agency-licence")})
    matter = catalog.matters["brand-new"]

    assert matter.text("guide.procedure", "zh-CN").startswith("已收件 → 受理审查 → ")
    assert "20 个工作日" in matter.text("guide.time_limits", "zh-CN")
    assert matter.definition.series == "BNBRANDN"
    assert "审核人负责审核" in matter.text("guide.responsibility", "zh-CN")
    assert "人才" not in "".join(
        text for key, text in matter.texts["zh-CN"].items() if key.startswith("guide")
    )
    assert {basis["provenance"] for basis in matter.tree["basis"]} == {"reconstructed", "attested"}


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("Brand New", "licensing"), BadInput),
        (("transfer-into-beijing", "licensing"), BadInput),
        (("brand-new", "nothing"), NotFound),
        (("brand-new", "licensing", "transfer-into-beijing"), BadInput),
        (("brand-new", "licensing", "nothing"), UnknownMatter),
    ],
)
def test_what_cannot_be_begun_is_refused(words, error):
    with pytest.raises(error):
        scaffold(CATALOG, *words)
