"""Mail by SMTP: apprise writes the message and keeps the session. At least once; the Message-ID is the delivery's id, by
which mail servers and readers know a second copy.
"""

from __future__ import annotations

import smtplib
from contextlib import ExitStack
from dataclasses import dataclass, field
from email import message_from_string
from typing import Any, Final

from workflow.domain.notification.values import MAIL_ADDRESS
from workflow.engine.notifier import Answer, Message, Outcome

TIMEOUT: Final = 15
"""Seconds that each answer of the server may take."""

SECURITY: Final = ("starttls", "ssl", "insecure")
"""How the connection is secured, in apprise's words: STARTTLS, TLS from the start, not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail server and who writes. The password never appears in the repr."""

    name: str
    host: str
    port: int
    security: str
    sender: str
    sender_name: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """As the settings call it."""
        return "mail"

    @property
    def repeats(self) -> bool:
        """A second copy has the same Message-ID."""
        return True

    @property
    def needs_address(self) -> bool:
        """Nobody gets mail without an address."""
        return True

    def send(self, message: Message, address: str | None) -> Answer:
        """Hand a message to the server."""
        if not address or not MAIL_ADDRESS.fullmatch(address):
            # An applicant wrote it into a form: it might be two addresses, or a header.
            return Answer(outcome=Outcome.REFUSED, why="no_address")
        text = self._written(message, address)
        with ExitStack() as open_until_sent:
            try:
                session = open_until_sent.enter_context(_session(self))
            except smtplib.SMTPResponseException as fault:
                return Answer(outcome=Outcome.FAILED, why=f"smtp_{fault.smtp_code}")
            except (OSError, smtplib.SMTPException):
                return Answer(outcome=Outcome.FAILED, why="connect", unreachable=True)
            try:
                session.hand_over(self.sender, address, text)
            except smtplib.SMTPRecipientsRefused as fault:
                return _refused(next(iter(fault.recipients.values()))[0])
            except smtplib.SMTPResponseException as fault:
                return _refused(fault.smtp_code)
            except smtplib.SMTPServerDisconnected:
                return Answer(outcome=Outcome.UNCERTAIN, why="cut")
            except TimeoutError:
                return Answer(outcome=Outcome.UNCERTAIN, why="timeout")
            except (OSError, smtplib.SMTPException) as fault:
                return Answer(outcome=Outcome.UNCERTAIN, why=type(fault).__name__)
        return Answer(outcome=Outcome.SENT)

    def _written(self, message: Message, address: str) -> str:
        from apprise import NotifyFormat  # noqa: PLC0415 - a third of a second, for those who send only
        from apprise.plugins.email import NotifyEmail  # noqa: PLC0415

        (written,) = NotifyEmail.prepare_emails(
            subject=message.subject,
            body=message.text,
            from_addr=(self.sender_name, self.sender),
            to=[(False, address)],
            smtp_host=self.host,
            notify_format=NotifyFormat.TEXT,
            headers={"Auto-Submitted": "auto-generated", "X-Banjie-Delivery": message.id},
        )
        mail = message_from_string(written.body)
        mail.replace_header("Message-ID", f"<{message.id}@{self.sender.partition('@')[2]}>")
        mail["Content-Language"] = message.language
        return mail.as_string()


def _refused(code: int) -> Answer:
    outcome = Outcome.REFUSED if code >= 500 else Outcome.FAILED
    return Answer(outcome=outcome, why=f"smtp_{code}")


def _session(mail: Mail) -> Any:
    """Apprise's session, which says what became of the message instead of noting it in a log."""
    from apprise.plugins.email.smtp import AppriseSMTPController  # noqa: PLC0415

    class Session(AppriseSMTPController):
        def hand_over(self, sender: str, address: str, text: str) -> None:
            socket: Any = self._socket
            socket.sendmail(sender, [address], text)

    return Session(
        host=mail.host,
        port=mail.port,
        secure_mode=mail.security,
        user=mail.user,
        password=mail.password,
        socket_connect_timeout=TIMEOUT,
    )
