"""What people do with a material: hand it in, replace it, take it back; find it wanting, waive it; give the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from workflow.domain import events as e
from workflow.domain.authority import Allowed, Refused, another_post, is_public, may_from
from workflow.domain.commands import PUBLIC
from workflow.domain.definition import Field
from workflow.domain.desk.refusals import refused
from workflow.domain.desk.verb import Verb, text
from workflow.domain.materials import taking
from workflow.domain.materials.standing import latest, standing, version_of
from workflow.domain.materials.state import COUNTING, RECEIPT, Standing
from workflow.domain.scene import Intent, Scene
from workflow.errors import NothingOffered

RECEIPT_SERIES = "收件"
"""The series of the numbers of receipts, one for the whole installation."""

_NOT_THERE = frozenset({Standing.REQUIRED, Standing.OPTIONAL, Standing.WITHDRAWN})
_THERE = frozenset(Standing) - _NOT_THERE
_GOOD = COUNTING - {Standing.WAIVED}


# --- who ------------------------------------------------------------------------------------------------------------


def _applicant(scene: Scene, verb: str) -> Allowed | Refused:
    """Somebody who may file the matter for this case's parties."""
    return _from(scene, verb, scene.definition.filed_by)


def _office(scene: Scene, verb: str) -> Allowed | Refused:
    """Somebody at a post that takes filings in or examines them, as long as he may still act on the case."""
    return _from(scene, verb, _desks(scene))


def _either(scene: Scene, verb: str) -> Allowed | Refused:
    """The applicant himself, or the window that takes it in for him."""
    right = _applicant(scene, verb)
    if isinstance(right, Allowed):
        return right
    office = _office(scene, verb)
    # Of two refusals the nearer one is told: that of the desk, unless he holds no post there at all.
    return right if isinstance(office, Refused) and office.rule == "authority.post" else office


def _from(scene: Scene, verb: str, posts: tuple[str, ...]) -> Allowed | Refused:
    if is_public(scene.actor):
        if PUBLIC in posts:
            return Allowed(post=PUBLIC, rule="authority.public")
        return Refused(rule="authority.post", error=another_post(scene.actor, verb, posts))
    return may_from(
        scene.definition,
        scene.here,
        verb,
        tuple(post for post in posts if post != PUBLIC),
        actor=scene.actor,
        directory=scene.facts.directory,
        on=scene.civil(scene.now),
    )


def _desks(scene: Scene) -> tuple[str, ...]:
    states = scene.definition.states.values()
    posts = (state.post for state in states if state.stage in ("submit", "accept", "review") and state.post)
    return tuple(dict.fromkeys(post for post in posts if post not in (*scene.definition.filed_by, PUBLIC)))


# --- what -----------------------------------------------------------------------------------------------------------


