"""Which files lie in the store, and what becomes of them: staged, stored, kept by an event, or condemned and removed.

A file that no event names is removed when it has lain for a day of real time. An event may name a file only while its row
is locked and not condemned; a row is condemned only while no event names it; and an address is never used twice. So
whichever of the two comes first holds, and no file is removed that an event names, wherever a process dies.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import Connection, and_, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workflow.domain.materials.state import StagedFile
from workflow.storage import material_tables as m
from workflow.storage.columns import RealNow, RealTimeAgo

SALT_BYTES: Final = 32
_NONCE_BYTES: Final = 8

_DIALECTS: Final = {"postgresql": postgresql, "sqlite": sqlite}
_SALT = select(m.blob_salts.c.salt).where(m.blob_salts.c.case_id == bindparam("family"))
_MAKE_SALT = {
    name: dialect.insert(m.blob_salts)
    .values(case_id=bindparam("family"), salt=bindparam("fresh"), made_at=RealNow())
    .on_conflict_do_nothing()
    for name, dialect in _DIALECTS.items()
}
_live = and_(m.blobs.c.stored_at.is_not(None), m.blobs.c.condemned_at.is_(None))
_twin = m.blobs.alias("twin")
_TOUCH = (
    update(m.blobs)
    .where(
        m.blobs.c.case_id == bindparam("family"),
        # One row, though two may have stored the same file at once: who locks several meets another who does.
        m.blobs.c.address
        == select(func.min(_twin.c.address))
        .where(
            _twin.c.case_id == bindparam("family"),
            _twin.c.digest == bindparam("named"),
            _twin.c.stored_at.is_not(None),
            _twin.c.condemned_at.is_(None),
        )
        .scalar_subquery(),
        _live,
    )
    .values(staged_at=RealNow())
)
_NOTE = m.blobs.insert().values(
    case_id=bindparam("family"),
    address=bindparam("at"),
    digest=bindparam("named"),
    kind=bindparam("kind"),
    media_type=bindparam("media_type"),
    size=bindparam("size"),
    staged_at=RealNow(),
)
_STORED = (
    update(m.blobs)
    .where(
        m.blobs.c.case_id == bindparam("family"),
        m.blobs.c.address == bindparam("at"),
        m.blobs.c.condemned_at.is_(None),
    )
    .values(stored_at=RealNow())
)
_ADDRESS = (
    select(m.blobs.c.address)
    .where(m.blobs.c.case_id == bindparam("family"), m.blobs.c.digest == bindparam("named"), _live)
    .order_by(m.blobs.c.kept_at, m.blobs.c.staged_at)
    .limit(1)
)
_ORPHANS = (
    select(m.blobs.c.case_id, m.blobs.c.address)
    .where(
        m.blobs.c.kept_at.is_(None),
        m.blobs.c.condemned_at.is_(None),
        m.blobs.c.staged_at < RealTimeAgo(bindparam("seconds")),
    )
    .order_by(m.blobs.c.staged_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CONDEMN = (
    update(m.blobs)
    .where(
        m.blobs.c.case_id == bindparam("family"),
        m.blobs.c.address == bindparam("at"),
        m.blobs.c.kept_at.is_(None),
    )
    .values(condemned_at=RealNow())
)
_CONDEMNED = (
    select(m.blobs.c.case_id, m.blobs.c.address)
    .where(m.blobs.c.condemned_at.is_not(None))
    .order_by(m.blobs.c.case_id, m.blobs.c.address)
    .limit(bindparam("most"))
)
_FORGET = delete(m.blobs).where(
    m.blobs.c.case_id == bindparam("family"),
    m.blobs.c.address == bindparam("at"),
    m.blobs.c.condemned_at.is_not(None),
)
_WAITING = select(func.count()).select_from(m.blobs).where(m.blobs.c.kept_at.is_(None))

Opening: TypeAlias = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class BlobRegister:
    """The register of files of one database; made by `Store.blobs`. `read` and `write` open a connection each time."""

    read: Opening
    write: Opening

    def salt(self, family: str) -> bytes:
        """The salt of a family of cases, made at the first use: of two that make it at once one holds."""
        with self.read() as connection:
            known = connection.execute(_SALT, {"family": family}).scalar()
        if known is not None:
            return bytes(known)
        with self.write() as connection:
            fresh = secrets.token_bytes(SALT_BYTES)
            connection.execute(_MAKE_SALT[connection.dialect.name], {"family": family, "fresh": fresh})
            return bytes(connection.execute(_SALT, {"family": family}).scalar_one())

    def known_salt(self, family: str) -> bytes | None:
        """The salt of a family that has one, for reading; none once it has been erased."""
        with self.read() as connection:
            known = connection.execute(_SALT, {"family": family}).scalar()
        return bytes(known) if known is not None else None

    def touch(self, family: str, digest: str) -> bool:
        """Let the day of a file begin anew, if the family has it; then it need not be stored again."""
        with self.write() as connection:
            return connection.execute(_TOUCH, {"family": family, "named": digest}).rowcount > 0

    def note(self, family: str, file: StagedFile) -> str:
        """Note a file that is about to be stored; gives the address to store it at, which is new each time."""
        address = f"{family}/{file.digest}/{secrets.token_hex(_NONCE_BYTES)}"
        row = {
            "family": family,
            "at": address,
            "named": file.digest,
            "kind": file.kind,
            "media_type": file.media_type,
            "size": file.size,
        }
        with self.write() as connection:
            connection.execute(_NOTE, row)
        return address

    def stored(self, family: str, address: str) -> bool:
        """Note that the store has it; False if storing took longer than a day and it has been condemned."""
        with self.write() as connection:
            return connection.execute(_STORED, {"family": family, "at": address}).rowcount > 0

    def address(self, family: str, digest: str) -> str | None:
        """Where a file of the family lies."""
        with self.read() as connection:
            found: str | None = connection.execute(_ADDRESS, {"family": family, "named": digest}).scalar()
        return found

    def condemn(self, seconds: float, limit: int) -> int:
        """Condemn files that no event names and that were staged so many seconds of real time ago; gives how many."""
        with self.write() as connection:
            found = connection.execute(_ORPHANS, {"seconds": seconds, "most": limit}).all()
            for family, address in found:
                connection.execute(_CONDEMN, {"family": family, "at": address})
        return len(found)

    def condemned(self, limit: int) -> list[tuple[str, str]]:
        """Family and address of files to be removed from the store, and then forgotten."""
        with self.read() as connection:
            return [(family, address) for family, address in connection.execute(_CONDEMNED, {"most": limit})]

    def forget(self, gone: Sequence[tuple[str, str]]) -> None:
        """Take the rows away of files that the store no longer has."""
        if gone:
            with self.write() as connection:
                connection.execute(_FORGET, [{"family": family, "at": address} for family, address in gone])

    def waiting(self) -> int:
        """How many files lie that no event names."""
        with self.read() as connection:
            return int(connection.execute(_WAITING).scalar_one())
