"""The file of channels: every key is checked, secrets may stand outside it, and no complaint tells one."""

from __future__ import annotations

import pytest

from workflow.errors import BadSetting
from workflow.exchange.notify.mail import Mail
from workflow.exchange.notify.robots import Robot
from workflow.exchange.notify.settings import open_notifier
from workflow.exchange.notify.webhook import Webhook

WHOLE = """
base_url = "https://banjie.example/"
language = "en"
zone = "Asia/Urumqi"
default = ["mail", "hook"]
attempts = 5
per_hour = 7

[channels.mail]
kind = "mail"
host = "smtp.office.example"
security = "ssl"
user = "banjie"
password = "env:MAIL_PASSWORD"
from = "banjie@office.example"
from_name = "办结"

[channels.group]
kind = "wecom"
key = "env:WECOM_KEY"

[channels.ding]
kind = "dingtalk"
token = "token"
secret = "SECRET"
api = "https://ding.office.example"

[channels.lark]
kind = "feishu"
token = "token"

[channels.hook]
kind = "webhook"
url = "https://oa.office.example/events"
secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="
"""
ENV = {"MAIL_PASSWORD": "hush-hush", "WECOM_KEY": "k-e-y"}


def opened(tmp_path, text, env=ENV):
    path = tmp_path / "notify.toml"
    path.write_text(text, "utf-8")
    return open_notifier(path, env)


def test_every_kind_of_channel_is_opened_with_its_secrets_from_outside(tmp_path):
    notifier = opened(tmp_path, WHOLE)

    channels = notifier.channels
    assert {name: type(one) for name, one in channels.items()} == {
        "mail": Mail,
        "group": Robot,
        "ding": Robot,
        "lark": Robot,
        "hook": Webhook,
    }
    assert (notifier.default, notifier.language, notifier.zone) == (("mail", "hook"), "en", "Asia/Urumqi")
    assert (notifier.attempts, notifier.per_hour, notifier.base_url) == (5, 7, "https://banjie.example")
    assert (channels["mail"].port, channels["mail"].password) == (465, "hush-hush")
    assert channels["group"].options == {"key": "k-e-y"}
    assert channels["hook"].key == b"0123456789abcdef"
    assert [name for name, one in channels.items() if one.repeats] == ["mail", "hook"]


def test_nothing_secret_can_be_read_off_it(tmp_path):
    shown = repr(opened(tmp_path, WHOLE))

    for secret in ("hush-hush", "k-e-y", "SECRET", "0123456789abcdef", "oa.office.example"):
        assert secret not in shown


def test_a_file_without_channels_sends_nothing(tmp_path):
    assert opened(tmp_path, 'language = "en"\n') is None


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('kind = "mail"', 'kind = "pigeon"', "channels.mail.kind"),
        ("per_hour = 7", "per_hour = 0", "per_hour"),
        ("attempts = 5", "attempts = 5.5", "attempts"),
        ('language = "en"', 'language = "fr"', "language"),
        ('zone = "Asia/Urumqi"', 'zone = "Asia/Nowhere"', "zone"),
        ('default = ["mail", "hook"]', 'default = ["post"]', "default"),
        ('security = "ssl"', 'security = "maybe"', "channels.mail.security"),
        ('from = "banjie@office.example"', 'from = "banjie"', "channels.mail.from"),
        ('host = "smtp.office.example"', "", "channels.mail.host"),
        ('"env:WECOM_KEY"', '"env:NOT_THERE"', "channels.group.key"),
        ('url = "https://oa.office.example/events"', 'url = "oa.office.example"', "channels.hook.url"),
        ("whsec_MDEyMzQ1Njc4OWFiY2RlZg==", "whsec_!", "channels.hook.secret"),
        ("whsec_MDEyMzQ1Njc4OWFiY2RlZg==", "short", "channels.hook.secret"),
        ('user = "banjie"', 'usr = "banjie"', "channels.mail.usr"),
        ('base_url = "https://banjie.example/"', 'base = "x"', "base"),
    ],
)
def test_what_is_wrong_is_said_by_its_place_and_not_its_value(tmp_path, old, new, place):
    assert old in WHOLE
    with pytest.raises(BadSetting) as refused:
        opened(tmp_path, WHOLE.replace(old, new))

    assert place in str(refused.value)
    assert "hush-hush" not in str(refused.value)
    assert "whsec" not in str(refused.value).replace("after whsec_", "")


def test_what_is_no_toml_is_not_quoted(tmp_path):
    with pytest.raises(BadSetting) as refused:
        opened(tmp_path, 'password = "hush-hush\n')

    assert "hush" not in str(refused.value)
