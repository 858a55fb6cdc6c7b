"""`banjie case act` for every verb of the desk, with its fields from a JSON file; and refusals in both languages."""

from __future__ import annotations

import json
import re

import pytest

from tests.integration.transfers import FILER, MATTER, TO_THE_NOTICE
from workflow.domain.desk import assigning, ordering, recusing, returning
from workflow.domain.desk.refusals import WORDS
from workflow.texts import CHINESE, ENGLISH, t

HEAD, SUPERVISOR, CHECKER = "ouyang-zhengqing", "du-changwei", "sima-yuan"
ANNA, BO, CHEN = "wulan-tuya", "xie-bowen", "he-jie"
DUE = "2026-12-31"

DAY = (
    (ANNA, "claim", {}),
    (FILER, "urge", {"text": "请尽快办理"}),
    (SUPERVISOR, "order", {"text": "请于月底前办结", "due_on": DUE}),
    (ANNA, "answer_order", {"order": 1, "reply": "正在核实"}),
    (ANNA, "delegate", {"person": BO, "instructions": "核对调动材料"}),
    (BO, "hand_back", {"opinion": "材料一致"}),
    (ANNA, "transfer", {"person": BO, "reason": "出差"}),
    (BO, "release", {"reason": "另有任务"}),
    (HEAD, "assign", {"person": ANNA}),
    ("system", "hand_over", {}),
    (FILER, "ask_recusal", {"person": CHEN, "ground": "与申请人系亲属"}),
    (HEAD, "decide_recusal", {"request": 1, "granted": True, "reason": "情况属实"}),
    (HEAD, "order_recusal", {"person": BO, "ground": "interest"}),
    (ANNA, "recuse", {"ground": "relative"}),
)

REFUSED = (
    ("release", ANNA, {}, "nobody_has_it"),
    ("transfer", ANNA, {"person": SUPERVISOR, "reason": "r"}, "holds_the_post"),
    ("transfer", ANNA, {"person": ANNA, "reason": "r"}, "claim_it"),
    ("delegate", ANNA, {"person": SUPERVISOR, "instructions": "i"}, "of_the_organ"),
    ("hand_back", ANNA, {}, "nothing_lent"),
    ("hand_over", ANNA, {}, "system"),
    ("assign", ANNA, {"person": BO}, "head"),
    ("order", ANNA, {"text": "t", "due_on": DUE}, "supervisor"),
    ("order", SUPERVISOR, {"text": "t", "due_on": "2020-01-01"}, "later_day"),
    ("answer_order", ANNA, {"order": 7, "reply": "r"}, "open_order"),
    ("urge", ANNA, {"text": "t"}, "party"),
    ("ask_recusal", ANNA, {"person": BO, "ground": "g"}, "party"),
    ("recuse", SUPERVISOR, {"ground": "other"}, "own_post"),
    ("order_recusal", HEAD, {"person": FILER, "ground": "other"}, "heads_the_person"),
    ("decide_recusal", HEAD, {"request": 9, "granted": True, "reason": "r"}, "open_request"),
    ("claim", SUPERVISOR, {}, "holds_the_post"),
)

ENGLISH_WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


@pytest.fixture
def no(banjie, transfers, filing):
    """A transfer that waits for a handler."""
    number = banjie("case", "submit", MATTER, "--file", filing(), "--json").json["no"]
    for person, action, fields in TO_THE_NOTICE:
        if banjie("case", "show", number, "--json").json["state"] == "under_review":
            break
        assert (
            banjie(
                "case", "act", number, action, "--as", person, "--file", "-", stdin=json.dumps(fields)
            ).code
            == 0
        )
        transfers.settle()
    return number


@pytest.fixture
def act(banjie, tmp_path, no):
    def acting(actor, verb, fields, *options):
        file = tmp_path / f"{verb}.json"
        file.write_text(json.dumps(fields), encoding="utf-8")
        return banjie("case", "act", no, verb, "--file", file, "--as", actor, *options)

    return acting


def test_every_verb_of_the_desk_is_taken_from_a_file(banjie, act, transfers, no):
    taken = set()
    for actor, verb, fields in DAY:
        taken.add(verb)
        if actor == "system":
            transfers.act(no, actor, verb, **fields)
            continue
        said = act(actor, verb, fields, "--json")
        assert said.code == 0, (verb, said.err)
    review = next((actor, verb, fields) for actor, verb, fields in TO_THE_NOTICE if actor == "zhou-mingli")
    assert act(*review).code == 0
    assert act("zhou-mingli", "take_back", {"reason": "数字有误"}).code == 0
    known = {name for module in (assigning, recusing, returning, ordering) for name in module.VERBS}
    assert taken | {"take_back"} == known
    assert banjie("audit", "verify", "--case", no).code == 0


def test_a_refusal_names_the_rule_and_what_is_needed_in_both_languages(act, monkeypatch):
    for verb, actor, fields, rule in REFUSED:
        for lang in (CHINESE, ENGLISH):
            monkeypatch.setenv("BANJIE_LANG", lang)
            said = act(actor, verb, fields, "--json")
            assert said.code == 1, (verb, said.out)
            error = said.error
            assert error["fields"]["rule"] == rule, (verb, error)
            assert t(f"refusals.{rule}", lang, **error["fields"]) in error["message"]
            english = ENGLISH_WORDS.search(error["message"])
            assert (english is not None) == (lang == ENGLISH), error["message"]


def test_every_refusal_has_its_words_in_both_languages():
    for rule, english in WORDS.items():
        fields = dict.fromkeys(re.findall(r"{(\w+)}", english), "X")
        assert t(f"refusals.{rule}", ENGLISH, **fields) == english.format(**fields)
        assert not ENGLISH_WORDS.search(t(f"refusals.{rule}", CHINESE, **fields))
