"""Who may do what, written down a second time and without the engine: the roles of an office, how each may stand to a case,
and the answers that are expected. Every person here holds exactly one post, so his rights can be read from his name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from workflow.domain.case import Act, Case
from workflow.domain.definition import Definition
from workflow.domain.desk.state import Assignment, Delegation, Desk, Recusal
from workflow.domain.directory import Absence, Directory, Holding, Organ, Person
from workflow.testing.sample import at

NOW = at("2026-09-21")
TODAY = date(2026, 9, 21)
YES = "yes"

# --- the answers ------------------------------------------------------------------------------------------------------

# An action from a post, by somebody who holds that post: `here` in a state that waits for it, `there` in any other.
ACTIONS = """
standing     relation       here               there
principal    nothing        yes                yes
principal    has_it         yes                yes
principal    another_has_it work_item          yes
principal    lent_out       work_item          yes
principal    lent_to_him    work_item          yes
principal    recused        recusal            recusal
principal    recused_has_it recusal            recusal
principal    other_role     different_persons  different_persons
deputy       nothing        deputy             deputy
deputy       has_it         yes                deputy
deputy       another_has_it work_item          deputy
deputy       lent_out       work_item          deputy
deputy       lent_to_him    work_item          deputy
deputy       recused        recusal            recusal
deputy       recused_has_it recusal            recusal
deputy       other_role     different_persons  different_persons
"""

# The verbs on a work item, by somebody who holds the post it waits for. A deputy whose principal is away is a principal.
# `handle` is release, transfer and delegate.
ITEM_VERBS = """
standing     relation       claim              handle             hand_back
principal    nothing        yes                yes                yes
principal    has_it         yes                yes                yes
principal    another_has_it yes                assignee           assignee
principal    lent_out       yes                yes                yes
principal    lent_to_him    yes                assignee           yes
principal    recused        recusal            recusal            recusal
principal    recused_has_it recusal            recusal            recusal
principal    other_role     different_persons  different_persons  different_persons
deputy       nothing        deputy             deputy             deputy
deputy       has_it         deputy             yes                yes
deputy       another_has_it deputy             assignee           assignee
deputy       lent_out       deputy             yes                yes
deputy       lent_to_him    deputy             assignee           yes
deputy       recused        recusal            recusal            recusal
deputy       recused_has_it recusal            recusal            recusal
deputy       other_role     different_persons  different_persons  different_persons
"""

# The same verbs by somebody who does not hold it; `colleague` holds another post of that organ from which one examines.
ITEM_VERBS_OF_OTHERS = """
who          relation       claim  handle        hand_back
known        nothing        post   post          post
known        has_it         post   post          post
known        another_has_it post   assignee      assignee
known        lent_out       post   post          post
known        lent_to_him    post   assignee      post
colleague    lent_to_him    post   assignee      yes
known        recused        post   post          post
known        recused_has_it post   recusal       recusal
known        other_role     post   post          post
unknown      nothing        post   known_person  known_person
unknown      has_it         post   post          post
unknown      another_has_it post   assignee      assignee
unknown      lent_out       post   post          post
unknown      lent_to_him    post   assignee      post
unknown      recused        post   known_person  known_person
unknown      recused_has_it post   recusal       recusal
unknown      other_role     post   known_person  known_person
"""

HANDLING = ("release", "transfer", "delegate")
RELATIONS = (
    "nothing", "has_it", "another_has_it", "lent_out", "lent_to_him", "recused", "recused_has_it", "other_role",
)  # fmt: skip
NEEDS_ITEM = {"has_it", "another_has_it", "lent_out", "lent_to_him", "recused_has_it"}


def table(text: str) -> dict[tuple[str, str], dict[str, str]]:
    """The rows of a table above by their first two columns."""
    head, *rows = (line.split() for line in text.strip().splitlines())
    return {(row[0], row[1]): dict(zip(head[2:], row[2:], strict=True)) for row in rows}


# --- the people -------------------------------------------------------------------------------------------------------

TOP, SUPERVISION, ELSEWHERE, ABROAD = "top", "supervision-bureau", "elsewhere", "elsewhere-ministry"
OVERSEERS = ("head", "supervisor", "auditor")
ADMINISTRATORS = ("system_administrator", "security_administrator", "audit_administrator")


@dataclass(frozen=True, slots=True)
class Role:
    """A person with the one post he holds; `deputy` is the B of AB岗, `away` says that his principal is absent."""

    code: str
    organ: str = ""
    kind: str = ""
    deputy: bool = False
    away: bool = False

    @property
    def full(self) -> bool:
        """Whether he acts as if the post were his own today."""
        return bool(self.kind) and (not self.deputy or self.away)


@dataclass(frozen=True, slots=True)
class World:
    """A matter with people around it."""

    definition: Definition
    everybody: Directory
    with_absences: Directory
    roles: tuple[Role, ...]
    parties: dict[str, str]

    def organ(self, post: str) -> str:
        bound = self.definition.posts[post].organ
        return f"party-{bound[1:]}" if bound.startswith("@") else bound

    def holds(self, role: Role, post: str) -> bool:
        kind = self.definition.posts[post].kind
        return (role.organ, role.kind) == (self.organ(post), kind)

    def other_role(self, post: str) -> str | None:
        """A post that another person must hold than whoever holds `post`."""
        return next(
            (name for group in self.definition.distinct if post in group for name in group if name != post),
            None,
        )


def world(definition: Definition) -> World:
    """Two holders and a deputy at every post, overseers at every organ and above, and everybody who has no business here."""
    places = {
        (f"party-{post.organ[1:]}" if post.organ.startswith("@") else post.organ, post.kind)
        for post in definition.posts.values()
    }
    organs = {organ for organ, _ in places}
    overseen = {(organ, "head") for organ in organs} | {
        (organ, kind) for organ in (TOP, SUPERVISION, ELSEWHERE, min(organs)) for kind in OVERSEERS
    }
    elsewhere = {(ELSEWHERE, kind) for _, kind in places}
    roles, holdings, absences = [], [], []
    long_ago = TODAY - timedelta(days=900)
    for organ, kind in sorted(
        places | overseen | elsewhere | {("administration", k) for k in ADMINISTRATORS}
    ):
        first, second, deputy = (f"{organ}/{kind}/{letter}" for letter in "AZB")
        posted = [Holding(person=who, kind=kind, organ=organ, since=long_ago) for who in (first, second)]
        holdings += [*posted, replace(posted[0], person=deputy, deputy=True)]
        absences.append(Absence(person=first, since=TODAY, until=TODAY))
        roles.append(Role(first, organ, kind))
        if (organ, kind) in places or kind == "head":
            roles += [
                Role(deputy, organ, kind, deputy=True),
                Role(deputy, organ, kind, deputy=True, away=True),
            ]
    yesterday = TODAY - timedelta(days=1)
    holdings += [
        Holding(person="leaver", kind=kind, organ=organ, since=long_ago, until=yesterday)
        for organ, kind in places
    ]
    roles += [
        Role("leaver"),
        Role("idle"),
        Role("stranger"),
        Role("system"),
        Role("public"),
        Role("public:zhang"),
    ]
    directory = Directory(
        version="1",
        organs={
            code: Organ(code=code, kind="bureau", names={"zh-CN": code, "en": code}, parent=above(code))
            for code in {*organs, TOP, SUPERVISION, ELSEWHERE, ABROAD, "administration"}
        },
        persons={
            code: Person(code=code, name=code)
            for code in {held.person for held in holdings} | {"idle", "leaver"}
        },
        holdings=tuple(holdings),
    )
    return World(
        definition,
        directory,
        replace(directory, absences=tuple(absences)),
        tuple(roles),
        {organ.removeprefix("party-"): organ for organ in organs if organ.startswith("party-")},
    )


def above(organ: str) -> str | None:
    """The organ above another, in this world: examining organs have one in common, parties none."""
    if organ in (TOP, SUPERVISION, ABROAD, "administration") or organ.startswith("party-"):
        return None
    return ABROAD if organ == ELSEWHERE else TOP


# --- the cases --------------------------------------------------------------------------------------------------------


def states(world: World) -> Iterator[tuple[str, str | None]]:
    """One state that waits for each post, one in which the system acts, one that is final, with the post it waits for."""
    seen = set()
    for name, state in world.definition.states.items():
        waits = state.post if not (state.automatic or state.final or state.post is None) else None
        kind = waits or ("final" if state.final else "automatic")
        if kind not in seen:
            seen.add(kind)
            yield name, waits


def case(world: World, state: str, role: Role, relation: str, waits: str | None) -> Case | None:
    """A case in that state to which the person stands so, or None where he cannot."""
    me, other = role.code, "somebody"
    if relation in NEEDS_ITEM and waits is None:
        return None
    if waits is not None:
        other = f"{world.organ(waits)}/{world.definition.posts[waits].kind}/Z"
    acts: tuple[Act, ...] = ()
    if relation == "other_role":
        posts = [post for post in world.definition.posts if world.holds(role, post)]
        clash = next((found for post in posts if (found := world.other_role(post))), None)
        if clash is None:
            return None
        acts = (Act(post=clash, person=me, action="before", seq=2),)
    return Case(
        id="c", no="C-1", matter=world.definition.code, definition="d", state=state, seq=9, version=5, visit=3,
        entered_at=NOW, received_at=NOW, materials_at=NOW, parties=world.parties, form={}, acts=acts,
        desk=_desk(relation, me, other),
    )  # fmt: skip


def _desk(relation: str, me: str, other: str) -> Desk:
    mine = Assignment(person=me, how="claimed", by=me, since=NOW)
    others = Assignment(person=other, how="claimed", by=other, since=NOW)
    gone = (Recusal(person=me, ground="interest", how="ordered"),)
    return {
        "nothing": Desk(),
        "has_it": Desk(assignment=mine),
        "another_has_it": Desk(assignment=others),
        "lent_out": Desk(
            assignment=mine, delegations=(Delegation(number=1, principal=me, delegate=other, visit=3),)
        ),
        "lent_to_him": Desk(
            assignment=others, delegations=(Delegation(number=1, principal=other, delegate=me, visit=3),)
        ),
        "recused": Desk(recusals=gone),
        "recused_has_it": Desk(assignment=mine, recusals=gone),
        "other_role": Desk(),
    }[relation]
