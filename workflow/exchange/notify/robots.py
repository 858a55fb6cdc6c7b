"""The robots of WeCom (企业微信), DingTalk (钉钉) and Feishu (飞书), by apprise. They know no ids, so a message goes out at
most once: one whose fate is unknown is not sent again.

apprise tells only whether the status was 200, but these services refuse with 200 and a code of their own, and say with 429
how long to wait. So what its three modules hear is listened to.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

import requests

from workflow.engine.notifier import Answer, Message, Outcome
from workflow.exchange.notify.answers import TIMEOUT, of_fault, of_status

LONGEST: Final = {"wecom": 2000, "dingtalk": 18000, "feishu": 18000}
"""Bytes of a text that each takes, with some room."""

_MODULES: Final = {
    "wecom": ("wecombot", "NotifyWeComBot", "/cgi-bin/webhook/send?key={key}"),
    "dingtalk": ("dingtalk", "NotifyDingTalk", "/robot/send?access_token={token}"),
    "feishu": ("feishu", "NotifyFeishu", "/open-apis/bot/v2/hook/{token}/"),
}
_CODES: Final = ("errcode", "code", "StatusCode")


class _Ear:
    """`requests` as apprise's modules see it: what a `post` of this thread brought is remembered."""

    def __init__(self) -> None:
        self.here = threading.local()

    def post(self, *args: Any, **options: Any) -> requests.Response:
        # No redirect is followed: it would carry a key to where nobody meant it to go.
        options |= {"timeout": TIMEOUT, "allow_redirects": False}
        try:
            response = requests.post(*args, **options)  # noqa: S113 - the timeout is in the options
        except requests.RequestException as fault:
            self.here.heard = fault
            raise
        self.here.heard = response
        return response

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)


EAR: Final = _Ear()


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """A robot in a group chat. `api` is the address of a service of one's own (私有化部署), the public one if empty;
    `options` are apprise's: the key or token, and the secret with which DingTalk has messages signed.
    """

    name: str
    kind: str
    api: str = ""
    options: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def repeats(self) -> bool:
        """A group chat shows a second copy as a second message."""
        return False

    @property
    def needs_address(self) -> bool:
        """The group is addressed by the key; a mobile number only makes DingTalk call somebody by name."""
        return False

    def send(self, message: Message, address: str | None) -> Answer:
        """Post a message to the group."""
        options = dict(self.options)
        if self.kind == "dingtalk" and address:
            options["targets"] = [address]
        EAR.here.heard = None
        said = _plugin(self.kind, self.api)(**options).send(body=self._fitting(message), title="")
        heard = EAR.here.heard
        if isinstance(heard, Exception):
            return of_fault(heard)
        if heard is None:
            outcome = Outcome.SENT if said else Outcome.UNCERTAIN
            return Answer(outcome=outcome, why="" if said else "unheard")
        answer = of_status(heard)
        return _of_code(heard) if answer.outcome is Outcome.SENT else answer

    def _fitting(self, message: Message) -> str:
        text = f"{message.subject}\n{message.text}".encode()
        longest = LONGEST[self.kind]
        if len(text) <= longest:
            return text.decode()
        return text[: longest - 3].decode(errors="ignore") + "…"


def _of_code(response: requests.Response) -> Answer:
    """A refusal inside an answer with status 200, as these services give it."""
    try:
        said = response.json()
    except (json.JSONDecodeError, requests.exceptions.JSONDecodeError):
        return Answer(outcome=Outcome.FAILED, why="not_json")
    code = next((said[name] for name in _CODES if name in said), 0) if isinstance(said, dict) else 0
    if code in (0, "0"):
        return Answer(outcome=Outcome.SENT)
    return Answer(outcome=Outcome.FAILED, why=f"code_{code!s:.12}")


def _plugin(kind: str, api: str) -> Callable[..., Any]:
    """Apprise's class for a service, at the address of one's own if there is one."""
    name, class_name, path = _MODULES[kind]
    module = import_module(f"apprise.plugins.{name}")
    vars(module)["requests"] = EAR
    found: Callable[..., Any] = getattr(module, class_name)
    if not api:
        return found
    return type(class_name, (found,), {"notify_url": api.rstrip("/") + path})  # type: ignore[arg-type]
