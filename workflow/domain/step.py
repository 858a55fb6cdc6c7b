"""What one accepted command leaves behind, as a value: the engine makes it, the storage writes it in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflow.domain.case import Case
from workflow.domain.desk.panel_state import PanelSecret
from workflow.domain.envelope import Envelope
from workflow.domain.events import Event
from workflow.domain.figures.facts import CaseFacts
from workflow.domain.letters.values import LetterChange
from workflow.domain.notification.values import Notification
from workflow.domain.quota.book import Balance, QuotaKey


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """An automatic step (作业) that an event calls for; `job` is the number of that event in the case, so a job is
    asked for once. It is due at `due_at` and serves the case's `visit` only.
    """

    job: int
    kind: str
    action: str
    visit: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneJob:
    """A job that this step settles: done, or no longer called for."""

    job: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalValue:
    """A personal value taken out of a command: it lives in the erasable table, the events keep only a commitment."""

    subject: str
    field: str
    value: str
    salt: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """A task for people (待办): the case waits at `visit` for the post `post` of `organ` (a directory code)."""

    visit: int
    post: str
    kind: str
    organ: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTaken:
    """A person acted on the case from `post`, one of the posts of `group` (its place in the definition's `distinct`) that
    different persons must hold.
    """

    definition: str
    group: int
    person: str
    post: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command's whole consequence. `done_by` says which hand did automatic work: task, pulse, or none (a person)."""

    before: Case | None
    after: Case
    events: tuple[tuple[Envelope, Event], ...]
    actor: str
    key: str
    request_hash: bytes
    done_by: str | None = None
    jobs: tuple[NewJob, ...] = ()
    done: tuple[DoneJob, ...] = ()
    personal: tuple[PersonalValue, ...] = ()
    opened: WorkItem | None = None
    quotas: tuple[tuple[QuotaKey, Balance], ...] = ()
    roles: tuple[RoleTaken, ...] = ()
    letters: tuple[LetterChange, ...] = ()
    secrets: tuple[PanelSecret, ...] = ()
    notifications: tuple[Notification, ...] = ()
    figures: CaseFacts | None = None
