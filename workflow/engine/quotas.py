"""Allotting places of a quota (指标下达) by paper, and correcting their number: acts of the quota keeper, not of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workflow.domain.quota.book import QuotaKey
from workflow.domain.reckoning import civil_date
from workflow.errors import BadInput, NotFound, NotQuotaKeeper, UnknownPerson, UnknownQuota
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.engine.banjie import Banjie
    from workflow.storage.quota_register import Allotment

KEEPER: Final = "quota_keeper"
"""The kind of post (指标管理岗) whose holders enter allotments; it is the directory that says who holds one."""

YEARS: Final = range(1949, 2100)
"""Civil years that a quota can be of; another is a slip of the pen."""


def grant(
    banjie: Banjie, key: QuotaKey, places: int, *, document: str, by: str, reason: str = ""
) -> Allotment:
    """Allot so many more places under the number of a document. Entering the same again changes nothing.

    Raises UnknownQuota, NotFound for an organ, BadInput, UnknownPerson, NotQuotaKeeper, AllotmentDiffers.
    """
    _check(banjie, key, document=document, by=by)
    if places < 1:
        raise BadInput(reason=t("quota.bad.places", places=places))
    return banjie.store.quotas.grant(key, places, document=document.strip(), by=by, reason=reason.strip())


def adjust(banjie: Banjie, key: QuotaKey, places: int, *, document: str, by: str, reason: str) -> Allotment:
    """Set how many places there are in all, never fewer than are in use. Entering the same again changes nothing.

    Raises what `grant` raises, and QuotaInUse, UnknownQuota when nothing was allotted before.
    """
    _check(banjie, key, document=document, by=by)
    if places < 0:
        raise BadInput(reason=t("quota.bad.total", places=places))
    if not reason.strip():
        raise BadInput(reason=t("quota.bad.no_reason"))
    return banjie.store.quotas.adjust(key, places, document=document.strip(), by=by, reason=reason.strip())


def kinds(banjie: Banjie) -> dict[str, tuple[str, ...]]:
    """The kinds of quota that the matters of this installation name, each with the codes of those matters."""
    found: dict[str, tuple[str, ...]] = {}
    for code, matter in sorted(banjie.catalog.matters.items()):
        if matter.definition.quota is not None:
            kind = matter.definition.quota.kind
            found[kind] = (*found.get(kind, ()), code)
    return found


def known(banjie: Banjie, key: QuotaKey) -> tuple[str, ...]:
    """The matters that fall under a quota of this kind. Raises UnknownQuota, NotFound for an organ."""
    named = kinds(banjie).get(key.kind)
    if named is None:
        raise UnknownQuota(what="quota", name=key.kind)
    if key.organ not in banjie.directory().organs:
        raise NotFound(what="organ", name=key.organ)
    return named


def _check(banjie: Banjie, key: QuotaKey, *, document: str, by: str) -> None:
    matters, directory = known(banjie, key), banjie.directory()
    if key.year not in YEARS:
        raise BadInput(reason=t("quota.bad.year", year=key.year))
    if not document.strip():
        raise BadInput(reason=t("quota.bad.no_document"))
    if by not in directory.persons:
        raise UnknownPerson(what="person", name=by)
    zone = banjie.catalog.matter(matters[0]).definition.zone
    held = directory.posts_of(by, civil_date(banjie.store.clock().now, zone))
    if not any(holding.kind == KEEPER for holding in held):
        raise NotQuotaKeeper(actor=by)
