"""The JSON for programs: described, stable in its words, and problems told as problems."""

from __future__ import annotations

import pytest

from tests.integration.transfers import FORM


def test_it_is_described(client):
    described = client.get("/api/openapi.json").json()

    assert described["openapi"].startswith("3.")
    assert set(described["paths"]) == {
        "/api/v1/matters",
        "/api/v1/matters/{code}",
        "/api/v1/public/cases/{no}",
        "/api/v1/notices",
        "/api/v1/public/statistics",
        "/api/v1/public/statistics/{year}",
        "/api/v1/public/statistics/{year}.csv",
    }
    for path in described["paths"].values():
        assert set(path) == {"get"}
        assert "503" in path["get"]["responses"]


def test_matters_come_with_regime_and_provenance(client):
    found = {matter["code"]: matter for matter in client.get("/api/v1/matters").json()["matters"]}

    assert found["transfer-into-beijing"]["regime"] == "non_licensing_approval"
    assert found["talent-agency-licence"]["provenance"] == "attested"
    assert "environmental-permit-nl" not in found


@pytest.mark.parametrize(
    ("lang", "title"), [("zh-CN", "京外调干审批"), ("en", "Transfer of cadres into Beijing from outside")]
)
def test_a_matter_is_told_in_the_language_that_is_asked_for(client, lang, title):
    by_address = client.get("/api/v1/matters/transfer-into-beijing", params={"lang": lang}).json()
    by_header = client.get("/api/v1/matters/transfer-into-beijing", headers={"accept-language": lang}).json()

    assert by_address["card"]["title"] == by_header["card"]["title"] == title
    limits = {limit["clock"]: limit for limit in by_address["limits"]}
    assert limits["handling"]["period"] == "20wd"
    assert limits["handling"]["nature"] == "promise"


def test_a_case_by_its_slip(client, transfers, code_of):
    no = transfers.file()
    transfers.to_the_notice(no)

    case = client.get(f"/api/v1/public/cases/{no}", params={"code": code_of(no), "lang": "en"}).json()

    assert (case["no"], case["state"], case["stage"]) == (no, "publicity", "publicize")
    assert case["holder"] == {
        "kind": "organ",
        "post": "Handler",
        "organ": "Division of Transfers into Beijing (sample)",
    }
    periods = {period["clock"]: period for period in case["periods"]}
    assert periods["publicity"]["due_on"] == "2026-09-14"
    assert periods["publicity"]["provisional"] is False
    assert "5 working days" in periods["publicity"]["explanation"]
    assert periods["handling"]["standing"] == "stopped"
    assert case["facts"][0] == {"field": "name", "title": "Name", "value": "王某"}
    assert FORM["name"] not in str(case)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/matters/none", 404, "unknown_matter"),
        ("/api/v1/public/cases/none?code=x", 404, "unknown_case"),
        ("/api/v1/public/cases/none", 422, "bad_fields"),
        ("/api/v1/notices?kind=other", 422, "bad_fields"),
        ("/api/v1/notices?limit=0", 422, "bad_fields"),
        ("/api/v1/nothing", 404, "not_found"),
    ],
)
def test_a_problem_is_told_as_a_problem(client, path, status, code):
    answer = client.get(path, headers={"accept-language": "en"})

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "code"}
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"urn:banjie:problem:{code}"


def test_a_wrong_field_is_named_but_its_value_is_not_repeated(client):
    problem = client.get("/api/v1/public/cases/A", params={"code": "S" * 101}).json()

    assert "code" in problem["detail"]
    assert "SSS" not in problem["detail"]


def test_figures_are_held_back_where_they_would_point_at_persons(client, transfers):
    for number in range(6):
        no = transfers.file(f"filing-{number}")
        if number < 3:
            transfers.act(no, "shui-qingqing", "withdraw", reasons="本人意愿变化")

    found = client.get("/api/v1/public/statistics").json()
    line = next(one["figures"] for one in found["matters"] if one["matter"] == "transfer-into-beijing")

    assert line == {"filed": 6, "concluded": None, "timed": 0, "timely": 0, "rate": None}
    assert found["total"]["concluded"] is None
    assert found["total"]["filed"] == 6
    assert found["simulated"] is True
    page = client.get("/statistics").text
    assert "少于 5" in page


def test_a_year_as_open_data(client, transfers):
    for number in range(6):
        no = transfers.file(f"filing-{number}")
        transfers.act(no, "shui-qingqing", "withdraw", reasons="本人意愿变化")

    found = client.get("/api/v1/public/statistics/2026").json()
    row = next(one for one in found["rows"] if one["matter"] == "transfer-into-beijing")
    table = client.get("/api/v1/public/statistics/2026.csv")

    assert (row["concluded"], row["withdrawn"], row["on_time"]) == (6, 6, 0)
    assert set(row) == {column["column"] for column in found["columns"]}
    assert table.headers["content-type"].startswith("text/csv")
    assert table.text.lstrip("\ufeff").splitlines()[0].split(",") == [
        one["column"] for one in found["columns"]
    ]
    assert client.get("/api/v1/public/statistics/1000").status_code in (400, 422)


def test_the_rate_names_its_denominator(client, transfers):
    # All of one letter come in before any of them is concluded: an answered letter takes no more.
    filed = [transfers.file(f"filing-{number}") for number in range(5)]
    for no in filed:
        transfers.to_the_notice(no)
    transfers.days(9)
    for no in filed:
        transfers.act(no, "gu-weimin", "sign_and_issue")

    page = client.get("/statistics").text

    assert "100.0%" in page
    assert "5 / 5 件" in page
