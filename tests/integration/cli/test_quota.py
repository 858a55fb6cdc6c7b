"""`banjie quota`: allotted by paper, used by cases, told in both languages, and reckoned again."""

from __future__ import annotations

import json

import pytest

from tests.integration.transfers import Transfers
from workflow.storage.store import open_store

KIND, ORGAN = "beijing_transfer", "hydrology-and-coasts"
KEEPER = "tai-shuming"
REPORT = {"letter": "水人函〔2026〕7号", "signer": "江远波"}


@pytest.fixture
def transfers(home):
    store = open_store(f"sqlite:///{home / 'banjie.db'}")
    yield Transfers(store)
    store.close()


def adjusted(banjie, places, document="人发〔2026〕3号", **more):
    options = ["--document", document, "--reason", "核减", "--as", more.get("by", KEEPER)]
    return banjie("quota", "adjust", KIND, ORGAN, more.get("year", 2026), places, *options, "--json")


def to_be_reported(transfers, key):
    no = transfers.file(key)
    transfers.act(no, "pan-haiyan", "endorse", text="符合条件")
    transfers.act(no, "jiang-yuanbo", "approve_report")
    return no


def report(banjie, no):
    fields = json.dumps(REPORT, ensure_ascii=False)
    return banjie(
        "case", "act", no, "report_up", "--as", "shui-qingqing", "--file", "-", "--json", stdin=fields
    )


def test_the_last_place_the_refusal_and_the_story(banjie, transfers, monkeypatch):
    assert adjusted(banjie, 1).json["left"] == 1
    one, two = to_be_reported(transfers, "one"), to_be_reported(transfers, "two")

    assert report(banjie, one).code == 0
    refused = report(banjie, two)
    assert (refused.code, refused.error["code"]) == (1, "quota_exhausted")
    fields = refused.error["fields"]
    assert (fields["places"], fields["reserved"], fields["consumed"], fields["left"]) == (1, 1, 0, 0)
    assert fields["needed"] == 1
    assert "共下达 1 个，已预占 1 个" in refused.error["message"]
    monkeypatch.setenv("BANJIE_LANG", "en")
    assert "1 reserved, 0 consumed, 0 left; the case needs 1" in report(banjie, two).error["message"]
    monkeypatch.setenv("BANJIE_LANG", "zh-CN")

    (line,) = banjie("quota", "show", "--organ", ORGAN, "--year", 2026, "--kind", KIND, "--json").json[
        "quotas"
    ]
    assert (line["places"], line["reserved"], line["left"]) == (1, 1, 0)
    entries = banjie("quota", "ledger", KIND, ORGAN, 2026, "--json").json["entries"]
    assert [entry["entry"] for entry in entries] == ["granted", "adjusted", "reserved"]
    assert entries[-1]["case"] == one
    told = banjie("quota", "ledger", KIND, ORGAN, 2026).out
    assert "预占" in told
    assert one in told
    found = banjie("quota", "report", 2026, "--json").json["lines"]
    mine = next(line for line in found if (line["kind"], line["organ"]) == (KIND, ORGAN))
    assert (mine["allotted"], mine["reserved"], mine["left"]) == (1, 1, 0)
    assert "进京指标" in banjie("quota", "report", 2026).out
    assert "进京指标" in banjie("quota", "show", "--organ", ORGAN).out
    checked = banjie("quota", "verify", "--json")
    assert (checked.code, checked.json["ok"], checked.json["events"]) == (0, True, 1)


def test_a_transfer_through_its_whole_course(banjie, transfers):
    adjusted(banjie, 2)
    filed = transfers.file("filed", reason="posting_ended", decision_document="人发〔2025〕8号")
    agreed, withdrawn = to_be_reported(transfers, "one"), to_be_reported(transfers, "two")
    transfers.act(filed, "pan-haiyan", "endorse", text="符合条件")
    transfers.act(filed, "jiang-yuanbo", "approve_report")
    for no in (filed, agreed, withdrawn):
        transfers.act(no, "shui-qingqing", "report_up", **REPORT)
    transfers.act(withdrawn, "shui-qingqing", "withdraw", reasons="本人放弃")
    transfers.act(agreed, "lin-xiaotang", "accept")
    transfers.act(agreed, "zhou-mingli", "propose", opinion="agree", text="拟同意")
    transfers.act(agreed, "sima-yuan", "confirm", text="同意")
    transfers.act(agreed, "gu-weimin", "intend_to_agree")
    transfers.days(9)
    transfers.act(agreed, "gu-weimin", "sign_and_issue")

    line = next(
        line
        for line in banjie("quota", "report", 2026, "--json").json["lines"]
        if (line["kind"], line["organ"]) == (KIND, ORGAN)
    )
    figures = {
        name: line[name] for name in ("allotted", "reserved", "consumed", "released", "left", "exempt_cases")
    }
    assert figures == {
        "allotted": 2,
        "reserved": 0,
        "consumed": 1,
        "released": 1,
        "left": 1,
        "exempt_cases": 1,
    }
    transfers.act(agreed, "shui-qingqing", "report_no_arrival", reasons="本人另有安排")
    assert (
        banjie("quota", "show", "--organ", ORGAN, "--year", 2026, "--kind", KIND, "--json").json["quotas"][0][
            "left"
        ]
        == 2
    )
    assert banjie("quota", "verify").code == 0


def test_lowering_below_what_is_in_use_is_refused(banjie, transfers):
    transfers.act(to_be_reported(transfers, "one"), "shui-qingqing", "report_up", **REPORT)

    refused = adjusted(banjie, 0)

    assert (refused.code, refused.error["code"]) == (1, "quota_in_use")
    assert refused.error["fields"]["used"] == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("grant", "whim", ORGAN, 2026, 5, "--as", KEEPER), "unknown_quota"),
        (("grant", KIND, "nowhere", 2026, 5, "--as", KEEPER), "not_found"),
        (("grant", KIND, ORGAN, 26, 5, "--as", KEEPER), "bad_input"),
        (("grant", KIND, ORGAN, 2026, 0, "--as", KEEPER), "bad_input"),
        (("grant", KIND, ORGAN, 2026, 5, "--as", "gu-weimin"), "not_quota_keeper"),
        (("grant", KIND, ORGAN, 2026, 5, "--as", "nobody"), "unknown_person"),
        (("adjust", KIND, ORGAN, 2050, 5, "--as", KEEPER, "--reason", "核减"), "unknown_quota"),
        (("adjust", KIND, ORGAN, 2026, 5, "--as", KEEPER, "--reason", " "), "bad_input"),
    ],
)
def test_what_cannot_be_entered(banjie, home, words, code):
    refused = banjie("quota", *words, "--document", "人发〔2026〕1号", "--json")

    assert (refused.code, refused.error["code"]) == (1, code)


def test_a_grant_adds_and_is_told(banjie, home):
    granted = banjie("quota", "grant", KIND, ORGAN, 2026, 5, "--document", "人发〔2026〕1号", "--as", KEEPER)

    assert granted.code == 0
    assert "人发〔2026〕1号" in granted.out
    again = banjie(
        "quota", "grant", KIND, ORGAN, 2026, 5, "--document", "人发〔2026〕1号", "--as", KEEPER, "--json"
    )
    assert again.json["places"] == 100_005
