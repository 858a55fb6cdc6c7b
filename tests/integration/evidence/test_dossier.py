"""A dossier proves itself: the same bytes for the same case, no database to verify it, no part altered unseen."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from hashlib import sha256

import pytest

from tests.integration.evidence.world import Record
from workflow.evidence.bundle import verify_dossier
from workflow.evidence.heads import write_heads
from workflow.exchange.dossier.accountability import accountability_pdf, write_accountability
from workflow.exchange.dossier.writing import write_dossier

OFFLINE = """
import sys
from workflow.cli.main import run
sys.exit(run(["audit", "verify", sys.argv[1], "--json"]))
"""


@pytest.fixture
def record(store):
    return Record(store)


@pytest.fixture
def no(record):
    return record.whole()


def written(record, no, **how):
    file = io.BytesIO()
    write_dossier(record.banjie, no, file, **how)
    return file.getvalue()


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(path, parts, *, listed=False):
    """The parts as a dossier; `listed` makes the manifest fit them, as a forger would."""
    if listed:
        manifest = json.loads(parts["manifest.json"])
        manifest["parts"] = [
            {"name": name, "size": len(body), "sha256": sha256(body).hexdigest()}
            for name, body in parts.items()
            if name != "manifest.json"
        ]
        parts = {**parts, "manifest.json": json.dumps(manifest).encode()}
    with zipfile.ZipFile(path, "w") as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return path


def flaws(path, heads=None):
    return {(one.part, one.flaw) for one in verify_dossier(path, heads).wrong}


def test_a_dossier_is_sound_alike_and_holds_nothing_personal(record, no, tmp_path):
    content = written(record, no)
    path = tmp_path / "d.zip"
    path.write_bytes(content)

    assert written(record, no) == content
    assert flaws(path) == set()
    parts = parts_of(content)
    values = record.store.personal_values(record.store.case_id(no))
    secret = [values["form.name"], values["form.id_number"], "王秀华调动表"]
    told = [name for name, body in parts.items() for value in secret if value.encode() in body]
    assert told == []
    assert "http" not in parts["index.zh-CN.html"].decode().replace("http-equiv", "")

    with_values = tmp_path / "p.zip"
    with_values.write_bytes(written(record, no, personal=True))
    verdict = verify_dossier(with_values)
    assert (verdict.wrong, verdict.personal) == ([], True)
    assert "王秀华" in parts_of(with_values.read_bytes())["personal.json"].decode()

    _every_part_altered(content, with_values.read_bytes(), tmp_path)
    _forged(parts_of(with_values.read_bytes()), tmp_path)


def _every_part_altered(content, with_values, tmp_path):
    """Whatever is altered, removed or added is named by its part."""
    for body in (content, with_values):
        parts = parts_of(body)
        for name, said in parts.items():
            path = packed(tmp_path / "t.zip", {**parts, name: said[:-1] + bytes([said[-1] ^ 1])})
            found = {part for part, _ in flaws(path)}
            assert name in found or (name == "manifest.json" and found), name
            left = {other: kept for other, kept in parts.items() if other != name}
            assert (name, "part_missing") in flaws(
                packed(tmp_path / "t.zip", left)
            ) or name == "manifest.json"
        assert flaws(packed(tmp_path / "t.zip", {**parts, "more.txt": b"x"})) == {
            ("more.txt", "part_unlisted")
        }


def _forged(parts, tmp_path):
    """Who alters a part and the manifest too is found by what the events say."""
    lines = parts["events.jsonl"].splitlines(keepends=True)
    event = json.loads(lines[4])
    altered = b"".join([*lines[:4], json.dumps({**event, "actor": "gu-weimin"}).encode() + b"\n", *lines[5:]])
    material = next(name for name in parts if name.startswith("materials/"))
    definition = next(name for name in parts if name.startswith("definitions/") and ".texts" not in name)
    family = json.loads(parts["family.json"]) | {"children": [{"child": "x"}]}
    facts = json.loads(parts["facts.json"]) | {"used": {}}
    values = json.loads(parts["personal.json"])
    values[0]["value"] += "x"
    case = json.loads(parts["case.json"]) | {"deemed": True}
    forgeries = {
        "events.jsonl": (altered, "event_altered"),
        "case.json": (json.dumps(case).encode(), "case"),
        "findings.json": (b"[]", "findings"),
        "clocks.json": (b"[]", "clocks"),
        "papers.json": (b"[]", "papers"),
        "family.json": (json.dumps(family).encode(), "family"),
        "facts.json": (json.dumps(facts).encode(), "facts"),
        "materials.json": (b'{"files":[],"salts":{}}', "material"),
        "personal.json": (json.dumps(values).encode(), "value"),
        material: (parts[material] + b"x", "material"),
        definition: (parts[definition].replace(b'"3wd"', b'"9wd"'), "definition"),
    }
    for name, (body, flaw) in forgeries.items():
        assert body != parts[name], name
        assert (name, flaw) in flaws(packed(tmp_path / "f.zip", {**parts, name: body}, listed=True)), name
    cut = {**parts, "events.jsonl": b"".join(lines[:-1])}
    assert ("events.jsonl", "head") in flaws(packed(tmp_path / "f.zip", cut, listed=True))
    swapped = {**parts, "events.jsonl": b"".join([lines[1], lines[0], *lines[2:]])}
    assert ("events.jsonl", "event_missing") in flaws(packed(tmp_path / "f.zip", swapped, listed=True))


def test_it_is_verified_in_a_process_that_has_no_database(record, no, tmp_path):
    path = tmp_path / "d.zip"
    path.write_bytes(written(record, no))
    env = {name: value for name, value in os.environ.items() if not name.startswith("BANJIE_")}
    env |= {
        "BANJIE_HOME": str(tmp_path / "none"),
        "BANJIE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }

    told = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(path)], env=env, capture_output=True, check=False
    )

    said = json.loads(told.stdout)
    assert (told.returncode, said["ok"], said["no"]) == (0, True, no)
    assert not (tmp_path / "none").exists()


def test_a_dossier_is_held_against_kept_heads(record, no, tmp_path):
    path, heads = tmp_path / "d.zip", tmp_path / "heads"
    path.write_bytes(written(record, no))
    with heads.open("wb") as file:
        write_heads(record.store, file)
    assert flaws(path, heads) == set()

    other = record.file("another")
    path.write_bytes(written(record, other))
    assert flaws(path, heads) == {("heads", "not_in_heads")}


def test_what_is_no_dossier(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(b"nothing")
    assert flaws(path) == {("x.zip", "not_a_dossier")}
    assert flaws(packed(path, {"a": b"b"})) == {("manifest.json", "not_a_dossier")}


def test_the_accountability_file_of_a_finding(record, no, tmp_path):
    number = record.case(no).findings[0].number
    path = tmp_path / "a.zip"
    with path.open("wb") as file:
        write_accountability(record.banjie, no, number, file)

    assert flaws(path) == set()
    parts = parts_of(path.read_bytes())
    assert json.loads(parts["attribution.json"])["finding"] == number
    assert "责任追究案卷" in parts["index.zh-CN.html"].decode()
    assert accountability_pdf(record.banjie, no, number, "zh-CN").startswith(b"%PDF")
