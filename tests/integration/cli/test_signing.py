"""`banjie case act` and `case show`: a countersign and a panel on a transfer, line by line."""

from __future__ import annotations

import json

import pytest

from tests.integration.transfers import MATTER, TO_THE_NOTICE


@pytest.fixture
def no(banjie, home, filing, transfers):
    """A transfer in the handler's hands."""
    no = banjie("case", "submit", MATTER, "--file", filing(), "--json").json["no"]
    transfers.settle()
    for person, action, fields in TO_THE_NOTICE:
        if action == "propose":
            break
        transfers.act(no, person, action, **fields)
    return no


@pytest.fixture
def act(banjie, no):
    def act(person, verb, **fields):
        return banjie("case", "act", no, verb, "--as", person, "--file", "-", stdin=json.dumps(fields))

    return act


def test_a_countersign_by_the_command_line(banjie, act, no):
    opened = act(
        "zhou-mingli",
        "countersign",
        question="拟同意调京，请会签",
        mode="weighted",
        signers=["jin-zhe", "policy-and-law:hearing_chair"],
        weights={"jin-zhe": 2},
        numerator=2,
        denominator=3,
    )
    assert opened.code == 0
    shown = banjie("case", "show", no).out
    assert "第 1 轮（加权票签）：拟同意调京，请会签——进行中" in shown
    assert "金哲  未签署" in shown
    assert act("jin-zhe", "cosign", vote="agree").code == 0
    said = banjie("case", "show", no, "--json").json
    assert said["countersign"] == "agreed"
    assert said["rounds"][0]["signers"][0]["by"] == "jin-zhe"
    history = banjie("case", "history", no).out
    assert "会签：同意" in history
    assert "第 1 轮会签结束：同意" in history


def test_what_is_refused_says_by_which_rule_and_what_is_needed(banjie, act, no):
    act("zhou-mingli", "countersign", question="可否", mode="all", signers=["jin-zhe"])
    refused = act("zhou-mingli", "propose", opinion="agree", text="拟同意")
    assert refused.code == 1
    assert "signed_by_all" in refused.err
    assert "尚未签署：jin-zhe" in refused.err
    assert "removal_decides_nothing" in act("zhou-mingli", "remove_signer", signer="jin-zhe", reason="x").err
    assert "words_of_disagreement" in act("jin-zhe", "cosign", vote="disagree").err
    assert act(
        "zhou-mingli", "countersign", question="可否", mode="all", signers=["x"], weights="2"
    ).code in (1, 2)


def test_a_panel_by_the_command_line(banjie, act, no):
    assert act("zhou-mingli", "convene_panel", pool="expert-panels", size=3).code == 0
    assert act("zhou-mingli", "draw_panel").code == 0
    panel = banjie("case", "show", no, "--json").json["panels"][0]
    assert (panel["stage"], panel["quorum"], len(panel["spare"])) == ("drawn", 2, 2)
    members = [seat["person"] for seat in panel["seats"]]
    assert "quorum_of_the_panel" in act("zhou-mingli", "count_ballots").err
    for person in members:
        assert act(person, "cast_ballot", vote="agree").code == 0
    assert "已投票" in banjie("case", "show", no).out
    assert act("zhou-mingli", "count_ballots").code == 0
    assert act("zhou-mingli", "panel_minutes", attendees=members, text="同意").code == 0
    assert "已出纪要 同意（赞成 3 票，未赞成 0 票）" in banjie("case", "show", no).out
    history = banjie("case", "history", no, "--json").json["events"]
    cast = [event for event in history if event["type"] == "BallotCast"]
    assert len(cast) == 3
    assert all("agree" not in json.dumps(event) for event in cast)
    assert banjie("audit", "verify", "--case", no).code == 0
