"""The ends of all chains (链尾), in a file that is kept outside the database, and the database held against it later.

Whoever rewrites a case from some event on, with every later hash and its row, makes a chain that is sound in itself; it
no longer has the hash that was written down. The file is JSON Lines: a line for the file, one for each case in the order
of their ids, and a last one with the Merkle root over the lines of the cases. The root is what is to be signed, printed
or given to another organ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select

from workflow.domain.merkle import Tree
from workflow.errors import BadEvidence
from workflow.evidence.verify import Broken, Flaw
from workflow.storage import tables as t
from workflow.storage.codec import canonical

if TYPE_CHECKING:
    from workflow.storage.store import Store

FORMAT: Final = "banjie-heads/1"
AT_ONCE: Final = 500

_HEADS = (
    select(t.cases.c.id, t.cases.c.no, t.cases.c.seq, t.cases.c.head)
    .where(t.cases.c.id > bindparam("after"))
    .order_by(t.cases.c.id)
    .limit(AT_ONCE)
)
_LAST = select(t.events.c.case_id, t.events.c.seq, t.events.c.hash).where(
    t.events.c.case_id.in_(bindparam("ids", expanding=True)),
    t.events.c.seq.in_(bindparam("seqs", expanding=True)),
)
_THERE = select(t.cases.c.id, t.cases.c.seq).where(t.cases.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a case's chain: its last event's number and hash (hex)."""

    case_id: str
    no: str
    seq: int
    hash: str

    def line(self) -> bytes:
        """The head as a line of the file, which is the leaf of the tree."""
        return canonical({"case": self.case_id, "no": self.no, "seq": self.seq, "hash": self.hash})


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a file of heads comes to: so many cases, and the root (hex) over their lines."""

    cases: int
    root: str


def write_heads(store: Store, file: IO[bytes]) -> Written:
    """Write the end of every chain. Raises DatabaseUnavailable."""
    made_at = store.clock().now
    file.write(canonical({"format": FORMAT, "made_at": made_at, "hash": "sha256"}) + b"\n")
    tree = Tree()
    for head in heads(store):
        line = head.line()
        tree.add(line)
        file.write(line + b"\n")
    written = Written(cases=tree.size, root=tree.root.hex())
    file.write(canonical({"cases": written.cases, "root": written.root}) + b"\n")
    return written


def heads(store: Store) -> Iterator[Head]:
    """The end of every chain in the order of the cases' ids."""
    after = ""
    while True:
        with store.read() as connection:
            rows = connection.execute(_HEADS, {"after": after}).all()
        if not rows:
            return
        for row in rows:
            yield Head(case_id=row.id, no=row.no, seq=row.seq, hash=bytes(row.head).hex())
        after = rows[-1].id


def read_heads(path: Path) -> Iterator[Head]:
    """The heads of a file. Raises BadEvidence for one that is no such file, that is cut short, or, after the last head,
    whose root is not that of its lines: then the file itself was altered.
    """
    tree = Tree()
    try:
        with path.open("rb") as file:
            if _plain(path, file.readline()).get("format") != FORMAT:
                raise BadEvidence(path=path, reason="is not a file of chain heads")
            for line in file:
                said = _plain(path, line)
                if "root" in said:
                    if (said.get("cases"), said["root"]) != (tree.size, tree.root.hex()):
                        raise BadEvidence(
                            path=path, reason="its root is not that of its lines, it was altered"
                        )
                    return
                tree.add(line.rstrip(b"\n"))
                yield _head(path, said)
    except OSError as error:
        raise BadEvidence(path=path, reason=f"{error.strerror or error}") from error
    raise BadEvidence(path=path, reason="has no last line, it was cut short")


def rewritten(store: Store, path: Path) -> tuple[int, list[Broken]]:
    """How many heads the file has, and every chain that is no longer the one of which a head was written down: it was
    rewritten, cut, or is gone. Raises BadEvidence.
    """
    looked, wrong = 0, list[Broken]()
    for chunk in _chunks(read_heads(path)):
        looked += len(chunk)
        wrong += _compared(store, chunk)
    return looked, wrong


def _compared(store: Store, chunk: Sequence[Head]) -> Iterator[Broken]:
    ids = [head.case_id for head in chunk]
    with store.read() as connection:
        there = {row.id: row.seq for row in connection.execute(_THERE, {"ids": ids})}
        given = {"ids": ids, "seqs": sorted({head.seq for head in chunk})}
        found = {(row.case_id, row.seq): bytes(row.hash).hex() for row in connection.execute(_LAST, given)}
    for head in chunk:
        now = found.get((head.case_id, head.seq))
        if now == head.hash:
            continue
        flaw = Flaw.GONE if head.case_id not in there else Flaw.CUT if now is None else Flaw.REWRITTEN
        yield Broken(
            case_id=head.case_id,
            no=head.no,
            seq=head.seq,
            flaw=flaw,
            field="hash",
            expected=head.hash,
            found=now or "",
        )


def _chunks(found: Iterator[Head]) -> Iterator[list[Head]]:
    chunk: list[Head] = []
    for head in found:
        chunk.append(head)
        if len(chunk) == AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _plain(path: Path, line: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(line)
    except ValueError as error:
        raise BadEvidence(path=path, reason=f"is not a file of chain heads: {error}") from error
    if not isinstance(said, dict):
        raise BadEvidence(path=path, reason="is not a file of chain heads")
    return said


def _head(path: Path, said: Mapping[str, Any]) -> Head:
    case_id, no, seq, hash_ = (said.get(name) for name in ("case", "no", "seq", "hash"))
    if not (
        isinstance(case_id, str) and isinstance(no, str) and isinstance(hash_, str) and isinstance(seq, int)
    ):
        raise BadEvidence(path=path, reason="has a line that is no chain head")
    return Head(case_id=case_id, no=no, seq=seq, hash=hash_)
