"""The completeness check, the one supplement notice (补正告知书) and what is handed in for it: all three from one standing.

Licensing Law 行政许可法 art. 32(4): everything to be supplemented is told at once. So the notice is the sum of what is
missing, what was found defective, and what whoever issues it names.
"""

from __future__ import annotations

from workflow.domain import events as e
from workflow.domain.fields import wrong
from workflow.domain.materials.standing import defective, standing, version_of, wanting
from workflow.domain.materials.state import COUNTING, Standing
from workflow.domain.materials.taking import from_family
from workflow.domain.scene import Intent, Scene


def checked(scene: Scene, act: Intent) -> tuple[e.Event, ...]:
    """What another case of the family holds is taken over; what then is wanting is missing."""
    found = tuple(from_family(scene, act.at))
    held = {event.material for event in found}
    missing = tuple(name for name in wanting(scene.definition, scene.here) if name not in held)
    return (*found, e.MaterialsChecked(at=act.at, missing=missing))


def requested(scene: Scene, act: Intent) -> tuple[e.Event, ...]:
    """The notice, and for each material it names that was handed in, that it does not do. Raises BadFields if empty."""
    case = scene.here
    listed = tuple(act.fields.get("defects") or ())
    defects = tuple(dict.fromkeys((*case.missing, *defective(case), *listed)))
    if not defects:
        raise wrong(act.action, ("defects", "at_least_one", ""))
    named = (name for name in dict.fromkeys(listed) if name in scene.definition.materials)
    judged = tuple(
        e.MaterialFoundDefective(
            at=act.at,
            material=name,
            version=version_of(case, name),
            required=scene.definition.materials[name].required,
        )
        for name in named
        if standing(scene.definition, case, name) in COUNTING
    )
    return (*judged, e.SupplementRequested(at=act.at, defects=defects))


def supplemented(scene: Scene, act: Intent) -> tuple[e.Event, ...]:
    """What was handed in again, and no more, counts as cured. Raises BadFields for what the matter does not ask for."""
    case, definition = scene.here, scene.definition
    materials = tuple(dict.fromkeys(act.fields.get("materials") or ()))
    unknown = [name for name in materials if name not in definition.materials]
    if unknown:
        raise wrong(act.action, ("materials", "not_asked_for", ", ".join(unknown)))
    stood = {name: standing(definition, case, name) for name in materials}
    again = tuple(
        e.MaterialReplaced(
            at=act.at,
            material=name,
            version=version_of(case, name) + 1,
            channel=case.channel,
            corrects=stood[name] is Standing.DEFECTIVE,
        )
        for name in materials
        if stood[name] in (Standing.DEFECTIVE, Standing.WITHDRAWN)
    )
    # What is named in words alone is judged by whoever reads the supplement, not by a list.
    asked = (name for name in case.defects if name in definition.materials and name not in materials)
    remaining = tuple(name for name in asked if standing(definition, case, name) not in COUNTING)
    return (*again, e.MaterialsSupplemented(at=act.at, materials=materials, remaining=remaining))
