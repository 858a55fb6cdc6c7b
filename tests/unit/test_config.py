"""The environment is read once and judged at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.config import LONGEST_SOCKET_PATH, Settings, broker_socket, without_password
from workflow.errors import BadSetting


def test_everything_has_a_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    settings = Settings.from_environment({})

    assert settings.home == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/banjie.db"
    assert settings.broker_url == f"redis+socket://{broker_socket(tmp_path / 'var')}"
    assert settings.embedded_broker
    assert settings.definitions is None
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg:///d?host=/run", "postgresql+psycopg:///d?host=/run"),
        ("sqlite:////srv/banjie.db", "sqlite:////srv/banjie.db"),
    ],
)
def test_database_urls_name_their_driver(given, read):
    assert Settings.from_environment({"BANJIE_DATABASE_URL": given}).database_url == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("redis://h:6379/0", "redis://h:6379/0"),
        ("rediss://u:p@h/1", "rediss://u:p@h/1"),
        ("unix:///run/broker.sock", "redis+socket:///run/broker.sock"),
        ("redis+socket:///run/broker.sock", "redis+socket:///run/broker.sock"),
    ],
)
def test_a_named_broker_is_not_embedded(given, read):
    settings = Settings.from_environment({"BANJIE_BROKER_URL": given})

    assert (settings.broker_url, settings.embedded_broker) == (read, False)


BAD = pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BANJIE_DATABASE_URL", "mysql://h/d"),
        ("BANJIE_DATABASE_URL", "sqlite://"),
        ("BANJIE_DATABASE_URL", "sqlite:///"),
        ("BANJIE_DATABASE_URL", "sqlite:///:memory:"),
        ("BANJIE_DATABASE_URL", "postgresql"),
        ("BANJIE_BROKER_URL", "amqp://h"),
        ("BANJIE_BROKER_URL", "localhost:6379"),
        ("BANJIE_BROKER_URL", "unix://relative.sock"),
        ("BANJIE_DEFINITIONS", "/no/such/folder"),
        ("BANJIE_HOME", __file__),
    ],
)


def test_a_relative_database_is_relative_to_the_first_process(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    settings = Settings.from_environment({"BANJIE_DATABASE_URL": "sqlite:///cases.db"})

    assert settings.database_url == f"sqlite:///{tmp_path}/cases.db"


@BAD
def test_a_bad_value_is_refused_by_name(name, value):
    with pytest.raises(BadSetting) as refused:
        Settings.from_environment({name: value})

    assert refused.value.fields["name"] == name


def test_passwords_are_not_shown():
    env = {"BANJIE_DATABASE_URL": "postgresql://u:secret@h/d", "BANJIE_BROKER_URL": "redis://:secret@h/0"}

    settings = Settings.from_environment(env)

    assert "secret" not in repr(settings)
    assert without_password(settings.broker_url) == "redis://:***@h/0"
    with pytest.raises(BadSetting) as refused:
        Settings.from_environment({"BANJIE_BROKER_URL": "amqp://u:secret@h"})
    assert "secret" not in str(refused.value)


def test_definitions_come_from_the_shipped_folder_and_one_more(tmp_path):
    plain = Settings.from_environment({}).definition_folders()

    more = Settings.from_environment({"BANJIE_DEFINITIONS": str(tmp_path)}).definition_folders()

    assert (plain[0] / "README.md").exists()
    assert more == (*plain, tmp_path)


def test_a_child_reads_what_its_parent_read(tmp_path):
    for env in (
        {"BANJIE_HOME": str(tmp_path)},
        {
            "BANJIE_HOME": str(tmp_path),
            "BANJIE_DATABASE_URL": "postgresql://u:p@h/d",
            "BANJIE_BROKER_URL": "redis://h/0",
            "BANJIE_DEFINITIONS": str(tmp_path),
        },
    ):
        settings = Settings.from_environment(env)

        assert Settings.from_environment(settings.to_environment()) == settings


@pytest.mark.parametrize("home", [Path("/srv") / ("deep" * 40), Path("/srv/办结"), Path("/srv/my cases")])
def test_a_home_unfit_for_a_socket_gets_a_short_one_of_its_own(home):
    socket = broker_socket(home)

    assert len(str(socket)) <= LONGEST_SOCKET_PATH
    assert str(socket).isascii()
    assert socket == broker_socket(home)
    assert socket != broker_socket(home / "other")
