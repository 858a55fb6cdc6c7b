"""Bad input (issue 2): one line with a code on stderr, exit 1, and not a row more than before."""

from __future__ import annotations

import json

import pytest

from tests.integration.transfers import FORM, MATERIALS, MATTER


@pytest.fixture
def refused(banjie, rows):
    """Runs a command that must be refused; gives the code of its error, and everything it said."""

    def call(*words, stdin=""):
        before = rows()
        said = banjie(*words, stdin=stdin)
        as_json = banjie(*words, "--json", stdin=stdin)

        assert (said.code, said.out) == (1, "")
        assert said.err.count("\n") == 1
        assert (as_json.code, as_json.out) == (1, "")
        code, _, text = said.err.rstrip("\n").partition(": ")
        assert (as_json.error["code"], as_json.error["message"]) == (code, text)
        assert isinstance(as_json.error["fields"], dict)
        assert rows() == before
        return code, text

    return call


@pytest.fixture
def no(banjie, home, filing):
    return banjie("case", "submit", MATTER, "--file", filing(), "--json").json["no"]


def test_an_unknown_matter(refused, filing):
    code, text = refused("case", "submit", "no-such-matter", "--file", filing())

    assert code == "unknown_matter"
    assert "no-such-matter" in text


def test_a_missing_field(refused, filing):
    form = {name: value for name, value in FORM.items() if name != "receiving_post"}

    code, text = refused("case", "submit", MATTER, "--file", filing(form=form))

    assert (code, "receiving_post: 必填" in text) == ("bad_fields", True)


def test_all_faults_of_a_form_are_told_together(refused, filing):
    wrong = {**FORM, "accompanying": "一", "sex": "none", "id_number": "123", "nickname": "秀"}

    code, text = refused("case", "submit", MATTER, "--file", filing(form=wrong))

    assert code == "bad_fields"
    for field in ("accompanying", "sex", "id_number", "nickname"):
        assert f"{field}: " in text, field


def test_a_material_that_is_not_on_the_list(refused, filing):
    code, text = refused("case", "submit", MATTER, "--file", filing(materials=[*MATERIALS, "diploma"]))

    assert (code, "diploma" in text) == ("bad_fields", True)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"form": None}, ["form: "]),
        ({"form": []}, ["form: "]),
        ({"materials": "all"}, ["materials: "]),
        ({"materials": [1]}, ["materials: "]),
        ({"parties": {"unit": 7}}, ["parties: "]),
        ({"letter": ["a"]}, ["letter: "]),
        ({"matter": "x", "form": None, "letter": 1}, ["matter: ", "form: ", "letter: "]),
    ],
)
def test_a_filing_of_the_wrong_shape(refused, filing, changed, told):
    code, text = refused("case", "submit", MATTER, "--file", filing(**changed))

    assert code == "bad_fields"
    assert all(problem in text for problem in told), text


