"""PostgreSQL's wire as libpq offers it: prepared statements, binary answers, and several statements in one round trip.

A step is a dozen small statements on one connection. Through a cursor each would be planned, sent and awaited by itself;
here they go out together (libpq's pipeline) and the answers come back together. The connection is psycopg's own, and so
are its errors; only what a transaction of ours says goes this way.
"""

from __future__ import annotations

import select
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from psycopg import Connection, OperationalError
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, PipelineStatus
from psycopg.pq.abc import PGconn, PGresult

MOST_PREPARED = 150
"""Statements that a connection keeps prepared; each costs the server some tens of kilobytes. The oldest goes first."""

RESERVED = 70
"""Of these, how many are kept free for statements that every step needs."""

Rows = list[tuple[Any, ...]]

TEXT, BINARY = Format.TEXT, Format.BINARY

_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_DAY_ZERO: Final = date(2000, 1, 1).toordinal()


def _signed(value: bytes) -> int:
    return int.from_bytes(value, "big", signed=True)


_DECODE: Mapping[int, Callable[[bytes], Any]] = {
    16: lambda value: value != b"\x00",  # boolean
    17: bytes,  # bytea
    20: _signed,  # bigint
    21: _signed,
    23: _signed,
    25: bytes.decode,  # text
    1043: bytes.decode,
    1082: lambda value: date.fromordinal(_DAY_ZERO + _signed(value)),
    1184: lambda value: _EPOCH + timedelta(microseconds=_signed(value)),  # timestamptz
}
"""How each type of column is read from its binary form."""

_ENCODE: Mapping[type, Callable[[Any], bytes]] = {
    str: str.encode,
    bytes: bytes,
    int: lambda value: b"%d" % value,
    bool: lambda value: b"t" if value else b"f",
    datetime: lambda value: instant(value),  # noqa: PLW0108 - defined below
    date: lambda value: value.isoformat().encode(),
    list: lambda value: _array(value),  # noqa: PLW0108 - defined below
    tuple: lambda value: _array(value),  # noqa: PLW0108
}


def encoded(value: Any) -> bytes | None:
    """A parameter as it is sent: the text form of its type, but bytes as they are. Raises KeyError for other types, and
    ValueError for an instant without a zone."""
    if value is None:
        return None
    encode = _ENCODE.get(type(value))
    if encode is None:  # a word of an enumeration, and the like
        encode = next(_ENCODE[base] for base in type(value).__mro__ if base in _ENCODE)
    return encode(value)


def instant(value: datetime) -> bytes:
    """An instant as it is sent. Raises ValueError for one without a zone."""
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.isoformat().encode()


def _array(values: Sequence[str]) -> bytes:
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return ("{" + ",".join(f'"{one}"' for one in quoted) + "}").encode()


class Statements:
    """What a connection has prepared, for as long as it lives; the least used goes first when there are too many."""

    def __init__(self) -> None:
        self._names: OrderedDict[bytes, bytes] = OrderedDict()
        self._made = 0

    def known(self, sql: bytes) -> bytes | None:
        """The name under which this text was prepared."""
        name = self._names.get(sql)
        if name is not None:
            self._names.move_to_end(sql)
        return name

    def named(self, sql: bytes) -> tuple[bytes, bytes | None]:
        """A name for a new one, and that of an old one which must make room for it."""
        gone = self._names.popitem(last=False)[1] if len(self._names) >= MOST_PREPARED else None
        self._made += 1
        name = self._names[sql] = b"banjie_%d" % self._made
        return name, gone

    def has(self, sql: bytes) -> bool:
        """Whether this text is prepared."""
        return sql in self._names

    @property
    def room(self) -> bool:
        """Whether there is room for statements that are not always wanted."""
        return len(self._names) < MOST_PREPARED - RESERVED

    def forget(self, sql: bytes) -> None:
        """It was not prepared after all."""
        self._names.pop(sql, None)


