"""Looking up a case by its slip (人事服务单): what the holder sees, and that nobody else sees anything."""

from __future__ import annotations

import re

import pytest

from tests.integration.transfers import FORM


def seen(client, no, code, **more):
    return client.post("/cases", data={"no": no, "code": code}, **more)


def test_the_slips_holder_sees_where_the_case_is_and_who_holds_it(client, transfers, code_of):
    no = transfers.file()
    transfers.act(no, "pan-haiyan", "endorse", text="符合条件")

    page = seen(client, no, code_of(no)).text

    assert "部内批准" in page
    assert "主管部门人事司批准人 · 国家水文海岸部（示例）" in page
    assert "2026年9月7日" in page
    assert "部内批准环节时限" in page
    assert "自 2026-09-07 起算，当日不计入，期限 3 个工作日" in page
    assert "王某" in page


def test_dates_are_explained_and_the_provisional_ones_flagged(client, transfers, code_of):
    no = transfers.file()
    transfers.to_the_notice(no)
    transfers.days(9)
    transfers.act(no, "gu-weimin", "sign_and_issue")
    transfers.days(30)

    page = seen(client, no, code_of(no), headers={"accept-language": "en"}).text

    assert "Awaiting arrival" in page
    assert "It now waits for the filing party." in page
    assert "Agreed" in page
    assert '<time datetime="2026-12-16">' in page
    assert "under the organ&#39;s own published promise" in page
    for milestone in (
        "Filing received",
        "Accepted",
        "Public notice begins",
        "Public notice is over",
        "Reply of agreement",
    ):
        assert milestone in page


def test_what_is_to_be_supplemented_is_told(client, transfers, code_of):
    no = transfers.file()
    for person, action, fields in (
        ("pan-haiyan", "endorse", {"text": "可"}),
        ("jiang-yuanbo", "approve_report", {}),
        ("shui-qingqing", "report_up", {"letter": "水人函〔2026〕7号", "signer": "江远波"}),
        ("lin-xiaotang", "request_supplement", {"defects": ["appraisal", "档案目录缺页"]}),
    ):
        transfers.act(no, person, action, **fields)

    page = seen(client, no, code_of(no)).text

    assert "需要补正的全部内容" in page
    assert "近三年考核材料" in page
    assert "档案目录缺页" in page


def test_a_broken_promise_is_called_just_that(client, transfers, code_of):
    no = transfers.file()
    transfers.days(8)

    page = seen(client, no, code_of(no)).text

    assert "承诺超时" in page
    assert "法定时限" not in page


def test_a_wrong_code_and_an_unknown_number_are_answered_alike(client, transfers, code_of):
    no = transfers.file()
    code = code_of(no)
    wrong, unknown = seen(client, no, "ABCDEFGHJK"), seen(client, "JWDG-2026-99999", code)

    assert wrong.status_code == unknown.status_code == 404
    assert wrong.text.replace(no, "N") == unknown.text.replace("JWDG-2026-99999", "N")
    assert "没有与该办件编号和查询码都相符的办件" in wrong.text

    first = client.get(f"/api/v1/public/cases/{no}", params={"code": "ABCDEFGHJK"})
    second = client.get("/api/v1/public/cases/JWDG-2026-99999", params={"code": code})
    assert first.status_code == second.status_code == 404
    assert first.text.replace(no, "N") == second.text.replace("JWDG-2026-99999", "N")


@pytest.mark.parametrize("code", ["", " ", "查询码", "a" * 150, "' OR 1=1 --", "\x00"])
def test_no_other_code_opens_a_case(client, transfers, code):
    no = transfers.file()

    answer = seen(client, no, code)

    assert answer.status_code in (404, 422)
    assert "王某" not in answer.text


def test_a_code_that_was_erased_opens_nothing(client, transfers, store, code_of):
    no = transfers.file()
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM personal_values")

    assert seen(client, no, "").status_code == 422
    assert seen(client, no, "----------").status_code == 404


def test_number_and_code_may_be_typed_as_people_type(client, transfers, code_of):
    no = transfers.file()
    code = code_of(no).lower()

    assert seen(client, f" {no.lower()} ", f"{code[:5]} {code[5:]}").status_code == 200
    assert seen(client, no.replace("-", "－"), code).status_code == 200


def test_an_empty_field_is_named(client):
    page = seen(client, "", "")

    assert page.status_code == 422
    assert "请填写办件编号" in page.text
    assert "请填写查询码" in page.text
    assert page.text.count('aria-invalid="true"') == 2


def test_the_code_stands_in_no_address_and_the_name_nowhere(client, transfers, code_of):
    no = transfers.file()
    code = code_of(no)

    for page in (seen(client, no, code), client.get(f"/cases?no={no}&code={code}")):
        assert page.status_code == 200
        assert not re.search(rf'(?:href|action)="[^"]*{code}', page.text)
        for secret in (FORM["name"], FORM["id_number"], FORM["present_unit"], FORM["receiving_post"]):
            assert secret not in page.text


def test_the_other_language_keeps_the_case(client, transfers, code_of):
    no = transfers.file()
    page = seen(client, no, code_of(no))
    form = re.search(r'<form class="language".*?</form>', page.text, re.DOTALL)[0]
    action = re.search(r'action="([^"]+)"', form)[1]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]+)"', form))

    english = client.post(action, data=fields)

    assert english.status_code == 200
    assert '<html lang="en">' in english.text
    assert no in english.text


def test_the_slip_can_be_printed_again_by_who_holds_it(client, transfers, code_of):
    no = transfers.file()
    transfers.to_the_notice(no)
    code = code_of(no)

    slip = client.post("/cases/slip", data={"no": no, "code": code})

    assert slip.status_code == 200
    for words in (
        "人事服务单",
        "京外调干审批",
        no,
        code,
        "王某",
        "已受理",
        "受理岗 林晓棠",
        "办理期限：已停止计时",
    ):
        assert words in slip.text
    assert FORM["name"] not in slip.text
    assert "style-src 'sha256-" in slip.headers["content-security-policy"]
    assert client.post("/cases/slip", data={"no": no, "code": "ABCDEFGHJK"}).status_code == 404
