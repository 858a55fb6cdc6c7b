"""Proofs over what is read across cases: jobs, work items, findings, notifications, papers and their numbers; and over what
belongs to no case at all.
"""

from __future__ import annotations

from typing import Final

from workflow.storage.invariants import Proof

REGISTERS: Final = (
    Proof(
        invariant="I5",
        rule="lease_outlived",
        sql="""
        SELECT n.case_id, n.kind || ' to ' || n.recipient || ' is ' || n.standing
        FROM notifications n
        WHERE {ours:n.case_id} AND (
          (n.standing <> 'waiting' AND (n.leased_until IS NOT NULL OR n.sending))
          OR (n.sending AND n.leased_until IS NULL)
          OR (n.epoch = 0 AND (n.leased_until IS NOT NULL OR n.standing IN ('sent', 'dead')))
          OR (n.standing = 'sent') <> (n.sent_at IS NOT NULL))
        """,
    ),
    Proof(
        invariant="I5",
        rule="delivery_twice",
        sql="""
        SELECT n.case_id, 'delivery ' || n.id
        FROM notifications n
        WHERE {ours:n.case_id}
        GROUP BY n.case_id, n.id
        HAVING count(*) > 1
        """,
    ),
    Proof(
        invariant="I7",
        rule="job_done_by_nobody",
        sql="""
        SELECT j.case_id, 'job ' || j.job || ' ' || j.kind
        FROM jobs j
        WHERE {ours:j.case_id} AND (j.done_at IS NULL) <> (j.done_by IS NULL)
        """,
    ),
    Proof(
        invariant="I7",
        rule="job_without_event",
        sql="""
        SELECT j.case_id, 'job ' || j.job || ' ' || j.kind
        FROM jobs j LEFT JOIN events e ON e.case_id = j.case_id AND e.seq = j.job
        WHERE {ours:j.case_id} AND j.kind = 'automatic' AND e.case_id IS NULL
        """,
    ),
    Proof(
        invariant="I7",
        rule="work_item_left_open",
        sql="""
        SELECT w.case_id, 'of visit ' || w.visit || ', the case is at ' || c.visit
        FROM work_items w JOIN cases c ON c.id = w.case_id
        WHERE {ours:w.case_id} AND w.closed_at IS NULL AND w.visit <> c.visit
        """,
    ),
    Proof(
        invariant="I7",
        rule="finding_missing",
        sql="""
        SELECT c.id, 'finding of event ' || e.seq
        FROM cases c JOIN events e ON e.case_id = c.id AND e.type = 'FindingRaised'
        LEFT JOIN findings f ON f.case_id = c.id AND f.seq = e.seq
          AND f.finding = CAST({payload:finding} AS integer)
        WHERE {ours:c.id} AND f.case_id IS NULL
        """,
    ),
    Proof(
        invariant="I10",
        rule="number_not_issued",
        sql="""
        SELECT d.case_id, d.document || ' ' || coalesce(d.series, '-') || ' ' || coalesce(d.number, 0)
        FROM documents d
        LEFT JOIN events e ON e.case_id = d.case_id AND e.seq = d.seq AND e.type = 'DocumentIssued'
        WHERE {ours:d.case_id} AND (
          e.case_id IS NULL OR coalesce({payload:series}, '') <> coalesce(d.series, '')
          OR coalesce(CAST({payload:number} AS integer), 0) <> coalesce(d.number, 0)
          OR coalesce(CAST({payload:year} AS integer), 0) <> coalesce(d.year, 0))
        """,
    ),
    Proof(
        invariant="I10",
        rule="number_beyond_counter",
        sql="""
        SELECT d.case_id, d.series || ' ' || d.year || ' ' || d.number
        FROM documents d LEFT JOIN number_counters n ON n.series = d.series AND n.year = d.year
        WHERE {ours:d.case_id} AND d.number IS NOT NULL AND (n.last IS NULL OR d.number NOT BETWEEN 1 AND n.last)
        """,
    ),
    *(
        Proof(
            invariant="I1",
            rule=f"{table}_without_case",
            sql=f"""
            SELECT DISTINCT w.case_id, 'rows in {table}'
            FROM {table} w LEFT JOIN cases c ON c.id = w.case_id
            WHERE {{ours:w.case_id}} AND c.id IS NULL
            """,
        )
        for table in (
            "events",
            "clocks",
            "rungs",
            "jobs",
            "work_items",
            "documents",
            "findings",
            "notifications",
        )
    ),
)
"""Of a stretch of cases, and of what lies between them without a case."""

WHOLE: Final = (
    Proof(
        invariant="I10",
        rule="counter_differs",
        sql="""
        SELECT '', n.series || ' ' || n.year || ': ' || count(i.number) || ' numbers, the counter says ' || n.last
        FROM number_counters n
        JOIN (SELECT series, year, number FROM documents WHERE number IS NOT NULL
              UNION ALL
              SELECT reply_series, reply_year, reply_number FROM letters WHERE reply_number IS NOT NULL) AS i
          ON i.series = n.series AND i.year = n.year
        GROUP BY n.series, n.year, n.last
        HAVING count(i.number) <> n.last OR count(DISTINCT i.number) <> n.last OR max(i.number) <> n.last
        """,
    ),
    Proof(
        invariant="I8",
        rule="confirmed_by_proposer",
        sql="""
        SELECT '', 'directory ' || number FROM directory_revisions WHERE confirmed_by = proposed_by
        UNION ALL
        SELECT '', 'notice ' || id FROM calendar_notices WHERE published_by = proposed_by
        """,
    ),
    Proof(
        invariant="I10",
        rule="quota_oversold",
        sql="""
        SELECT '', q.kind || ' of ' || q.organ || ' in ' || q.year
        FROM quotas q
        WHERE q.reserved < 0 OR q.consumed < 0 OR q.reserved + q.consumed > q.places
        """,
    ),
)
"""Of the installation as a whole; read once in a full proof."""

UNPROTECTED: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'",
    "postgresql": (
        "SELECT tgname FROM pg_trigger"
        " WHERE tgrelid = to_regclass('events') AND NOT tgisinternal AND tgenabled <> 'D'"
    ),
}
"""What forbids to change or delete events. In each database there are two such triggers."""

COMMANDS_AFTER: Final = """
SELECT m.actor, m.key, m.case_id, m.seq, CASE WHEN e.command_id = m.key THEN 1 ELSE 0 END AS there
FROM (SELECT actor, key, case_id, seq FROM commands
      WHERE (actor, key) > (:actor, :key) ORDER BY actor, key LIMIT :most) AS m
LEFT JOIN events e ON e.case_id = m.case_id AND e.seq = m.seq
ORDER BY m.actor, m.key
"""
"""So many remembered commands after one, and whether the event that each names is there and of its key."""
