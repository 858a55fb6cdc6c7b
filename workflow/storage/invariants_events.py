"""Proofs over the record itself: commands, events, the chain, the case's row, and who acted."""

from __future__ import annotations

from typing import Final

from workflow.storage.invariants import Proof

EVENTS: Final = (
    Proof(
        invariant="I1",
        rule="command_without_event",
        # From the side of the events: a person's event under a key that nobody remembers could be done twice.
        sql="""
        SELECT DISTINCT e.case_id, 'key ' || e.command_id
        FROM events e LEFT JOIN commands m ON m.actor = e.actor AND m.key = e.command_id
        WHERE {ours:e.case_id} AND e.actor <> 'system' AND e.caused_by IS NULL
          AND (m.key IS NULL OR m.case_id <> e.case_id)
        """,
    ),
    Proof(
        invariant="I2",
        rule="event_missing",
        sql="""
        SELECT c.id, count(e.seq) || ' events, the case is at ' || c.seq
        FROM cases c LEFT JOIN events e ON e.case_id = c.id
        WHERE {ours:c.id}
        GROUP BY c.id, c.seq
        HAVING count(e.seq) <> c.seq OR min(e.seq) <> 1 OR max(e.seq) <> c.seq
        """,
    ),
    Proof(
        invariant="I2",
        rule="command_done_twice",
        sql="""
        SELECT e.case_id, 'key ' || e.command_id
        FROM events e
        WHERE {ours:e.case_id} AND (e.actor <> 'system' OR e.command_id LIKE 'job:%')
        GROUP BY e.case_id, e.actor, e.command_id
        HAVING count(DISTINCT e.recorded_at) > 1
        """,
    ),
    Proof(
        invariant="I3",
        rule="path_broken",
        sql="""
        SELECT case_id, 'event ' || seq || ' leaves ' || source || ', the case was in ' || was
        FROM (
          SELECT e.case_id, e.seq, e.type, {payload:source} AS source,
                 lag(CASE WHEN e.type = 'FilingSubmitted' THEN {payload:state} ELSE {payload:target} END)
                   OVER (PARTITION BY e.case_id ORDER BY e.seq) AS was
          FROM events e
          WHERE {ours:e.case_id}
            AND e.type IN ('FilingSubmitted', 'ActionTaken', 'ActTakenBack', 'CaseMigrated')
        ) AS moves
        WHERE type <> 'FilingSubmitted' AND (was IS NULL OR source <> was)
        """,
    ),
    Proof(
        invariant="I3",
        rule="state_not_reached",
        sql="""
        SELECT c.id, 'the row says ' || c.state
        FROM cases c
        WHERE {ours:c.id} AND c.state <> coalesce((
          SELECT CASE WHEN e.type = 'FilingSubmitted' THEN {payload:state} ELSE {payload:target} END
          FROM events e
          WHERE e.case_id = c.id
            AND e.type IN ('FilingSubmitted', 'ActionTaken', 'ActTakenBack', 'CaseMigrated')
          ORDER BY e.seq DESC LIMIT 1), '')
        """,
    ),
    Proof(
        invariant="I3",
        rule="begins_otherwise",
        sql="""
        SELECT e.case_id, 'event ' || e.seq || ' is ' || e.type
        FROM events e
        WHERE {ours:e.case_id} AND (e.seq = 1) <> (e.type = 'FilingSubmitted')
        """,
    ),
    Proof(
        invariant="I6",
        rule="head_differs",
        sql="""
        SELECT c.id, 'head of event ' || c.seq
        FROM cases c LEFT JOIN events e ON e.case_id = c.id AND e.seq = c.seq
        WHERE {ours:c.id} AND (e.hash IS NULL OR e.hash <> c.head)
        """,
    ),
    Proof(
        invariant="I6",
        rule="chain_broken",
        sql="""
        SELECT e.case_id, 'event ' || e.seq
        FROM events e LEFT JOIN events p ON p.case_id = e.case_id AND p.seq = e.seq - 1
        WHERE {ours:e.case_id}
          AND CASE WHEN e.seq = 1 THEN length(e.prev_hash) <> 0
                   ELSE p.hash IS NULL OR e.prev_hash <> p.hash END
        """,
    ),
    Proof(
        invariant="I8",
        rule="same_person",
        sql="""
        SELECT c.id, e.actor || ' at ' || count(DISTINCT {payload:post}) || ' posts'
        FROM cases c
        JOIN definitions d ON d.hash = c.definition
        {posts}
        JOIN events e ON e.case_id = c.id AND e.type = 'ActionTaken' AND e.actor <> 'system'
                     AND {payload:post} = {post}
        WHERE {ours:c.id}
          AND NOT EXISTS (SELECT 1 FROM events m WHERE m.case_id = c.id AND m.type = 'CaseMigrated')
        GROUP BY c.id, {group}, e.actor
        HAVING count(DISTINCT {payload:post}) > 1
        """,
    ),
    Proof(
        invariant="I8",
        rule="role_not_noted",
        sql="""
        SELECT DISTINCT c.id, e.actor || ' at ' || {payload:post}
        FROM cases c
        JOIN definitions d ON d.hash = c.definition
        {posts}
        JOIN events e ON e.case_id = c.id AND e.type = 'ActionTaken' AND e.actor <> 'system'
                     AND {payload:post} = {post}
        LEFT JOIN roles_taken t ON t.case_id = c.id AND t.person = e.actor AND t.post = {post}
        WHERE {ours:c.id} AND t.person IS NULL
          AND NOT EXISTS (SELECT 1 FROM events m WHERE m.case_id = c.id AND m.type = 'CaseMigrated')
        """,
    ),
    Proof(
        invariant="I11",
        rule="row_differs",
        sql="""
        SELECT c.id, 'at ' || c.seq || ', version ' || c.version
        FROM cases c
        WHERE {ours:c.id} AND (
          CAST({body:seq} AS integer) <> c.seq OR CAST({body:version} AS integer) <> c.version
          OR CAST({body:visit} AS integer) <> c.visit OR {body:state} <> c.state
          OR {body:definition} <> c.definition OR {body:no} <> c.no OR {body:id} <> c.id
          OR coalesce({body:outcome}, '') <> coalesce(c.outcome, '')
          OR c.version < 1 OR c.version > c.seq)
        """,
    ),
)
