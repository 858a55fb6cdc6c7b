"""Another organ's catalogue is read whole or not at all, with every fault named by its row."""

from __future__ import annotations

import gzip

import pytest

from workflow.errors import BadFields, BadInput
from workflow.exchange.foreign_matters import initials, read_catalogue

ROWS = """department,main_item,name,item_code,task_type_code,url
区教科体局,未分类,适龄儿童延缓入学审批,511A0138,1,https://example.org/1
区人社局,未分类,人才档案转递,511A0777,20,https://example.org/2
"""


@pytest.mark.parametrize("packed", [False, True])
def test_a_catalogue_is_read_plain_or_packed(tmp_path, packed):
    path = tmp_path / "items.csv"
    path.write_bytes(gzip.compress(ROWS.encode()) if packed else ("\ufeff" + ROWS).encode())
    (first, letters), second = read_catalogue(path, "广安区")
    assert (first.code, first.title, first.organ, first.kind) == (
        "511A0138",
        "适龄儿童延缓入学审批",
        "区教科体局",
        "1",
    )
    assert "slet" in letters
    assert second[0].source == "广安区"


def test_every_faulty_row_is_named(tmp_path):
    path = tmp_path / "items.csv"
    path.write_text(ROWS + "区,未,,X1,1,\n区,未,又一项,511A0777,1,\n", encoding="utf-8")
    with pytest.raises(BadFields) as refused:
        read_catalogue(path, "x")
    assert "row 4: no title" in refused.value.message
    assert "row 5: the code 511A0777" in refused.value.message


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"a,b\n1,2\n", "columns"), (b"\xff\xfe\x00", "UTF-8"), (b"\x1f\x8b\x08broken", "items.csv")],
    ids=["columns", "encoding", "packing"],
)
def test_what_is_no_catalogue_is_refused(tmp_path, content, said):
    path = tmp_path / "items.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=said):
        read_catalogue(path, "x")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadInput):
        read_catalogue(tmp_path / "none.csv", "x")


def test_initials_keep_letters_and_drop_signs():
    assert initials("京外调干（A类）") == "jwdgal"
