"""The channels of an installation, read from one TOML file: `BANJIE_NOTIFY`, else `notify.toml` in the home.

A value written `env:NAME` is taken from the environment, so that the file need hold no secret. docs/notifications.md has
every key. What is wrong is said by the name of the key, never with its value.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from workflow.engine.notifier import ATTEMPTS, PER_HOUR, Channel, Notifier
from workflow.errors import BadSetting
from workflow.exchange.notify.mail import SECURITY, Mail
from workflow.exchange.notify.robots import Robot
from workflow.exchange.notify.webhook import Webhook
from workflow.texts import CHINESE, LANGUAGES

NAME: Final = "BANJIE_NOTIFY"
SHORTEST_KEY: Final = 16
"""Bytes of a secret that cannot be guessed."""

_PORTS: Final = {"starttls": 587, "ssl": 465, "insecure": 25}
_TOP: Final = {"base_url", "language", "zone", "default", "attempts", "per_hour", "hold", "channels"}


def open_notifier(path: Path, env: Mapping[str, str] | None = None) -> Notifier | None:
    """The notifier that the file describes, None if it names no channel. Raises BadSetting."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as fault:
        raise BadSetting(name=NAME, reason=f"{path}: {fault.strerror}") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        # The decoder quotes what it could not read, and that may be a password.
        raise BadSetting(name=NAME, reason=f"{path} is not TOML") from fault
    keys = _Keys(content, "", os.environ if env is None else env)
    keys.only(_TOP)
    base_url = keys.text("base_url", "")
    channels = {name: _channel(name, keys, base_url) for name in keys.table("channels")}
    if not channels:
        return None
    default = tuple(keys.texts("default", tuple(channels)))
    if unknown := [name for name in default if name not in channels]:
        raise BadSetting(name=NAME, reason=f"default: there is no channel {unknown[0]}")
    quiet_libraries()
    return Notifier(
        channels=channels,
        default=default,
        base_url=base_url.rstrip("/"),
        language=keys.one_of("language", LANGUAGES, CHINESE),
        zone=_zone(keys.text("zone", "Asia/Shanghai")),
        attempts=keys.number("attempts", ATTEMPTS),
        per_hour=keys.number("per_hour", PER_HOUR),
        hold=keys.yes("hold"),
    )


class _Keys:
    """A table of the file with what is wrong said by the place of the key."""

    def __init__(self, content: Mapping[str, Any], place: str, env: Mapping[str, str]) -> None:
        self.content, self.place, self.env = content, place, env

    def only(self, known: set[str]) -> None:
        if unknown := sorted(set(self.content) - known):
            raise self.wrong(unknown[0], f"not known; there are {', '.join(sorted(known))}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.content.get(key, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self.wrong(key, "must be a text")
        if not value.startswith("env:"):
            return value
        named = value.removeprefix("env:")
        if not self.env.get(named):
            raise self.wrong(key, f"the environment has no {named}")
        return self.env[named]

    def texts(self, key: str, default: tuple[str, ...]) -> list[str]:
        value = self.content.get(key, list(default))
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(key, "must be a list of texts")
        return value

    def number(self, key: str, default: int) -> int:
        value = self.content.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 65535:
            raise self.wrong(key, "must be a whole number from 1 on")
        return value

    def yes(self, key: str) -> bool:
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def one_of(self, key: str, known: tuple[str, ...], default: str) -> str:
        value = self.text(key, default)
        if value not in known:
            raise self.wrong(key, f"must be one of {', '.join(known)}")
        return value

    def table(self, key: str) -> Mapping[str, Any]:
        value = self.content.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
            raise self.wrong(key, "must be tables, as in [channels.mail]")
        return value

    def wrong(self, key: str, reason: str) -> BadSetting:
        return BadSetting(name=NAME, reason=f"{self.place}{key}: {reason}")


def _channel(name: str, keys: _Keys, base_url: str) -> Channel:
    own = _Keys(keys.table("channels")[name], f"channels.{name}.", keys.env)
    kind = own.one_of("kind", tuple(_KINDS), "")
    return _KINDS[kind](name, own, base_url)


def _mail(name: str, keys: _Keys, base_url: str) -> Channel:
    del base_url
    keys.only({"kind", "host", "port", "security", "user", "password", "from", "from_name"})
    sender = keys.text("from")
    if "@" not in sender:
        raise keys.wrong("from", "must be a mail address")
    security = keys.one_of("security", SECURITY, "starttls")
    return Mail(
        name=name,
        host=keys.text("host"),
        port=keys.number("port", _PORTS[security]),
        security=security,
        sender=sender,
        sender_name=keys.text("from_name", "Banjie"),
        user=keys.text("user", "") or None,
        password=keys.text("password", "") or None,
    )


def _robot(kind: str, key: str, *more: str) -> Callable[[str, _Keys, str], Channel]:
    def robot(name: str, keys: _Keys, base_url: str) -> Channel:
        del base_url
        keys.only({"kind", "api", key, *more})
        options = {key: keys.text(key), **{one: keys.text(one, "") or None for one in more}}
        return Robot(name=name, kind=kind, api=_address(keys, "api", ""), options=options)

    return robot


def _webhook(name: str, keys: _Keys, base_url: str) -> Channel:
    keys.only({"kind", "url", "secret"})
    return Webhook(
        name=name, url=_address(keys, "url"), key=_key(keys), source=base_url.rstrip("/") or "urn:banjie"
    )


def _address(keys: _Keys, key: str, default: str | None = None) -> str:
    value = keys.text(key, default)
    if value and (urlsplit(value).scheme not in ("https", "http") or not urlsplit(value).hostname):
        raise keys.wrong(key, "must begin with https:// or http://")
    return value


def _key(keys: _Keys) -> bytes:
    """The bytes of a secret: `whsec_` and base64, as Standard Webhooks writes it, or any text."""
    secret = keys.text("secret")
    try:
        whole = (
            base64.b64decode(secret[6:], validate=True) if secret.startswith("whsec_") else secret.encode()
        )
    except binascii.Error as fault:
        raise keys.wrong("secret", "after whsec_ there must be base64") from fault
    if len(whole) < SHORTEST_KEY:
        raise keys.wrong("secret", f"must have at least {SHORTEST_KEY} bytes")
    return whole


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:
        raise BadSetting(name=NAME, reason="zone: there is no such time zone") from fault
    return name


def quiet_libraries() -> None:
    """Their debug logs hold addresses with keys in them; nothing of theirs is logged at all."""
    for name in ("apprise", "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


_KINDS: Final[dict[str, Callable[[str, _Keys, str], Channel]]] = {
    "mail": _mail,
    "wecom": _robot("wecom", "key"),
    "dingtalk": _robot("dingtalk", "token", "secret"),
    "feishu": _robot("feishu", "token"),
    "webhook": _webhook,
}
