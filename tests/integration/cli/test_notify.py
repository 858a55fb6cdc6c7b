"""`banjie notify`: preferences kept and checked, what was sent and what was not, and what `doctor` says of it."""

from __future__ import annotations

import pytest

from tests.integration.notify.receivers import closed_port, mail_server
from workflow.bootstrap import bootstrap
from workflow.config import Settings
from workflow.engine.notifying import Ended, deliver
from workflow.storage.notification_rows import delivery_id

CHANNELS = """
default = ["mail"]
[channels.mail]
kind = "mail"
host = "127.0.0.1"
port = {port}
security = "insecure"
from = "banjie@office.example"
"""


@pytest.fixture
def post(home):
    with mail_server() as post:
        (home / "notify.toml").write_text(CHANNELS.format(port=post.port), "utf-8")
        (home / "notify.toml").chmod(0o600)
        yield post


@pytest.fixture
def person(transfers):
    return next(iter(transfers.banjie.catalog.directory.persons))


def test_preferences_are_shown_as_they_were_set(banjie, post, person):
    said = banjie(
        *("notify", "preferences", "set", person, "--as", person, "--channel", "mail"),
        *("--address", "mail=zhang@office.example", "--language", "en", "--digest", "08:30"),
        *("--quiet", "22:00-07:30", "--decline", "urging", "--json"),
    )
    assert said.code == 0, said.err

    shown = banjie("notify", "preferences", "show", person, "--json").json

    assert shown == said.json
    assert shown == {
        "person": person,
        "language": "en",
        "channels": ["mail"],
        "addresses": {"mail": "zhang@office.example"},
        "digest": "08:30",
        "quiet": ["22:00", "07:30"],
        "declined": ["urging"],
    }
    page = banjie("notify", "preferences", "show", person).out
    assert "免打扰" in page
    assert "催办" in page


def test_what_is_written_otherwise_stays_as_it_was(banjie, post, person):
    change = ("notify", "preferences", "set", person, "--as", person)
    banjie(*change, "--address", "mail=zhang@office.example", "--decline", "urging")

    said = banjie(*change, "--accept", "urging", "--quiet", "-", "--channel", "-", "--json").json

    assert said["addresses"] == {"mail": "zhang@office.example"}
    assert (said["declined"], said["quiet"], said["channels"]) == ([], None, [])


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--decline", "card_red"),
        ("--decline", "order"),
        ("--decline", "weather"),
        ("--channel", "pigeon"),
        ("--language", "fr"),
        ("--digest", "8 o'clock"),
        ("--quiet", "22:00-25:00"),
        ("--address", "mail=nobody"),
        ("--address", "mail=a@b.example\nBcc: c@d.example"),
    ],
)
def test_what_makes_no_sense_is_refused_and_not_kept(banjie, post, person, store, option, value):
    said = banjie("notify", "preferences", "set", person, "--as", person, option, value, "--json")

    assert said.code == 1
    assert said.error["code"] == "bad_input"
    assert store.notifications.wishes(person) is None


def test_nobody_sets_the_preferences_of_another(banjie, post, transfers):
    first, second = list(transfers.banjie.catalog.directory.persons)[:2]

    said = banjie(
        "notify", "preferences", "set", first, "--as", second, "--address", "mail=x@y.example", "--json"
    )

    assert said.code == 1
    assert said.error["code"] == "not_system_administrator"


def test_a_trial_goes_out_at_once(banjie, post, person):
    assert banjie("notify", "test", person).code == 1
    banjie("notify", "preferences", "set", person, "--as", person, "--address", "mail=zhang@office.example")

    said = banjie("notify", "test", person)

    assert said.code == 0, said.err
    assert said.out == "mail：已发出\n"
    assert post.last["Subject"] == "【测试】办结系统消息"


def test_what_cannot_be_delivered_is_seen_and_sent_anew(banjie, home, post, person, store, filing):
    banjie("notify", "preferences", "set", "filer", "--as", "filer")
    filed = banjie("case", "submit", "transfer-into-beijing", "--file", filing(), "--json").json
    case_id = store.case_id(filed["no"])
    with store._writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO notifications (case_id, seq, kind, recipient, id, raised_at, due_at, standing, error, attempts)"
            f" VALUES ('{case_id}', 1, 'urging', '{person}', '{delivery_id(case_id, 1, 'urging', person)}',"
            " '2026-09-07T01:00:00.000000Z', '1970-01-01T00:00:00.000000Z', 'dead', 'smtp_554', 10)"
        )

    (dead,) = banjie("notify", "list", "--dead", "--json").json["notifications"]
    assert (dead["no"], dead["error"], dead["attempts"]) == (filed["no"], "smtp_554", 10)
    assert "试过 10 次：smtp_554" in banjie("notify", "list", "--case", filed["no"]).out
    checks = banjie("doctor", "--json").json["checks"]
    assert [one["verdict"] for one in checks if one["name"] == "notify" and "1" in one["found"]] == ["note"]

    banjie("notify", "preferences", "set", person, "--as", person, "--address", "mail=zhang@office.example")
    assert banjie("notify", "retry", dead["id"]).code == 0
    assert banjie("notify", "retry", "nothing").code == 1

    engine = bootstrap(Settings.from_environment())
    assert deliver(engine, dead["id"]) is Ended.SENT
    engine.store.close()
    assert post.last["To"] == "zhang@office.example"
    assert banjie("notify", "list", "--dead").out == "没有消息\n"


def test_doctor_says_what_is_wrong_with_the_file(banjie, home, post):
    path = home / "notify.toml"
    path.chmod(0o644)
    notes = [one for one in banjie("doctor", "--json").json["checks"] if one["name"] == "notify"]
    assert [one["verdict"] for one in notes] == ["well", "note"]

    path.write_text(CHANNELS.format(port=closed_port()) + 'pasword = "hush"\n', "utf-8")
    (wrong,) = [one for one in banjie("doctor", "--json").json["checks"] if one["name"] == "notify"]
    assert wrong["verdict"] == "wrong"
    assert "channels.mail.pasword" in wrong["found"]
    assert "hush" not in wrong["found"]


def test_without_channels_there_is_nothing_to_try(banjie, home, person):
    said = banjie("notify", "test", person, "--json")

    assert said.code == 1
    assert said.error["code"] == "bad_setting"
    assert banjie("notify", "list").out == "没有消息\n"
