"""Brokers for tests: one that comes and goes, one that delivers badly."""

from __future__ import annotations

from collections import Counter
from contextlib import closing

import pytest
from redis import Redis

from workers.embedded_broker import answers, server_program
from workflow.testing.brokers import MischievousBroker, _parsed, _written, temporary_broker

MESSAGES = [b"message %d" % number for number in range(40)]


@pytest.fixture
def broker(tmp_path):
    with (
        temporary_broker(server_program(), tmp_path / "real"),
        MischievousBroker(tmp_path / "real", tmp_path / "front", seed="7") as broker,
    ):
        yield broker


@pytest.fixture
def client(broker, tmp_path):
    with closing(Redis(unix_socket_path=str(tmp_path / "front"))) as client:
        yield client


def test_each_message_comes_three_times_and_in_another_order(broker, client):
    for batch in (MESSAGES[:20], MESSAGES[20:]):
        with client.pipeline(transaction=False) as pipe:
            for message in batch:
                pipe.lpush("queue", message)
            assert len(pipe.execute()) == 20
    at_once = client.llen("queue")
    broker.deliver_the_rest()

    came = [client.rpop("queue") for _ in range(3 * len(MESSAGES))]

    assert at_once < 3 * len(MESSAGES)
    assert client.rpop("queue") is None
    assert Counter(came) == dict.fromkeys(MESSAGES, 3)
    assert list(dict.fromkeys(came)) != MESSAGES
    assert (broker.sent, broker.delivered) == (40, 120)


def test_everything_else_goes_through_untouched(client):
    client.set("name", "京外调干\r\n" * 1000)

    assert client.get("name").decode() == "京外调干\r\n" * 1000
    assert client.brpop("queue", timeout=0.01) is None


def test_a_client_that_leaves_disturbs_nobody(broker, client, tmp_path):
    with closing(Redis(unix_socket_path=str(tmp_path / "front"))) as other:
        assert other.ping()

    assert client.ping()


def test_commands_are_found_in_whatever_pieces_they_come():
    commands = [[b"LPUSH", b"queue", b"a\r\nb"], [b"PING"], [b"SET", b"", b""]]
    said = b"".join(_written(words) for words in commands)
    for at in range(len(said) + 1):
        first, rest = _parsed(said[:at])
        second, nothing = _parsed(rest + said[at:])
        assert (first + second, nothing) == (commands, b"")


def test_a_temporary_broker_is_gone_with_its_block(tmp_path):
    with temporary_broker(server_program(), tmp_path / "broker") as server:
        assert answers(tmp_path / "broker")

    assert server.returncode is not None
    assert not answers(tmp_path / "broker")