def _receive(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    name = str(act.fields["material"])
    _open(scene, act)
    now = standing(scene.definition, scene.here, name)
    only_named = now is Standing.RECEIVED and latest(scene.here, name) is None
    if now not in _NOT_THERE and not only_named:
        raise taking.refused(act.action, name, now, "not_handed_in")
    yield taking.handed(scene, act.action, act.fields, act.at)


def _replace(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    _open(scene, act)
    taking.refuse_unless(scene, act.action, str(act.fields["material"]), _THERE, "handed_in")
    yield taking.handed(scene, act.action, act.fields, act.at)


def _find_defective(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    name = str(act.fields["material"])
    _open(scene, act)
    taking.refuse_unless(scene, act.action, name, _GOOD, "found_sound")
    yield defect(scene, name, act, str(act.fields["reason"]))


def defect(scene: Scene, material: str, act: Intent, reason: str | None) -> e.MaterialFoundDefective:
    """The event of a material that was handed in and does not do."""
    return e.MaterialFoundDefective(
        at=act.at,
        material=material,
        version=version_of(scene.here, material),
        required=scene.definition.materials[material].required,
        reason=reason,
    )


def _waive(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    name = str(act.fields["material"])
    _open(scene, act)
    needed = frozenset(Standing) - COUNTING
    taking.refuse_unless(scene, act.action, name, needed, "wanting")
    version = version_of(scene.here, name) + 1
    yield e.MaterialWaived(at=act.at, material=name, version=version, reason=str(act.fields["reason"]))


def _withdraw(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    name = str(act.fields["material"])
    _open(scene, act)
    if scene.here.accepted_at is not None:
        raise refused(act.action, "not_accepted_yet")
    taking.refuse_unless(scene, act.action, name, _THERE - {Standing.WAIVED}, "handed_in")
    reason = act.fields.get("reason")
    yield e.MaterialWithdrawn(
        at=act.at,
        material=name,
        version=version_of(scene.here, name),
        required=scene.definition.materials[name].required,
        reason=str(reason) if reason else None,
    )


def _reuse(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    """The applicant accepts the offer of what another case of his holds: never silently (个人信息保护法 art. 6, 13)."""
    name, version = str(act.fields["material"]), int(act.fields["version"])
    _open(scene, act)
    needed = frozenset(Standing) - COUNTING
    taking.refuse_unless(scene, act.action, name, needed, "wanting")
    offered = scene.facts.materials.offered
    if offered is None or (offered.no, offered.material, offered.version) != (
        act.fields["from_case"], name, version
    ):  # fmt: skip
        raise NothingOffered(what="offer", name=name, version=version)
    digest = act.fields.get("digest")
    yield taking.taken_over(
        scene, name, offered, act.at, consent=True, digest=str(digest) if digest else None
    )


def _give_back(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    name = str(act.fields["material"])
    now = standing(scene.definition, scene.here, name)
    recorded = latest(scene.here, name)
    if recorded is None or not recorded.original:
        raise taking.refused(act.action, name, now, "original_here")
    yield e.OriginalReturned(at=act.at, material=name, version=recorded.version)


def _give_receipt(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    """Issued and handed over in one: what was received, by whom and when (Licensing Law 行政许可法 art. 32; its day starts
    the five days).
    """
    if not any(taking.counts(scene, name) for name in scene.definition.materials):
        raise refused(act.action, "something_received")
    yield from receipt(scene, act.at)


def receipt(scene: Scene, at: datetime) -> Iterator[e.Event]:
    """A receipt of materials, issued under a number of its own and handed over at once."""
    yield e.DocumentIssued(at=at, document=RECEIPT, series=RECEIPT_SERIES, year=scene.civil(at).year)
    yield e.DocumentsDelivered(at=at, documents=(RECEIPT,))


def _open(scene: Scene, act: Intent) -> None:
    if scene.here.concluded_at is not None:
        raise refused(act.action, "not_concluded")


_MATERIAL = {"material": Field()}

VERBS: dict[str, Verb] = {
    "receive_material": Verb(right=_either, events=_receive, fields={**_MATERIAL, **taking.HANDED}),
    "replace_material": Verb(
        right=_either,
        events=_replace,
        fields={**_MATERIAL, **taking.HANDED, "on_the_spot": Field(type="boolean", required=False)},
    ),
    "mark_defective": Verb(right=_office, events=_find_defective, fields={**_MATERIAL, "reason": text()}),
    "waive_material": Verb(right=_office, events=_waive, fields={**_MATERIAL, "reason": text()}),
    "withdraw_material": Verb(
        right=_applicant, events=_withdraw, fields={**_MATERIAL, "reason": text(required=False)}
    ),
    "reuse_material": Verb(
        right=_applicant,
        events=_reuse,
        fields={
            **_MATERIAL,
            "from_case": Field(),
            "version": Field(type="integer"),
            "digest": Field(required=False),
        },
    ),
    "return_original": Verb(right=_office, events=_give_back, fields=_MATERIAL, after_the_end=True),
    "issue_receipt": Verb(right=_office, events=_give_receipt),
}
"""Hand in 提交材料, replace 更换材料 (当场更正), find defective 材料不符, waive 免予提交, take back 撤回材料,
use again 沿用材料, give the original back 退还原件, receipt of materials 收件凭证."""
