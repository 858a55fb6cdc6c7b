"""`banjie case`: a transfer filed and walked to the archive by the people of the sample directory, line by line."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from tests.integration.transfers import AFTER_THE_NOTICE, FORM, MATTER, TO_THE_NOTICE
from tests.integration.workers.conftest import FORM as LICENCE


@pytest.fixture
def no(banjie, home, filing):
    return banjie("case", "submit", MATTER, "--file", filing(), "--json").json["no"]


def test_a_case_is_walked_from_filing_to_archive(banjie, transfers, no):
    """The people act by the command line; between their acts the system does what is its own."""
    for person, action, fields in TO_THE_NOTICE:
        said = banjie("case", "act", no, action, "--as", person, "--file", "-", stdin=json.dumps(fields))
        assert (said.code, said.err) == (0, "") or "自动办理" in said.err
        transfers.settle()
    transfers.days(9)
    for person, action, fields in AFTER_THE_NOTICE:
        assert (
            banjie("case", "act", no, action, "--as", person, "--file", "-", stdin=json.dumps(fields)).code
            == 0
        )
        transfers.settle()

    shown = banjie("case", "show", no, "--json").json
    assert (shown["state"], shown["outcome"], shown["actions"]) == ("archived", "agreed", [])
    assert [paper["number"] for paper in shown["documents"] if paper["number"]] == [
        "国人函〔2026〕1号",
        "国人调〔2026〕1号",
    ]
    assert all(paper["delivered"] for paper in shown["documents"])
    assert banjie("audit", "verify", "--case", no).code == 0


def test_filing_tells_the_number_the_query_code_and_who_does_the_rest(banjie, home, filing):
    said = banjie("case", "submit", MATTER, "--file", filing())

    assert said.code == 0
    assert "JWDG-2026-00001（京外调干审批）" in said.out
    assert re.search(r"查询码：[2-9A-HJKMNP-Z]{10}\n", said.out)
    assert said.err == "本机没有工作进程：自动环节和期限预警要等 banjie serve 或 banjie worker 启动后才进行\n"


def test_the_same_content_is_the_same_filing(banjie, home, filing, rows):
    first = banjie("case", "submit", MATTER, "--file", filing(), "--json").json
    before = rows()
    second = banjie("case", "submit", MATTER, "--file", filing("again.json"), "--json").json

    assert second == {**first, "repeated": True}
    assert rows() == before


def test_another_content_or_another_key_is_another_filing(banjie, home, filing):
    first = banjie("case", "submit", MATTER, "--file", filing(), "--json").json
    other = banjie("case", "submit", MATTER, "--file", filing(form={**FORM, "name": "李四"}), "--json").json
    again = banjie("case", "submit", MATTER, "--file", filing(), "--key", "once more", "--json").json

    assert len({first["no"], other["no"], again["no"]}) == 3


def test_the_key_made_from_the_content_cannot_be_guessed_from_the_content(
    banjie, home, empty_home, filing, tmp_path, monkeypatch
):
    key = banjie("case", "submit", MATTER, "--file", filing(), "--json").json["key"]
    monkeypatch.setenv("BANJIE_HOME", str(tmp_path / "elsewhere"))
    elsewhere = banjie("case", "submit", MATTER, "--file", filing(), "--json").json["key"]

    assert key != elsewhere
    assert (empty_home / "filing.secret").stat().st_mode & 0o777 == 0o600


def test_a_filing_may_come_from_stdin_as_yaml_or_json(banjie, home, filing):
    for name in ("filing.yaml", "filing.json"):
        text = filing(name).read_text("utf-8")
        assert banjie("case", "submit", MATTER, "--file", "-", "--key", name, stdin=text).code == 0


def test_as_says_who_files_before_the_file_does(banjie, home, filing):
    said = banjie("case", "submit", MATTER, "--file", filing(**{"as": "nobody"}), "--as", "lu-xiaochao")

    assert said.code == 0


def test_without_as_it_is_whoever_is_logged_in(banjie, home, filing, monkeypatch):
    monkeypatch.setenv("LOGNAME", "lu-xiaochao")

    assert banjie("case", "submit", MATTER, "--file", filing(**{"as": None})).code == 0


def test_the_first_filing_makes_the_database_on_real_time(banjie, empty_home, filing):
    said = banjie("case", "submit", MATTER, "--file", filing())

    assert said.code == 0
    assert empty_home.stat().st_mode & 0o777 == 0o700
    clock = next(c for c in banjie("doctor", "--json").json["checks"] if c["name"] == "clock")
    assert clock["found"].startswith("真实时间")


def test_a_first_filing_that_is_refused_leaves_no_case(banjie, empty_home, filing):
    said = banjie("case", "submit", "no-such-matter", "--file", filing())

    assert said.code == 1
    assert said.err.startswith("unknown_matter: ")
    assert banjie("case", "list", "--json").json["cases"] == []


def test_showing_hides_personal_values_unless_they_are_needed(banjie, no):
    hidden, whole = banjie("case", "show", no), banjie("case", "show", no, "--personal")

    assert FORM["id_number"] not in hidden.out
    assert "王某" in hidden.out
    assert FORM["name"] not in hidden.out
    assert FORM["id_number"] in whole.out
    assert FORM["name"] in whole.out
    assert banjie("case", "show", no, "--json").json["form"]["id_number"] == "***"
    assert banjie("case", "show", no, "--json", "--personal").json["form"]["id_number"] == FORM["id_number"]


def test_a_personal_value_that_was_erased_is_shown_as_such(banjie, no, store):
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM personal_values WHERE field = 'form.name'")

    assert "（已依法删除）" in banjie("case", "show", no, "--personal").out
    assert banjie("case", "show", no, "--json").json["form"]["name"] is None
    assert banjie("audit", "verify").code == 0


def test_showing_says_what_can_be_done_and_by_whom(banjie, no):
    assert "endorse         审查通过（主管部门人事司审查人）" in banjie("case", "show", no).out
    shown = banjie("case", "show", no, "--json").json
    assert {"action": "endorse", "by": ["ministry_reviewer"]} in shown["actions"]


def test_the_form_is_shown_in_the_order_in_which_it_is_filled_in(banjie, no):
    lines = banjie("case", "show", no).out.splitlines()
    form = lines[lines.index("填报内容") + 1 :]

    assert [line.split()[0] for line in form[:3]] == ["姓名", "公民身份号码", "性别"]


def test_the_history_is_told_in_the_readers_language(banjie, no):
    banjie("case", "act", no, "endorse", "--as", "pan-haiyan", "--file", "-", stdin="text: 符合条件")

    assert "潘海晏（主管部门人事司审查人）" in banjie("case", "history", no).out
    english = banjie("--lang", "en", "case", "history", no).out
    assert "Endorse" in english
    assert "now Internal approval" in english
    events = banjie("case", "history", no, "--json").json["events"]
    assert [event["seq"] for event in events] == [1, 2, 3, 4, 5]
    assert events[2]["payload"]["action"] == "endorse"
    assert re.fullmatch("[0-9a-f]{64}", events[0]["hash"])


def test_the_periods_are_shown_with_their_reasons_when_asked(banjie, no):
    plain, explained = banjie("case", "clocks", no), banjie("case", "clocks", no, "--explain")

    assert "部内审查环节时限" in plain.out
    assert "还有 3 个工作日" in plain.out
    assert "起算之日" not in plain.out
    assert "2026-09-07  一          起算之日，不计入" in explained.out
    assert "2026-09-10  四    3     工作日" in explained.out
    clock = banjie("case", "clocks", no, "--json", "--explain").json["clocks"][0]
    assert (clock["due_on"], clock["held"]["post"]) == ("2026-09-10", "ministry_reviewer")
    assert sum(day["counted"] for day in clock["explanation"]["days"]) == 3


def test_a_stopped_period_says_on_what_ground(banjie, transfers, no):
    transfers.to_the_notice(no)

    assert "停止计时：公示" in banjie("case", "clocks", no).out


def test_an_act_can_be_entered_late_with_the_time_at_which_it_took_effect(banjie, transfers, no):
    transfers.days(2)
    late = transfers.store.clock().now - timedelta(hours=26)
    said = banjie(
        "case", "act", no, "endorse", "--as", "pan-haiyan", "--effective-at", late.isoformat(),
        "--file", "-", stdin="text: 符合条件",
    )  # fmt: skip

    assert said.code == 0
    assert "补记于 2026-09-09 09:00" in banjie("case", "history", no).out


def test_cases_are_listed(banjie, no, filing):
    other = banjie("case", "submit", MATTER, "--file", filing(), "--key", "other", "--json").json["no"]

    listed = banjie("case", "list", "--json").json
    assert [case["no"] for case in listed["cases"]] == [no, other]
    assert listed["next"] is None
    assert banjie("case", "list", "--limit", "1", "--json").json["next"] == no
    assert other in banjie("case", "list", "--after", no).out
    assert no not in banjie("case", "list", "--after", no).out
    assert banjie("case", "list", "--matter", "another").out == "没有办件\n"


def test_findings_are_listed_page_by_page(banjie, transfers, no):
    transfers.days(9)

    said = banjie("findings", "list", "--limit", "2")
    assert "红牌" in said.out
    assert "潘海晏" in said.out
    mark = re.search(r"--after (\S+)", said.err).group(1)
    assert "提示" in banjie("findings", "list", "--after", mark).out
    found = banjie("findings", "list", "--colour", "yellow", "--json").json
    assert [(item["no"], item["colour"]) for item in found["findings"]] == [(no, "yellow")]
    assert banjie("findings", "list", "--post", "handler").out == "没有预警纠错记录\n"


def test_on_postgresql_it_is_the_same(banjie, empty_home, postgres_url, filing, monkeypatch):
    monkeypatch.setenv("BANJIE_DATABASE_URL", postgres_url)
    assert banjie("db", "upgrade", "--json").json["clock"] == "real"

    no = banjie("case", "submit", MATTER, "--file", filing(), "--json").json["no"]
    done = banjie("case", "act", no, "endorse", "--as", "pan-haiyan", "--file", "-", stdin="text: 符合条件")

    assert done.code == 0
    assert banjie("case", "show", no, "--json").json["state"] == "internal_approval"
    assert "潘海晏" in banjie("case", "history", no).out
    assert banjie("case", "clocks", no, "--explain").code == 0
    assert banjie("findings", "list").out == "没有预警纠错记录\n"
    assert banjie("audit", "verify", "--json").json["ok"] is True
    # The server of the tests does without its disk, and the doctor says so; all else is well.
    checks = banjie("doctor", "--json").json["checks"]
    assert {check["name"] for check in checks if check["verdict"] == "wrong"} == {"durable"}
    assert not (empty_home / "banjie.db").exists()


def test_a_licence_is_shown_with_its_applicant(banjie, home, transfers, filing):
    catalog = transfers.banjie.catalog
    officer = next(h for h in catalog.directory.holdings if h.kind == "agency_officer")
    materials = list(catalog.matters["talent-agency-licence"].definition.materials)
    content = {"as": officer.person, "form": LICENCE, "materials": materials}
    said = banjie("case", "submit", "talent-agency-licence", "--file", filing(**content), "--json").json

    shown = banjie("case", "show", said["no"]).out

    assert f"申请人  {catalog.organ_name(officer.organ, 'zh-CN')}" in shown
    assert "用人单位" not in shown
