"""Who acts from the command line, and under which key."""

from __future__ import annotations

import getpass
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from workflow.domain.commands import SYSTEM
from workflow.errors import BadInput, BadSetting
from workflow.texts import fault_text, t

_SECRET: Final = "filing.secret"  # noqa: S105 - the name of a file
_BYTES: Final = 32


def actor(given: str | None, in_file: str | None = None) -> str:
    """Who acts: `--as`, else the file's own `as`, else whoever is logged in here.

    Raises BadInput for nobody, and for the system: what the machine does by itself no person does in its name.
    """
    who = given if given is not None else in_file
    if who is None:
        try:
            return getpass.getuser()
        except (KeyError, OSError) as error:
            raise BadInput(reason=t("cli.who.nobody")) from error
    if not who.strip():
        raise BadInput(reason=t("cli.who.blank"))
    if who == SYSTEM:
        raise BadInput(reason=t("cli.who.machine", name=who))
    return who


def key_of_filing(home: Path, matter: str, content: Mapping[str, Any]) -> str:
    """The key of a filing that was given none: the same content gives the same key, so filing twice files once.

    It is keyed with a secret of this home. A plain hash would stand in the chain of events for ever, and whoever has an
    event could find out an erased identity number by trying them all.
    """
    from workflow.storage.codec import canonical

    try:
        body = canonical({"matter": matter, **content})
    except ValueError as error:
        raise BadInput(reason=str(error)) from error
    return f"content:{hmac.new(secret_of(home), body, hashlib.sha256).hexdigest()[:40]}"


def fresh_key() -> str:
    """A key of its own for an act: the same act may be meant twice, a step back and forward again."""
    return f"cli:{uuid4()}"


def secret_of(home: Path, name: str = _SECRET) -> bytes:
    """A secret of this home, made at its first use; two that make it at once agree on the one that was first."""
    path = home / name
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_secret(path)
        secret = path.read_bytes()
    except OSError as error:
        raise BadSetting(name="BANJIE_HOME", reason=f"{error.filename}: {fault_text(error)}") from error
    if len(secret) != _BYTES:
        raise BadSetting(name="BANJIE_HOME", reason=t("cli.who.other_secret", path=path))
    return secret


def _make_secret(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
    try:
        os.link(draft, path)
    except FileExistsError:
        # Somebody was quicker: theirs holds.
        return
    finally:
        draft.unlink()
