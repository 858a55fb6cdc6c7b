"""Every page, in both languages: it is there, it says what it must, it is safe, and it writes nothing."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from workflow.storage import tables as t

PAGES = (
    "/",
    "/matters",
    "/matters/transfer-into-beijing",
    "/matters/talent-agency-licence",
    "/cases",
    "/notices",
    "/statistics",
)
JSON = (
    "/api/v1/matters",
    "/api/v1/matters/transfer-into-beijing",
    "/api/v1/notices",
    "/api/v1/notices?kind=after",
    "/api/v1/public/statistics",
    "/api/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
)
CJK = re.compile("[\u4e00-\u9fff]")


def everything(store):
    """Every row of every table."""
    with store.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in t.metadata.sorted_tables
        }


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_page_is_there_in_both_languages(client, transfers, lang):
    no = transfers.file()
    transfers.to_the_notice(no)

    for path in PAGES:
        page = client.get(path, headers={"accept-language": lang})
        assert page.status_code == 200, path
        assert f'<html lang="{lang}">' in page.text
        assert page.text.count("<h1") == 1, path
        heading = re.sub(r"<[^>]+>", "", re.search(r"<h1.*?</h1>", page.text, re.DOTALL)[0])
        assert bool(CJK.search(heading)) == (lang == "zh-CN"), path
        assert page.headers["vary"] == "accept-language, cookie"


def test_the_language_that_is_chosen_is_kept(client):
    chosen = client.get("/?lang=en", headers={"accept-language": "zh"})
    later = client.get("/matters", headers={"accept-language": "zh"})

    assert '<html lang="en">' in chosen.text
    assert '<html lang="en">' in later.text
    assert 'href="/matters?lang=zh-CN"' in later.text


def test_reading_writes_nothing(client, transfers, store, code_of):
    no = transfers.file()
    transfers.to_the_notice(no)
    before = everything(store)

    for path in (*PAGES, *JSON, f"/cases?no={no}&code={code_of(no)}", "/nothing"):
        assert client.get(path).status_code < 500, path
        assert client.head(path).status_code in (200, 404, 405), path
    client.post("/cases", data={"no": no, "code": code_of(no)})
    client.post("/cases/slip", data={"no": no, "code": code_of(no)})

    assert everything(store) == before


def test_every_answer_carries_the_headers_that_keep_it_safe(client):
    for path in (*PAGES, *JSON, "/nothing", "/api/nothing", "/static/seal.svg"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy, path
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_a_page_holds_nothing_that_the_policy_would_refuse(client, transfers):
    transfers.to_the_notice(transfers.file())

    for path in PAGES:
        text = client.get(path).text
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", text), path
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text), path


def test_what_concerns_a_case_is_kept_by_nobody(client):
    assert client.get("/cases").headers["cache-control"] == "no-store"
    assert client.post("/cases", data={"no": "A", "code": "B"}).headers["cache-control"] == "no-store"
    assert client.get("/api/v1/public/cases/A?code=B").headers["cache-control"] == "no-store"
    assert client.get("/").headers["cache-control"] == "no-cache"
    assert "immutable" in client.get("/static/portal.css").headers["cache-control"]


def test_a_guide_is_told_in_full(client):
    page = client.get("/matters/talent-agency-licence").text

    for block in (
        "适用范围",
        "办理条件",
        "申请材料",
        "办理程序",
        "办理时限",
        "办理责任",
        "办理结果",
        "救济途径",
        "设定依据",
    ):
        assert f">{block}</h2>" in page
    assert "行政许可" in page
    assert "有据可考" in page
    assert "《行政许可法》第四十二条第一款" in page
    assert "20 个工作日" in page
    assert "可以延长一次，不超过 10 个工作日" in page
    assert "不计入期限：听证" in page
    assert "逾期不告知的，自收到申请材料之日起即为受理" in page
    assert "承办人 · 人才市场管理处（示例）" in page


@pytest.mark.parametrize(("lang", "title"), [("zh-CN", "没有找到您要的页面"), ("en", "Page not found")])
def test_errors_are_pages_too(client, lang, title):
    for path in (
        "/nothing",
        "/matters/no-such-matter",
        "/matters/environmental-permit-nl",
        "/static/none.css",
    ):
        page = client.get(path, headers={"accept-language": lang})
        assert page.status_code == 404
        assert title in page.text, path
        assert f'<html lang="{lang}">' in page.text

    assert client.delete("/cases").status_code == 405


def test_a_fault_of_ours_is_a_page_that_gives_nothing_away(client, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("the secret of /srv/banjie")

    monkeypatch.setattr("portal.public.statistics", broken)
    monkeypatch.setattr("portal.api.public.statistics", broken)

    page = client.get("/statistics")
    assert page.status_code == 500
    assert "系统出错了" in page.text
    assert "secret" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]

    problem = client.get("/api/v1/public/statistics")
    assert problem.json()["code"] == "internal"
    assert "secret" not in problem.text
