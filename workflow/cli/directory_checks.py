"""What `banjie doctor` finds about the directory: whether it is sound, who administers it, and posts without anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workflow.cli.check import MOST_SHOWN, Check, Verdict
from workflow.domain.administration import missing_duties
from workflow.domain.coverage import uncovered
from workflow.domain.directory import administrator
from workflow.domain.directory_rules import faults_of
from workflow.engine.administration import today
from workflow.engine.banjie import Banjie
from workflow.exchange.directory.columns import words
from workflow.texts import language, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.catalog.loader import Catalog
    from workflow.domain.coverage import Uncovered
    from workflow.domain.directory import Directory
    from workflow.storage.store import Store


def directory_checks(store: Store, catalog: Catalog) -> Iterator[Check]:
    """The directory in force on the present day."""
    banjie = Banjie(store=store, catalog=catalog)
    directory, on = banjie.directory(), today(banjie)
    number = store.directory.number_at(store.directory.revision())
    name = t("directory.page.number", number=number) if number else t("directory.page.shipped")
    faults = faults_of(directory)
    if faults:
        first = t(faults[0].rule.replace("directory.", "directory.fault.", 1), **faults[0].fields)
        found = t("doctor.directory.unsound", name=name, count=len(faults), first=first)
        yield _check(Verdict.WRONG, found, t("doctor.directory.correct"))
    else:
        counts = {"organs": len(directory.organs), "persons": len(directory.persons)}
        yield _check(Verdict.WELL, t("doctor.directory.sound", name=name, **counts))
    if missing := missing_duties(directory, on):
        duties = ", ".join(words("post", language())[administrator(duty)] for duty in missing)
        yield _check(
            Verdict.NOTE, t("doctor.directory.no_administrator", duties=duties), t("doctor.directory.appoint")
        )
    wanted = {
        (post.organ, post.kind)
        for matter in catalog.matters.values()
        for post in matter.definition.posts.values()
        if not post.organ.startswith("@")
    }
    empty = uncovered(directory, on, wanted)
    yield from _empty([one for one in empty if one.why == "vacant"], wanted, directory)
    yield from _empty([one for one in empty if one.why == "away"], wanted, directory)


def _empty(posts: Sequence[Uncovered], wanted: set[tuple[str, str]], directory: Directory) -> Iterator[Check]:
    for post in posts[:MOST_SHOWN]:
        organ = directory.organs.get(post.organ)
        told = {
            "organ": organ.names[language()] if organ is not None else post.organ,
            "post": words("post", language()).get(post.kind, post.kind),
        }
        # Somebody who is away comes back; what waits for a vacant post of a matter waits for nobody.
        wrong = post.why == "vacant" and (post.organ, post.kind) in wanted
        found = t(f"doctor.directory.{post.why}", **told)
        yield _check(Verdict.WRONG if wrong else Verdict.NOTE, found, t(f"doctor.directory.mend_{post.why}"))
    if len(posts) > MOST_SHOWN:
        yield _check(Verdict.NOTE, t("doctor.directory.more", count=len(posts) - MOST_SHOWN))


def _check(verdict: Verdict, found: str, mend: str = "") -> Check:
    return Check(name="directory", verdict=verdict, found=found, mend=mend)