class Wire:
    """One connection for the length of a transaction; `statements` outlive it."""

    def __init__(self, connection: Connection[Any], statements: Statements) -> None:
        self._connection = connection
        self._pgconn: PGconn = connection.pgconn
        self._statements = statements
        self._poll = select.poll()
        self._poll.register(self._pgconn.socket, select.POLLIN)
        self._sent: list[bytes | None] = []
        """What was sent and is not answered: None for what was told, else the text of what is only prepared, if any."""
        self._listening = False

    def begin(self) -> None:
        """Begin a transaction; it is sent together with the first statement."""
        self._pgconn.enter_pipeline_mode()
        self._send(b"BEGIN")

    def ask(self, sql: bytes, values: Sequence[Any] = ()) -> Rows:
        """The rows that one statement gives. Raises psycopg's errors."""
        self.tell(sql, values)
        return rows_in(self.answers()[-1])

    def count(self, sql: bytes, values: Sequence[Any] = ()) -> int:
        """How many rows one statement has changed or found."""
        self.tell(sql, values)
        return self.answers()[-1].command_tuples or 0

    def tell(self, sql: bytes, values: Sequence[Any] = ()) -> None:
        """Send one statement; its answer, and its error, come with the next `answers`."""
        formats = [BINARY if type(value) is bytes else TEXT for value in values]
        self.say(sql, [encoded(value) for value in values], formats)

    def say(self, sql: bytes, given: Sequence[bytes | None], formats: Sequence[Format]) -> None:
        """The same with parameters that are encoded."""
        name = self._statements.known(sql) or self._prepare(sql)
        self._pgconn.send_query_prepared(name, given, formats, BINARY)
        self._sent.append(None)

    def answers(self) -> list[PGresult]:
        """Wait for the answers to what was told. Raises the first error among them; then nothing after it was done."""
        pgconn = self._pgconn
        pgconn.pipeline_sync()
        self._listening = True
        self._flush()
        found: list[PGresult] = []
        failed: PGresult | None = None
        silent = False
        while True:
            while pgconn.is_busy():
                self._poll.poll()  # other threads run meanwhile
                pgconn.consume_input()
            result = pgconn.get_result()
            if result is None:
                # One follows each answer; two together come from a connection that is no more.
                if silent and pgconn.status != ConnStatus.OK:
                    raise error_from_result(failed) if failed else OperationalError("the connection is lost")
                silent = True
                continue
            silent = False
            status = result.status
            if status == ExecStatus.PIPELINE_SYNC:
                break
            if failed is None and status == ExecStatus.FATAL_ERROR:
                failed = result
            found.append(result)
        self._listening = False
        sent, self._sent = self._sent, []
        if failed is None:
            return [one for one, sql in zip(found, sent, strict=True) if sql is None]
        for one, sql in zip(found, sent, strict=True):
            if sql and one.status != ExecStatus.COMMAND_OK:
                self._statements.forget(sql)
        raise error_from_result(failed)

    def end(self, how: bytes) -> list[PGresult]:
        """COMMIT or ROLLBACK, together with what was told and is not answered; gives its answers, and leaves the connection
        as the pool gave it. Raises psycopg's errors; then it has not committed, or nobody knows."""
        self._send(how)
        found = self.answers()
        self._pgconn.exit_pipeline_mode()
        return found

    def abandon(self) -> None:
        """After an error: roll back what can be, and close a connection of which nobody knows where it stands."""
        if self._pgconn.pipeline_status == PipelineStatus.OFF:
            return
        if self._listening or self._pgconn.status != ConnStatus.OK:
            self._connection.close()
            return
        try:
            self.end(b"ROLLBACK")
        except Exception:  # noqa: BLE001 - the error that brought us here is the one to tell
            self._connection.close()

    def _send(self, sql: bytes) -> None:
        self._pgconn.send_query_params(sql, None)
        self._sent.append(b"")

    def _prepare(self, sql: bytes) -> bytes:
        name, gone = self._statements.named(sql)
        if gone is not None:
            self._send(b"DEALLOCATE " + gone)
        self._pgconn.send_prepare(name, sql)
        self._sent.append(sql)
        return name

    def _flush(self) -> None:
        """Send what is unsent; what comes in meanwhile is taken in, or the server would wait for us."""
        pgconn, poll = self._pgconn, self._poll
        if not pgconn.flush():
            return
        poll.modify(pgconn.socket, select.POLLIN | select.POLLOUT)
        while pgconn.flush():
            poll.poll()
            pgconn.consume_input()
        poll.modify(pgconn.socket, select.POLLIN)


def rows_in(result: PGresult) -> Rows:
    """The rows of one answer. Raises KeyError for a type of column that no statement of ours asks for."""
    decoders = [_DECODE[result.ftype(column)] for column in range(result.nfields)]
    return [
        tuple(
            None if (value := result.get_value(row, column)) is None else decode(value)
            for column, decode in enumerate(decoders)
        )
        for row in range(result.ntuples)
    ]
