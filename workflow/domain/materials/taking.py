"""Taking a material in: from a filing, at the window, as a correction, or from a case that holds it already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from workflow.domain import events as e
from workflow.domain.definition import Field, Material
from workflow.domain.desk.refusals import WORDS
from workflow.domain.fields import Problem, wrong
from workflow.domain.materials.standing import family_of, standing, version_of
from workflow.domain.materials.state import COUNTING, Elsewhere, Standing
from workflow.domain.scene import Scene
from workflow.errors import FileKindRefused, FileTooLarge, MaterialRefused, NotStaged

MEGABYTE = 1024 * 1024

HANDED: dict[str, Field] = {
    "digest": Field(required=False),
    "file_name": Field(required=False),
    "channel": Field(type="choice", choices=("online", "paper"), required=False),
    "copies": Field(type="integer", required=False),
    "pages": Field(type="integer", required=False),
    "original": Field(type="boolean", required=False),
}
"""What is said of a material that comes in: the file that lies ready, or how much paper. `file_name` is a personal value."""

ISSUED = ("organ", "shared")
"""Sources of papers that are the same in every case; what the applicant writes himself is written for one matter."""


def handed(
    scene: Scene, action: str, fields: Mapping[str, Any], at: datetime
) -> e.MaterialReceived | e.MaterialReplaced:
    """The event of a material that comes in. Raises UnknownMaterial, BadFields, NotStaged, FileRefused."""
    name = str(fields["material"])
    now = standing(scene.definition, scene.here, name)
    wanted = scene.definition.materials[name]
    given = _given(scene, action, wanted, fields)
    version = version_of(scene.here, name) + 1
    if now in (Standing.REQUIRED, Standing.OPTIONAL):
        return e.MaterialReceived(at=at, material=name, version=version, **given)
    on_the_spot = bool(fields.get("on_the_spot"))
    return e.MaterialReplaced(
        at=at,
        material=name,
        version=version,
        corrects=now in (Standing.DEFECTIVE, Standing.CORRECTED),
        on_the_spot=on_the_spot,
        **given,
    )


def filed(
    scene: Scene, at: datetime, files: Mapping[str, Mapping[str, Any]], taken: Mapping[str, Elsewhere]
) -> Iterator[e.Event]:
    """The events of a filing's materials beyond their names: with files or on paper, or taken over from the family."""
    for name, fields in files.items():
        given = _given(scene, "submit", scene.definition.materials[name], fields)
        yield e.MaterialReceived(at=at, material=name, version=1, **given)
    for name, source in taken.items():
        yield taken_over(scene, name, source, at, consent=False)


def from_family(scene: Scene, at: datetime) -> Iterator[e.MaterialTakenOver]:
    """What is wanting here and held by another case of the family is taken over, not asked for (Licensing Law art. 31;
    the State Council's 一次提交、共享使用): papers that an organ issued, under the same name.
    """
    for name, material in scene.definition.materials.items():
        source = scene.facts.materials.family.get(name)
        if source is None or material.source not in ISSUED or not material.required:
            continue
        if standing(scene.definition, scene.here, name) is Standing.REQUIRED:
            yield taken_over(scene, name, source, at, consent=False)


def taken_over(
    scene: Scene, material: str, source: Elsewhere, at: datetime, *, consent: bool, digest: str | None = None
) -> e.MaterialTakenOver:
    """The event of a material that is held elsewhere; with `digest` the file has been copied into this family."""
    file = source.file
    stored = None
    if file is not None:
        staged = scene.facts.materials.staged.get(digest or file.digest)
        if staged is None:
            raise NotStaged(digest=(digest or file.digest)[:12])
        stored = e.StoredFile(
            family=family_of(scene.here),
            digest=staged.digest,
            kind=staged.kind,
            media_type=staged.media_type,
            size=staged.size,
            name=source.name,
        )
    return e.MaterialTakenOver(
        at=at,
        material=material,
        version=version_of(scene.here, material) + 1,
        source=e.TakenFrom(
            case_id=source.case_id, no=source.no, material=source.material, version=source.version
        ),
        consent=consent,
        channel=source.channel,
        file=stored,
    )


def refuse_unless(scene: Scene, action: str, material: str, needed: frozenset[Standing], rule: str) -> None:
    """Raise MaterialRefused, by the rule of that name, unless the material stands in one of these ways."""
    now = standing(scene.definition, scene.here, material)
    if now not in needed:
        raise refused(action, material, now, rule)


def refused(action: str, material: str, now: Standing, rule: str) -> MaterialRefused:
    """The verb is not possible with the material as it stands, by the rule of that name."""
    return MaterialRefused(action=action, material=material, state=str(now), rule=rule, needed=WORDS[rule])


def counts(scene: Scene, material: str) -> bool:
    """Whether the material counts as handed in."""
    return standing(scene.definition, scene.here, material) in COUNTING


def _given(scene: Scene, action: str, wanted: Material, fields: Mapping[str, Any]) -> dict[str, Any]:
    digest = fields.get("digest")
    channel = fields.get("channel") or ("online" if digest else "paper")
    copies, pages = fields.get("copies", wanted.copies), fields.get("pages")
    problems: list[Problem] = []
    if channel == "online" and not digest:
        problems.append(("digest", "file_needed", ""))
    if not digest and fields.get("file_name"):
        problems.append(("file_name", "no_file", ""))
    if not 1 <= copies <= MOST_COPIES:
        problems.append(("copies", "from_to", f"1 – {MOST_COPIES}"))
    if pages is not None and not 1 <= pages <= MOST_PAGES:
        problems.append(("pages", "from_to", f"1 – {MOST_PAGES}"))
    if problems:
        raise wrong(action, *problems)
    return {
        "channel": channel,
        "copies": copies,
        "pages": pages,
        "original": bool(fields.get("original")),
        "file": _file(scene, wanted, str(digest), fields.get("file_name")) if digest else None,
    }


MOST_COPIES = 999
MOST_PAGES = 99_999


def _file(scene: Scene, wanted: Material, digest: str, name: Any) -> e.StoredFile:
    """The file that lies ready, judged by what this material may be. What it is was found out when it was taken in."""
    staged = scene.facts.materials.staged.get(digest)
    if staged is None:
        raise NotStaged(digest=digest[:12])
    if wanted.accept and staged.kind not in wanted.accept:
        raise FileKindRefused(found=staged.kind, accepted=", ".join(wanted.accept))
    if staged.size > wanted.max_mb * MEGABYTE:
        raise FileTooLarge(limit=wanted.max_mb)
    return e.StoredFile(
        family=family_of(scene.here),
        digest=digest,
        kind=staged.kind,
        media_type=staged.media_type,
        size=staged.size,
        name=name if isinstance(name, Mapping) else None,
    )
