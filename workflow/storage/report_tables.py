"""What concluded cases leave behind for the figures, so that a month of a hundred thousand is read and not reckoned again.

All rows are a case's own, written by the step that concludes it, from its events; `report rebuild` fills them again. The
month and the matter stand in every row, so that none need be looked up for another.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, SmallInteger, Table, Text

from workflow.storage.metadata import metadata

case_facts = Table(
    "case_facts",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("no", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("organ", Text, nullable=False),  # which had it last before it was concluded
    Column("post", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("ending", Text, nullable=False),  # completed, not_accepted, withdrawn
    Column("received_on", Date, nullable=False),
    Column("accepted_on", Date),
    Column("concluded_on", Date, nullable=False),
    Column("month", Text, nullable=False),  # YYYY-MM, of the conclusion
    Column("deemed", Boolean, nullable=False),
    Column("timed", Boolean, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("early", Boolean, nullable=False),
    Column("promise_kept", Boolean),
    Column("statute_kept", Boolean),
    Column("used", Integer),  # working days of the handling period, excluded ones not counted
    Column("allowed", Integer),
    Column("due_on", Date),
    Column("whole", Integer, nullable=False),  # working days from filing to conclusion
    Column("overrun", Integer, nullable=False),
    Column("extensions", Integer, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("rating", SmallInteger),  # one to five points, given later
    Index("case_facts_concluded_ix", "concluded_on", "matter"),
)

case_exclusions = Table(
    "case_exclusions",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("ground", Text, primary_key=True),
    Column("matter", Text, nullable=False),
    Column("concluded_on", Date, nullable=False),
    Column("days", Integer, nullable=False),
    Index("case_exclusions_concluded_ix", "concluded_on"),
)

case_shares = Table(
    "case_shares",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("share", Integer, primary_key=True, autoincrement=False),
    Column("matter", Text, nullable=False),
    Column("concluded_on", Date, nullable=False),
    Column("holder", Text, nullable=False),  # organ, applicant, system, or of the ground that was open
    Column("organ", Text),
    Column("post", Text),
    Column("person", Text),
    Column("ground", Text),
    Column("days", Integer, nullable=False),
    Column("excess", Integer, nullable=False),
    Column("overrun", Integer, nullable=False),
    Index("case_shares_concluded_ix", "concluded_on"),
)
