"""Which state an action leads to. The one module that knows `transitions`, used as an oracle of the topology only.

One machine per definition version, without models, callbacks or automatic `to_x` transitions: a machine per case would
cost 48 KB and half a millisecond, and conditions inside the machine would fail silently (they are guards instead).
"""

from __future__ import annotations

from transitions import Machine, MachineError

from workflow.domain.definition import Definition
from workflow.errors import ActionNotAvailable

_machines: dict[str, Machine] = {}
_edges: dict[tuple[str, str, str], str] = {}


class _Cursor:
    """Where a trigger starts and, after it, where it ended; never registered as a model."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def target(definition: Definition, state: str, action: str) -> str:
    """The state after `action` is taken in `state`. Raises ActionNotAvailable when the definition has no such edge."""
    # A definition never changes, so neither does what its machine once said.
    known = _edges.get((definition.hash, state, action))
    if known is not None:
        return known
    event = _machine(definition).events.get(action)
    cursor = _Cursor(state)
    try:
        if event is not None and event.trigger(cursor):
            _edges[definition.hash, state, action] = cursor.state
            return cursor.state
    except MachineError:
        pass
    available = ", ".join(definition.actions_from(state)) or "-"
    raise ActionNotAvailable(action=action, state=state, available=available) from None


def _machine(definition: Definition) -> Machine:
    machine = _machines.get(definition.hash)
    if machine is None:
        machine = _machines[definition.hash] = Machine(
            model=None,
            states=list(definition.states),
            initial=definition.initial,
            transitions=[
                {"trigger": name, "source": source, "dest": action.to or source}
                for name, action in definition.actions.items()
                for source in action.sources
            ],
            auto_transitions=False,
        )
    return machine
