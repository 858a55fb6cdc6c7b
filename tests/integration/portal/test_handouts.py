"""What the public takes with it, over the portal: right kind, right language, safe, and only of public matters."""

from __future__ import annotations

import re

import pytest
from lxml import etree

BEIJING = "/matters/transfer-into-beijing"


@pytest.mark.parametrize(
    ("path", "kind", "begins"),
    [
        (f"{BEIJING}/chart.svg", "image/svg+xml", b"<svg"),
        (f"{BEIJING}/process.bpmn", "application/xml", b"<?xml"),
        (f"{BEIJING}/guide.pdf", "application/pdf", b"%PDF-"),
        (f"{BEIJING}/card.pdf", "application/pdf", b"%PDF-"),
        ("/catalogue.csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
        ("/catalogue.json", "application/json", b"{"),
        ("/catalogue", "text/html; charset=utf-8", b"<!doctype html>"),
    ],
)
def test_each_is_there_and_says_what_it_is(client, path, kind, begins):
    given = client.get(path)

    assert given.status_code == 200
    assert given.headers["content-type"] == kind
    assert given.content.startswith(begins)
    assert given.headers["vary"] == "accept-language, cookie"
    assert "script-src 'none'" in given.headers["content-security-policy"]
    assert client.head(path).status_code == 200


def test_a_chart_is_in_the_readers_language_and_marks_the_step(client):
    chinese = etree.fromstring(client.get(f"{BEIJING}/chart.svg?lang=zh-CN&state=under_check").content)
    english = etree.fromstring(client.get(f"{BEIJING}/chart.svg?lang=en&shape=narrow").content)

    assert chinese.xpath("//*[@aria-current='step']/@id") == ["state-under_check"]
    assert english.get("lang") == "en"
    assert int(english.get("width")) < int(chinese.get("width"))


def test_a_step_of_an_older_definition_is_no_error(client):
    chart = client.get(f"{BEIJING}/chart.svg?state=abolished")

    assert chart.status_code == 200
    assert b"aria-current" not in chart.content


def test_a_chart_needs_nothing_that_the_policy_forbids(client):
    chart = client.get(f"{BEIJING}/chart.svg").text

    assert not re.search(r"<style|<script|style=|href=|url\(|<image|<foreignObject", chart)


def test_nothing_is_handed_out_of_a_matter_that_is_not_shown(client):
    for name in ("chart.svg", "process.bpmn", "guide.pdf", "card.pdf"):
        assert client.get(f"/matters/environmental-permit-nl/{name}").status_code == 404


def test_the_guide_leads_to_its_chart_and_papers_and_the_list_to_the_catalogue(client):
    guide = client.get(BEIJING).text

    assert f'srcset="{BEIJING}/chart.svg?shape=narrow&amp;lang=zh-CN"' in guide
    assert all(f'href="{BEIJING}/{name}"' in guide for name in ("guide.pdf", "card.pdf", "process.bpmn"))
    assert 'href="/catalogue"' in client.get("/matters").text


def test_a_case_leads_to_its_place_on_the_chart(client, transfers, code_of):
    no = transfers.file()
    page = client.post("/cases", data={"no": no, "code": code_of(no)}).text

    (address,) = re.findall(r'href="(/matters/[\w-]+/chart\.svg\?state=\w+)"', page)
    assert "当前环节" in client.get(address).text


def test_the_catalogue_tells_what_is_missing(client):
    page = client.get("/catalogue").text

    assert "政务公开目录" in page
    assert "没有内容的类目：" in page


def test_every_matter_and_page_of_the_catalogue_can_be_reached(client):
    main = client.get("/catalogue").text.partition("<main")[2]
    addresses = set(re.findall(r'href="(/(?:matters/|statistics|notices)[^"]*)"', main))

    assert {"/statistics", "/notices", BEIJING} <= addresses
    assert all(client.get(address).status_code == 200 for address in addresses)
