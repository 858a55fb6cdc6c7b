"""A matter's resolved definition (事项定义): a state machine with posts, materials, legal periods and publication.

These are plain values. The catalogue reads YAML, checks it, merges the process template into the matter and builds them;
titles and other translations are not here, because they do not change what the definition means (design: idea 1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Expression: TypeAlias = tuple[Any, ...]
"""A condition compiled into plain data (lists, texts, numbers, true, false, null); see `workflow.domain.conditions`."""


class Regime(StrEnum):
    """What kind of law stands behind a matter (reference: law-and-domain §8.1)."""

    LICENSING = "licensing"
    NON_LICENSING_APPROVAL = "non_licensing_approval"
    OTHER_STATUTORY = "other_statutory"
    SERVICE = "service"


class Holder(StrEnum):
    """Who holds the time of a state: the organ's own time is what it answers for."""

    ORGAN = "organ"
    APPLICANT = "applicant"
    SYSTEM = "system"


class Expiry(StrEnum):
    """What the end of a period means; silence decides only where the cited law says so (design §6)."""

    ALERT = "alert"
    DEEMED_ACCEPTED = "deemed_accepted"
    DEEMED_RENEWED = "deemed_renewed"
    CONSENT_OF_SILENT_ORGAN = "consent_of_silent_organ"
    PROCEED = "proceed"


class Colour(StrEnum):
    """Weight of a finding (预警纠错): reminder 提示, yellow card 黄牌, red card 红牌."""

    REMINDER = "reminder"
    YELLOW = "yellow"
    RED = "red"


class OnRestart(StrEnum):
    """What a clock does when what starts it happens again (a return to an earlier step, a second receipt)."""

    CONTINUE = "continue"
    RESTART = "restart"


class OnReturn(StrEnum):
    """What a return to an earlier step (退回) does to the case's own clocks; every backward edge declares it.

    `stop`: the state returned to is one in which counting is stopped on a ground; `restart`: a new generation begins.
    """

    CONTINUE = "continue"
    STOP = "stop"
    RESTART = "restart"


class QuotaYear(StrEnum):
    """The moment whose civil year, in the definition's zone, says which year's quota a case falls under."""

    FILING = "filing"
    REPORT = "report"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaSpec:
    """The quota that cases of the matter fall under (进京指标): its kind, the party it is allotted to (`@ministry`), and of
    which moment the year is. A case takes `places`, and as many more as the whole-number field `count` of its form says;
    one on which the compiled condition `exempt` holds takes none.
    """

    kind: str
    per: str
    year: QuotaYear = QuotaYear.REPORT
    places: int = 1
    count: str | None = None
    exempt: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A role of the process (岗位), bound to an organ by code or, with `@`, by its relation to the case."""

    kind: str
    organ: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state; `automatic` names the action the system takes on entering it, or several of which it takes the first whose
    condition holds; `post` who is expected to act.
    """

    stage: str
    post: str | None = None
    holder: Holder = Holder.ORGAN
    automatic: str | tuple[str, ...] | None = None
    final: bool = False

    @property
    def automatic_actions(self) -> tuple[str, ...]:
        """The automatic actions in the order in which they are tried; none where people act."""
        if self.automatic is None:
            return ()
        return (self.automatic,) if isinstance(self.automatic, str) else self.automatic


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field that an action or a form asks for. `type`: string, text, boolean, date, integer, list, choice; of verbs also
    mapping (texts to whole numbers).
    """

    type: str = "string"
    required: bool = True
    choices: tuple[str, ...] = ()
    personal: bool = False
    min_items: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One declared consequence of an action: `do` is a word of `workflow.domain.effects`, the rest its operands."""

    do: str
    document: str | None = None
    notice: str | None = None
    outcome: str | None = None
    clock: str | None = None
    ground: str | None = None
    join: str | None = None
    backdated: bool = False
    count: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One edge of the machine. `to` None keeps the state. `by` lists post keys (`system`, `public` are reserved). `when`
    is a condition on the case, compiled; `guards` are the law's conditions, by name.
    """

    sources: tuple[str, ...]
    by: tuple[str, ...]
    to: str | None = None
    fields: dict[str, Field] = field(default_factory=dict)
    when: Expression | None = None
    guards: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    on_return: OnReturn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Moments of the case that move a clock: entering or leaving a state, an action, an event type."""

    enter: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """While the case is in `states`, counting is stopped on `ground` (不计入期限); `notice` is the paper that says so."""

    states: tuple[str, ...]
    ground: str
    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A point on the alarm ladder: `offset` working days from the due date, negative before it, 0 when it is passed."""

    name: str
    offset: int
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSpec:
    """A period of the matter (期限): its rule in the law, what starts, stops and ends it, and what its expiry means.

    `promise` replaces the rule's length by the matter's own promised one (承诺时限), e.g. "15wd"; `answerable` names
    the posts that answer for it when the state's own post does not.
    """

    rule: str
    start: Trigger
    end: Trigger
    scope: str = "case"
    promise: str | None = None
    pauses: tuple[Pause, ...] = ()
    on_restart: OnRestart = OnRestart.CONTINUE
    expiry: Expiry = Expiry.ALERT
    expiry_action: str | None = None
    rungs: tuple[Rung, ...] = ()
    answerable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A material the applicant hands in (申请材料). `accept` are the kinds of files it may be, all on the list if none is
    named; `max_mb` is the most its file may have, in megabytes.
    """

    required: bool = True
    copies: int = 1
    source: str = "applicant"
    accept: tuple[str, ...] = ()
    max_mb: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """A child case: its matter, and which of its form's fields is filled from which field of the parent's form."""

    matter: str
    form: dict[str, str] = field(default_factory=dict)
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Children that run side by side (联办); when all of them are concluded the system takes `action` on the parent."""

    children: dict[str, ChildSpec]
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSpec:
    """A paper the organ issues; `series` is the prefix of its document number (文号), None for unnumbered papers."""

    series: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSpec:
    """A publication: `before_effect` is 公示, otherwise 公开. `fields` is the allow-list, nothing else is shown."""

    before_effect: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """The whole of a matter as the machine runs it; `hash` is that of its canonical form and is kept by each case.

    `closing_time` (HH:MM, local) is when the window closes, for rules whose last day ends with it (民法典 art. 203 §2).
    `filed_by` lists the posts that may file it; `distinct` lists groups of posts that pairwise different persons must hold.
    """

    code: str
    hash: str
    process: str
    regime: Regime
    provenance: str
    kind: str
    zone: str
    calendar: str
    series: str
    initial: str
    filed_by: tuple[str, ...]
    posts: dict[str, Post]
    states: dict[str, State]
    actions: dict[str, Action]
    clocks: dict[str, ClockSpec]
    form: dict[str, Any]
    personal: tuple[str, ...] = ()
    closing_time: str | None = None
    materials: dict[str, Material] = field(default_factory=dict)
    documents: dict[str, DocumentSpec] = field(default_factory=dict)
    notices: dict[str, NoticeSpec] = field(default_factory=dict)
    joins: dict[str, Join] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ()
    distinct: tuple[tuple[str, ...], ...] = ()
    quota: QuotaSpec | None = None

    def actions_from(self, state: str) -> tuple[str, ...]:
        """Names of the actions that may be taken in `state`, in the order of the definition."""
        return tuple(name for name, action in self.actions.items() if state in action.sources)
