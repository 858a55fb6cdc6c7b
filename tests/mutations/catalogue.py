"""Every planted bug there is."""

from __future__ import annotations

from tests.mutations import clocks, desks, hands, law, open_records, rows, steps, watch
from tests.mutations.mutation import Mutation

MUTATIONS: tuple[Mutation, ...] = (
    *rows.MUTATIONS,
    *steps.MUTATIONS,
    *hands.MUTATIONS,
    *clocks.MUTATIONS,
    *law.MUTATIONS,
    *desks.MUTATIONS,
    *watch.MUTATIONS,
    *open_records.MUTATIONS,
)
