"""What somebody, or the system, asks of a case: two commands for people and programs, five for the
machine, two for whoever brings in a new version.

A command carries the key under which its acceptance is remembered: the same actor, key and body give the same result for
ever; the same key with another body is refused. Ids are made at the door, never in the domain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflow.domain.events import Parent
from workflow.domain.materials.state import Elsewhere

SYSTEM = "system"
"""The actor of everything that follows from a committed event (automatic steps, rungs)."""

PUBLIC = "public"
"""The actor prefix of people who are in no directory: `public` or `public:<name>`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`actor` asks under `key`; `effective_at` back-dates the legal time of the act (never past `now`)."""

    case_id: str
    key: str
    actor: str
    acting_for: str | None = None
    effective_at: datetime | None = None
    caused_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitFiling(Command):
    """File a new case (申报). `form` still holds personal values; they are sealed before anything is decided. `files` says
    more of materials that come with it: the file that lies ready, or how much paper; `taken` is what the family of
    cases holds already and is not asked for again; the engine fills it in. `received_by` is the clerk who takes it in at
    the window.
    """

    matter: str
    form: Mapping[str, Any]
    materials: tuple[str, ...] = ()
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    taken: Mapping[str, Elsewhere] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)
    letter: str | None = None
    channel: str = "online"
    received_by: str | None = None
    parent: Parent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAction(Command):
    """Take a declared action on a case; `seen_version` is the version the actor read (If-Match), if he says so."""

    action: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    seen_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FireRung(Command):
    """Fire one rung of a clock, if it is still due when the case is locked."""

    clock: str
    generation: int
    rung: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunJob(Command):
    """Do one automatic step: take `action` as the system, if the case is still at the visit that asked for it."""

    job: int
    action: str
    visit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproject(Command):
    """Look at the case's open due dates under the present calendar and move those that a notice has moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndChild(Command):
    """Tell a case that one of its children, `child_case`, has been concluded with `outcome`."""

    join: str
    round: int
    child: str
    child_case: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellReply(Command):
    """Tell a case of the reply to the letter it stands under: its document number, and the case's place on its list."""

    letter: str
    series: str
    year: int
    number: int
    place: int
    total: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrateCase(Command):
    """Move a running case to the definition `to` by the plan whose hash is `plan`: which state, period (None ends it) and
    post of the new version stands for which of the old, and which periods begin with it.
    """

    to: str
    plan: str
    reason: str
    states: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, str | None] = field(default_factory=dict)
    posts: Mapping[str, str] = field(default_factory=dict)
    starts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoMigration(Command):
    """Move a case back to where it was before its last migration, if nobody has acted since."""

    reason: str


AnyCommand = (
    SubmitFiling
    | TakeAction
    | FireRung
    | RunJob
    | Reproject
    | EndChild
    | TellReply
    | MigrateCase
    | UndoMigration
)
