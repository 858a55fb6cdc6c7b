"""The names of alarms: what is logged at level error or warning under such a name, or stands as a row in `alarms`, is for a
person. A name is never changed or used for something else: people script against it.
"""

from __future__ import annotations

from typing import Final

STANDING: Final[dict[str, str]] = {
    "invariant_broken": "The rows of a case contradict each other or its events; nothing was repaired.",
    "work_overdue": "Something has been due, and could have been done, for longer than a minute, and nobody does it.",
    "work_parked": "A rung or a job failed too often and is left alone until somebody releases it.",
    "outcome_withheld": "The outcome of silence waits, because its date rests on an assumed calendar.",
    "clock_jumped": "The clock of the database or of a host has jumped; irreversible outcomes are held back.",
    "notification_dead": "A notification could not be sent, or nobody knows whether it was.",
    "lease_stale": "A notification is held under a lease that ended long ago, and nobody claims it anew.",
    "reprojection_failed": "The dates of a case could not be moved to the present calendars.",
    "calendar_behind": "Open clocks have not been looked at under the present calendars for minutes.",
    "tasks_idle": "Less than 95 of 100 pieces of work are done by tasks; the pulses do the rest.",
    "reconciler_late": "The invariants have not been looked at for minutes: no reconciler runs, or it cannot.",
}
"""Alarms that stand as a row in the table `alarms` until what they tell of is over: name -> what it means."""

LOGGED: Final[dict[str, str]] = {
    "workers_stalled": "Work lies undone that no worker touches; the workers were killed and are started again.",
    "relay_silent": "The relay has said nothing for half a minute; it was killed and is started again.",
    "relay_idle": "The relay is awake and hands nothing on while work lies there; it was killed and is started again.",
    "worker_silent": "A worker has said nothing for half a minute; it was killed and is started again.",
    "reconciler_silent": "The reconciler has said nothing for minutes; it was killed and is started again.",
    "thread_stuck": "A loop of a worker has not come round for too long, or hears no hints; the worker was killed.",
    "child_died": "A process of the stack ended by itself; it is started again.",
    "case_parked": "A case failed too often and was parked just now; the alarm work_parked stands until it is released.",
    "broker_unavailable": "The broker does not answer; the pulses do the work until it is back.",
    "relay_halted": "The relay cannot reach the broker or the database.",
    "sweep_failed": "Carrying a notice on holidays to the open clocks failed; it is tried again.",
    "hand_over_failed": "A work item could not follow an absence; it is tried again.",
    "outcomes_frozen": "Irreversible outcomes are held back from now on; the alarm clock_jumped stands until a release.",
    "outcomes_released": "A named person has released the outcomes that were held back.",
}
"""Alarms that are only logged, each time it happens: name -> what it means."""

ALARMS: Final[dict[str, str]] = STANDING | LOGGED
"""Every alarm there is."""
