"""Many cases from a few: each is walked by the engine once and then copied row by row inside the database.

The copies have ids and numbers of their own and are true to form, but their chains of events are those of the case they
were copied from: good for measuring, not for proving.
"""

from __future__ import annotations

import random
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, column, func, insert, literal_column, select, table, text

from workflow.storage import tables as t

_COPIED: tuple[Table, ...] = (t.clocks, t.rungs, t.jobs, t.work_items, t.findings, t.events, t.notices)
_IDS = table("copies", column("id"), column("no"))


def multiply(connection: Connection, case_id: str, count: int, *, seed: int = 1) -> None:
    """Make `count` copies of a case, in a transaction of its own."""
    draw = random.Random(seed)
    ids = [{"id": str(UUID(int=draw.getrandbits(128), version=4))} for _ in range(count)]
    connection.execute(text("CREATE TEMPORARY TABLE copies (id text PRIMARY KEY, no text NOT NULL)"))
    no = connection.execute(select(t.cases.c.no).where(t.cases.c.id == case_id)).scalar_one()
    given = [{**one, "no": f"{no}-{number}"} for number, one in enumerate(ids, 1)]
    connection.execute(insert(_IDS).values(id=bindparam("id"), no=bindparam("no")), given)
    own = {
        "id": _IDS.c.id,
        "no": _IDS.c.no,
        "body": func.replace(func.replace(t.cases.c.body, case_id, _IDS.c.id), no, _IDS.c.no),
    }
    _copy(connection, t.cases, t.cases.c.id == case_id, own)
    for copied in _COPIED:
        _copy(connection, copied, copied.c.case_id == case_id, {"case_id": _IDS.c.id})
    connection.execute(text("DROP TABLE copies"))


def _copy(connection: Connection, of: Table, which: object, own: dict[str, object]) -> None:
    names = [one.name for one in of.columns]
    rows = select(*(own.get(name, of.c[name]) for name in names)).select_from(
        of.join(_IDS, literal_column("true"))
    )
    connection.execute(insert(of).from_select(names, rows.where(which)))  # type: ignore[arg-type]
