"""Public notices: the allow-list and nothing else while they stand, a count when they are over."""

from __future__ import annotations

import json

from tests.integration.transfers import FORM
from workflow.domain.publication import SMALL

HIDDEN = ("id_number", "present_unit", "present_region", "receiving_post")


def everywhere(client):
    """Everything that anybody can read without a slip."""
    pages = ("/", "/notices", "/notices?lang=en", "/statistics", "/cases")
    data = ("/api/v1/notices", "/api/v1/notices?kind=after", "/api/v1/public/statistics", "/metrics")
    return "\n".join(client.get(path).text for path in (*pages, *data))


def test_a_notice_before_effect_shows_its_list_and_the_name_that_one_may_object_to(client, transfers):
    no = transfers.file()
    transfers.to_the_notice(no)

    page = client.get("/notices").text

    for words in (
        FORM["name"],
        "海岸监测中心",
        "国家水文海岸部（示例）",
        "工作需要引进人才",
        "水人函〔2026〕7号",
    ):
        assert words in page
    assert '<time datetime="2026-09-14">2026年9月14日</time>' in page
    assert "以书面形式向京外调配处（示例）反映" in page


def test_nothing_that_is_not_on_the_list_is_to_be_found_anywhere(client, transfers, code_of):
    no = transfers.file()
    transfers.to_the_notice(no)

    text = everywhere(client)

    for secret in (no, code_of(no), *(FORM[field] for field in HIDDEN)):
        assert secret not in text, secret


def test_when_a_notice_is_over_only_a_count_remains(client, transfers):
    no = transfers.file()
    transfers.to_the_notice(no)
    transfers.days(9)

    page = client.get("/notices").text

    assert FORM["name"] not in page
    assert "海岸监测中心" not in page
    assert "目前没有正在公示的事项" in page
    assert f"京外调干审批：少于 {SMALL} 件" in page
    assert client.get("/api/v1/notices").json() == {"notices": [], "next": None}


def test_an_erased_name_leaves_a_notice_without_one(client, transfers, store):
    no = transfers.file()
    transfers.to_the_notice(no)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM personal_values")

    facts = client.get("/api/v1/notices").json()["notices"][0]["facts"]

    assert {fact["field"]: fact["value"] for fact in facts}["name"] == ""
    assert client.get("/notices").status_code == 200


def test_pages_of_notices_follow_one_another_without_gap_or_double(client, transfers):
    for number in range(5):
        no = transfers.file(f"filing-{number}", name=f"王{number}甲")
        transfers.to_the_notice(no)

    found, mark = [], None
    for _ in range(3):
        page = client.get("/api/v1/notices", params={"limit": 2} | ({"after": mark} if mark else {})).json()
        found += [
            fact["value"] for notice in page["notices"] for fact in notice["facts"] if fact["field"] == "name"
        ]
        mark = page["next"]
    assert len(found) == 5
    assert mark is None

    refused = client.get("/api/v1/notices", params={"after": "no-such-place"})
    assert refused.status_code == 400
    assert refused.json()["code"] == "bad_input"
    assert json.loads(refused.text)["status"] == 400
