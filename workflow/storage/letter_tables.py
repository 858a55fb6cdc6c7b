"""The tables of filing letters (申报函): each letter with its one reply, and which cases it holds.

`letters` is a short register of an installation. The rows of `letter_cases` are a case's own, so they have its id in
their key.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text, UniqueConstraint, and_

from workflow.storage.columns import Instant
from workflow.storage.tables import documents, metadata

letters = Table(
    "letters",
    metadata,
    Column("organ", Text, primary_key=True),  # that filed, by the code of the directory
    Column("number", Text, primary_key=True),  # the letter's own, as the organ wrote it
    Column("matter", Text, nullable=False),  # of the first case under it
    Column("year", Integer, nullable=False),  # in which that came
    Column("opened_at", Instant, nullable=False),
    Column("reply_series", Text),
    Column("reply_year", Integer),
    Column("reply_number", Integer),
    Column("replied_at", Instant),
    Column("replied", Integer),  # how many cases the reply lists
    Column("digest", Text),  # SHA-256 of its list
    CheckConstraint(
        "(reply_number IS NULL) = (replied_at IS NULL) AND (reply_number IS NULL) = (reply_series IS NULL)"
        " AND (reply_number IS NULL) = (reply_year IS NULL) AND (reply_number IS NULL) = (replied IS NULL)"
        " AND (reply_number IS NULL) = (digest IS NULL)",
        name="reply",
    ),
    UniqueConstraint("reply_series", "reply_year", "reply_number"),
)

letter_cases = Table(
    "letter_cases",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("organ", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("joined_at", Instant, nullable=False),
    Column("concluded_at", Instant),
    Column("left_at", Instant),  # filed again under another letter, or answered alone
    Column("place", Integer),  # on the reply's list
    Column("outcome", Text),
    Column("paper", Text),  # the document number of the paper that gives the reasons, if it has one
)
letter_case_waits = and_(letter_cases.c.concluded_at.is_(None), letter_cases.c.left_at.is_(None))
"""A case that its letter still waits for."""

Index("letter_cases_letter_ix", letter_cases.c.organ, letter_cases.c.number)
Index(
    "letter_cases_waiting_ix",
    letter_cases.c.organ,
    letter_cases.c.number,
    postgresql_where=letter_case_waits,
    sqlite_where=letter_case_waits,
)

Index(
    "documents_waiting_ix",
    documents.c.issued_at,
    postgresql_where=documents.c.delivered_at.is_(None),
    sqlite_where=documents.c.delivered_at.is_(None),
)
"""Papers that have not been handed over yet, which the window lists."""
