"""Mistakes in what watches the rest: proofs and alarms, versions side by side, what is held back, the log."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

_RECONCILER = "tests/integration/evidence/test_reconciler.py"
_STORAGE = "tests/integration/storage"
_TIME = "tests/integration/engine/test_time_watch.py"

MUTATIONS = (
    Mutation(
        id="proof-blind-to-lost-rungs",
        file="workflow/storage/invariants_clocks.py",
        old="AND (w.case_id IS NULL OR w.fired_at",
        new="AND (w.fired_at",
        breaks="I4: a timer whose row is gone, a right lost, is proved to be in order",
        caught_by=(f"{_RECONCILER}::test_whatever_is_broken_is_named",),
    ),
    Mutation(
        id="forgotten-hint-stays-forgotten",
        file="workflow/storage/invariants_open.py",
        old="    .values(hinted_at=None)\n    for table, waits, _, _ in _KINDS",
        new="    .values(hinted_at=RealNow())\n    for table, waits, _, _ in _KINDS",
        breaks="I7: what was hinted and forgotten is not hinted anew",
        caught_by=(f"{_RECONCILER}::test_a_hint_that_led_nowhere_is_taken_back_and_nothing_else_is_touched",),
    ),
    Mutation(
        id="stopped-proof-proves",
        file="workflow/engine/reconciler.py",
        old="    else:\n        return Pass(cases=cases, broken=tuple(found))\n",
        new="",
        breaks="I12: a proof that was broken off counts as one of everything",
        caught_by=(f"{_RECONCILER}::test_a_proof_that_is_stopped_proves_nothing",),
    ),
    Mutation(
        id="taken-away-under-a-living-program",
        file="workflow/storage/schema.py",
        old="            if plan.in_the_way:\n",
        new="            if False:\n",
        breaks="I12: a migration takes away what an older program at work still needs",
        caught_by=(f"{_STORAGE}/test_rolling.py::test_a_contraction_waits_for_the_last_older_program",),
    ),
    Mutation(
        id="old-program-on-a-schema-it-does-not-know",
        file="workflow/storage/schema.py",
        old="if found > WANTED and (oldest := oldest_program(connection) or found) > WANTED:",
        new="if found > WANTED and (oldest := oldest_program(connection) or found) == WANTED:",
        breaks="I3: an old program writes into tables from which something was taken that it needs",
        caught_by=(
            f"{_STORAGE}/test_schema.py::test_a_newer_schema_is_refused_once_something_was_taken_away",
        ),
    ),
    Mutation(
        id="restored-messages-sent-again",
        file="workflow/engine/notifying.py",
        old="    if notifier.hold:\n",
        new="    if False:\n",
        breaks="I2: after a restore messages go out that may have gone out before",
        caught_by=(
            "tests/integration/operation/test_restore.py::test_while_it_holds_nothing_is_sent_and_what_is_raised_is_held",
        ),
    ),
    Mutation(
        id="names-in-the-log",
        file="workflow/operation/redaction.py",
        old='return "".join([*kept, _PERSONAL.sub(BLOT, text[last:])])',
        new='return "".join([*kept, text[last:]])',
        breaks="I9: somebody's name, number or telephone is in a log",
        caught_by=(
            "tests/unit/operation/test_logs.py::test_fields_and_libraries_lose_what_may_be_somebodys",
        ),
    ),
    Mutation(
        id="jump-of-the-clock-not-seen",
        file="workflow/engine/time_watch.py",
        old="if ahead > FORWARD else None",
        new="if ahead < -FORWARD else None",
        breaks="I4: the database's clock was set forward, and everything seems to be due",
        caught_by=(f"{_TIME}::test_a_jump_is_told_from_the_passing_of_time",),
    ),
    Mutation(
        id="host-believes-whatever-it-is-told",
        file="workflow/storage/hostclock.py",
        old="return min(told, expected)",
        new="return told",
        breaks="I4: a host whose clock was set forward agrees that time has come",
        caught_by=(f"{_TIME}::test_a_clock_that_was_set_forward_is_not_believed_until_it_is_released",),
    ),
    Mutation(
        id="outcome-in-a-freeze",
        file="workflow/storage/freezing.py",
        old="        if row[0] is not None:\n            return True\n",
        new="",
        breaks="I4: an irreversible outcome is brought about while the clocks are in doubt",
        caught_by=(f"{_TIME}::test_an_act_that_would_bring_an_outcome_about_is_put_off",),
    ),
    Mutation(
        id="freeze-lifted-by-one",
        file="workflow/storage/watch_register.py",
        old="    if kept.proposed_by == origin.by:\n",
        new="    if False:\n",
        breaks="I8: who said that the clock is right confirms it himself",
        caught_by=(f"{_TIME}::test_two_persons_release_it_and_all_is_done_then",),
    ),
)