def test_a_yaml_with_two_faults_tells_both_with_their_places(refused, tmp_path):
    path = tmp_path / "two.yaml"
    path.write_text("form:\n  name: 王秀华\n  name: 李四\n  arrived: 2026-09-07\n", "utf-8")

    code, text = refused("case", "submit", MATTER, "--file", path)

    assert code == "bad_input"
    assert "two.yaml:3:3: " in text
    assert "two.yaml:4:12: " in text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", "- form"),
        ("a.yaml", "form: [1, 2"),
        ("a.json", '{"form": {}, "form": {}}'),
        ("a.json", '{"form": {"accompanying": 1.5}}'),
        ("a.json", '{"form": NaN}'),
        ("a.json", '{"form":'),
        ("a.json", "[" * 100_000),
        ("a.json", "3"),
        ("a.yaml", ""),
        ("a.yaml", b"\xff\xfe"),
    ],
)
def test_a_file_that_cannot_be_read_as_one(refused, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    assert refused("case", "submit", MATTER, "--file", path)[0] in ("bad_input", "bad_fields")


def test_a_file_that_is_not_there(refused, tmp_path):
    code, text = refused("case", "submit", MATTER, "--file", tmp_path / "none.yaml")

    assert (code, "none.yaml" in text) == ("bad_input", True)


def test_somebody_who_may_not_file(refused, filing):
    assert refused("case", "submit", MATTER, "--file", filing(), "--as", "gu-weimin")[0] == "not_authorised"
    assert refused("case", "submit", MATTER, "--file", filing(), "--as", "nobody")[0] == "unknown_person"


def test_the_same_key_with_another_body(banjie, refused, home, filing):
    assert banjie("case", "submit", MATTER, "--file", filing(), "--key", "K").code == 0

    code, _ = refused("case", "submit", MATTER, "--file", filing(letter="水人函〔2026〕9号"), "--key", "K")

    assert code == "key_used"


def test_an_action_that_the_state_does_not_have(refused, no):
    code, text = refused("case", "act", no, "sign_and_issue", "--as", "gu-weimin")

    assert code == "action_not_available"
    assert "endorse" in text


def test_an_action_there_is_not(refused, no):
    assert refused("case", "act", no, "dance", "--as", "gu-weimin")[0] == "action_not_available"


def test_a_stale_version(banjie, refused, no):
    said = banjie("case", "act", no, "endorse", "--as", "pan-haiyan", "--file", "-", stdin="text: 符合条件")
    assert said.code == 0

    code, _ = refused("case", "act", no, "approve_report", "--as", "jiang-yuanbo", "--version", "1")

    assert code == "case_has_moved"


def test_the_wrong_person(refused, no):
    fields = {"stdin": "text: 符合条件"}
    assert (
        refused("case", "act", no, "endorse", "--as", "gu-weimin", "--file", "-", **fields)[0]
        == "not_authorised"
    )
    assert (
        refused("case", "act", no, "endorse", "--as", "nobody", "--file", "-", **fields)[0]
        == "unknown_person"
    )


def test_the_same_person_in_two_roles(banjie, refused, transfers, no):
    banjie("case", "act", no, "endorse", "--as", "pan-haiyan", "--file", "-", stdin="text: 符合条件")

    assert refused("case", "act", no, "approve_report", "--as", "pan-haiyan")[0] in (
        "same_person",
        "not_authorised",
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, ["text: "]),
        ({"text": 1}, ["text: "]),
        ({"text": "符合", "mood": "good"}, ["mood: "]),
        ({"mood": "good"}, ["text: ", "mood: "]),
    ],
)
def test_fields_that_the_action_does_not_take(refused, no, fields, told):
    code, text = refused(
        "case", "act", no, "endorse", "--as", "pan-haiyan", "--file", "-", stdin=json.dumps(fields)
    )

    assert code == "bad_fields"
    assert all(problem in text for problem in told), text


@pytest.mark.parametrize("when", ["2036-01-01T00:00:00+08:00", "2006-01-01T00:00:00Z"])
def test_an_effective_time_that_cannot_be(refused, no, when):
    words = ("case", "act", no, "endorse", "--as", "pan-haiyan", "--effective-at", when, "--file", "-")

    assert refused(*words, stdin="text: 符合条件")[0] == "bad_fields"


@pytest.mark.parametrize("command", ["show", "history", "clocks"])
def test_a_case_there_is_not(refused, home, command):
    assert refused("case", command, "JWDG-2026-09999")[0] == "unknown_case"


def test_acting_on_a_case_there_is_not(refused, home):
    assert refused("case", "act", "JWDG-2026-09999", "endorse", "--as", "pan-haiyan")[0] == "unknown_case"
    assert refused("audit", "verify", "--case", "JWDG-2026-09999")[0] == "unknown_case"


def test_an_act_done_twice_under_one_key_is_done_once(banjie, rows, no):
    words = ("case", "act", no, "endorse", "--as", "pan-haiyan", "--key", "K", "--file", "-")
    first = banjie(*words, "--json", stdin="text: 符合条件").json
    before = rows()

    again = banjie(*words, "--json", stdin="text: 符合条件").json

    assert again == {**first, "repeated": True}
    assert rows() == before
    assert banjie(*words, stdin="text: 另一种说法").err.startswith("key_used: ")


