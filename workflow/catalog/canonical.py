"""The one way a definition is written for ever: canonical JSON, and its SHA-256 as the definition's name.

Keys sorted, no spaces, UTF-8, no floats; what equals its default is left out, so a new kind of value that nobody uses
yet changes no hash. The hash itself is not part of what is hashed.
"""

from __future__ import annotations

import hashlib
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from enum import Enum
from typing import Any

import msgspec

from workflow.domain.definition import Definition
from workflow.domain.events import SCHEMA_VERSION
from workflow.errors import NeedsNewerProgram


def canonical(definition: Definition) -> bytes:
    """The canonical bytes of a definition, without its hash."""
    plain = _plain(definition)
    del plain["hash"]
    return msgspec.json.encode(plain, order="sorted")


def hash_of(content: bytes) -> str:
    """The name of a definition: the SHA-256 of its canonical bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def definition_of(content: bytes) -> Definition:
    """The definition that canonical bytes say, with its hash. Raises msgspec.ValidationError on any other bytes."""
    return _DECODER.decode(b'{"hash":"' + hash_of(content).encode() + b'",' + content[1:])


def whole(content: bytes, hash_: str) -> Definition:
    """The definition that is stored under this hash, if this program knows all that it says: what it does not know it would
    pass over in silence, and decide without a guard or a period that the matter has.

    Raises NeedsNewerProgram, ValueError when the content is not what was stored.
    """
    if hash_of(content) != hash_:
        raise ValueError(f"what is stored under {hash_} is not what was stored")
    try:
        definition = definition_of(content)
    except msgspec.ValidationError as error:
        raise NeedsNewerProgram(what=hash_[:12], reader="?", known=SCHEMA_VERSION) from error
    if canonical(definition) != content:
        raise NeedsNewerProgram(what=definition.code, reader="?", known=SCHEMA_VERSION)
    return definition


def sealed(definition: Definition) -> tuple[Definition, bytes]:
    """A definition as everybody will see it, now and when it is read back: its canonical form and its hash."""
    content = canonical(definition)
    return replace(definition_of(content), hash=hash_of(content)), content


_DECODER = msgspec.json.Decoder(Definition)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        named = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: _plain(held) for field, held in named if held != _default(field)}
    if isinstance(value, dict):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(held) for held in value]
    if isinstance(value, float):
        raise ValueError("a definition holds no fractions")
    return value


def _default(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING
