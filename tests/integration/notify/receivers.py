"""Real receivers on ports that the system chooses: a mail server and a sink for HTTP, each told how to behave."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


@dataclass
class Post:
    """What a mail server took in; `answer` is what it says to each message, `cut` closes the line after DATA."""

    mails: list = field(default_factory=list)
    answer: str = "250 OK"
    cut: bool = False
    port: int = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - as aiosmtpd calls it
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.cut:
            server.transport.abort()
        return self.answer

    @property
    def last(self):
        return self.mails[-1] if self.mails else None


class _Server(SMTP):
    """As it is, but a line that is cut on purpose is no fault to tell of."""

    async def _handle_client(self):
        with suppress(ConnectionResetError, BrokenPipeError):
            await super()._handle_client()


class _Controller(Controller):
    def factory(self):
        return _Server(self.handler, **self.SMTP_kwargs)


@contextmanager
def mail_server():
    """A mail server; nothing of it outlives the block."""
    post = Post()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        post.port = probe.getsockname()[1]
    controller = _Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


@dataclass
class Sink:
    """What came in by HTTP, and how it is answered: status, headers, body; `cut` closes the line without an answer, `hold`
    keeps the caller waiting until it is set.
    """

    calls: list = field(default_factory=list)
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes = b"{}"
    cut: bool = False
    hold: threading.Event | None = None
    url: str = ""


@dataclass
class Call:
    path: str
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@contextmanager
def http_sink():
    """A sink for HTTP; nothing of it outlives the block."""
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            sink.calls.append(Call(path=self.path, headers=headers, body=body))
            if sink.hold is not None:
                sink.hold.wait(30)
            if sink.cut:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            with suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(sink.status)
                for name, value in sink.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(sink.body)))
                self.end_headers()
                self.wfile.write(sink.body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    sink.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield sink
    finally:
        if sink.hold is not None:
            sink.hold.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def closed_port():
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