@pytest.mark.parametrize(
    "words",
    [
        ("case", "act", "NO", "endorse", "--version", "one"),
        ("case", "act", "NO", "endorse", "--effective-at", "yesterday"),
        ("case", "act", "NO", "endorse", "--effective-at", "2026-09-07T09:00:00"),
        ("case", "act", "NO"),
        ("case", "submit", MATTER),
        ("case", "dance"),
        ("dance",),
        ("case", "list", "--limit", "0"),
        ("case", "list", "--colour"),
        ("findings", "list", "--colour", "blue"),
        ("--lang", "fr", "doctor"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(banjie, home, words):
    said = banjie(*words)

    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("bad_usage: ")
    assert said.err.count("\n") == 1
    assert banjie(*words, "--json").error["code"] == "bad_usage"


def test_without_a_database_there_is_nothing_to_look_at_and_none_is_made(banjie, empty_home):
    for words in (("case", "show", "X"), ("findings", "list"), ("audit", "verify"), ("case", "list")):
        said = banjie(*words)
        assert (said.code, said.err.partition(":")[0]) == (1, "database_unavailable"), words
    assert not empty_home.exists()


def test_an_old_schema_is_told_and_never_upgraded_by_the_way(banjie, home, store, filing):
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    for words in (("case", "submit", MATTER, "--file", filing()), ("audit", "verify"), ("case", "list")):
        said = banjie(*words)
        assert (said.code, said.err.partition(":")[0]) == (1, "schema_out_of_date"), words
    with store.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == "0000"


@pytest.mark.parametrize("who", ["system", "", "  "])
def test_nobody_acts_as_the_machine_or_as_nobody(refused, no, who):
    assert refused("case", "act", no, "hand_over", "--as", who)[0] == "bad_input"


@pytest.mark.parametrize("content", ["[" * 100_000, '[{"no": "X", "fields": {"a": 1.5}}]', '["X"]', "[1,"])
def test_a_list_of_cases_that_cannot_be_read(refused, no, tmp_path, content):
    path = tmp_path / "items.json"
    path.write_text(content, "utf-8")

    assert refused("case", "bulk", "claim", "--cases", path, "--as", "zhou-mingli")[0] == "bad_input"


def test_a_list_in_which_no_case_is_known_leaves_no_run(refused, no, tmp_path):
    path = tmp_path / "items.txt"
    path.write_text("root:x:0\nsomething else\n", "utf-8")

    assert refused("case", "bulk", "claim", "--cases", path, "--as", "zhou-mingli")[0] == "unknown_case"


def test_a_run_by_nobody_in_the_directory(refused, no, tmp_path):
    path = tmp_path / "items.txt"
    path.write_text(f"{no}\n", "utf-8")

    assert refused("case", "bulk", "claim", "--cases", path, "--as", "nobody")[0] == "unknown_person"


def test_a_file_larger_than_any_filing(refused, monkeypatch, tmp_path):
    monkeypatch.setattr("workflow.cli.input_file.MOST", 10)
    path = tmp_path / "large.json"
    path.write_text("{" + " " * 20 + "}", "utf-8")

    assert refused("case", "submit", MATTER, "--file", path)[0] == "bad_input"


def test_what_is_not_seen_is_written_out(banjie, home):
    said = banjie("case", "show", "a\u202eb\x1b[2J")

    assert "a\\u202eb\\u001b[2J" in said.err


def test_a_receipt_that_cannot_be_written_is_not_issued(refused, no, tmp_path):
    out = tmp_path / "none" / "receipt.html"

    code, text = refused("case", "material", "receipt", no, "--out", out, "--as", "lin-xiaotang")

    assert (code, "没有这个文件或文件夹" in text) == ("bad_input", True)


def test_an_unknown_organ_post_person_or_quota(refused, no):
    assert refused("queue", "distribute", "nowhere", "handler", "--as", "ouyang-zhengqing")[0] == "not_found"
    assert refused("queue", "save", "mine", "--as", "nobody")[0] == "unknown_person"
    assert refused("window", "today", "--as", "nobody")[0] == "unknown_person"
    assert refused("quota", "ledger", "none", "ministry-of-personnel", "2026")[0] == "unknown_quota"
    assert refused("quota", "ledger", "beijing_transfer", "nowhere", "2026")[0] == "not_found"
