"""The rules of scoring (考评) from `accountability/scoring.yaml`: configurable, because every province has its own.

An installation's own file stands in place of the shipped one; any other file can be tried without changing anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from workflow.catalog.faults import Fault, refuse
from workflow.catalog.schema import check_shape
from workflow.catalog.strict_yaml import Document, Place, inspect
from workflow.domain.figures.scoring import Deduction, Grade, Head, Rules, Satisfaction, Steps
from workflow.texts import shipped_definitions

FILE: Final = Path("accountability") / "scoring.yaml"


def load_scoring(folders: Sequence[Path] | None = None, *, path: Path | None = None) -> Rules:
    """The rules of `path`, or of the last folder that has some. Raises BadDefinition with every fault."""
    if path is None:
        given = [shipped_definitions(), *(folders or ())]
        path = next(folder / FILE for folder in reversed(given) if (folder / FILE).exists())
    rules, faults = examine_scoring(path)
    refuse(faults)
    if rules is None:
        raise AssertionError("rules without faults were read")
    return rules


def examine_scoring(path: Path) -> tuple[Rules | None, list[Fault]]:
    """The rules of one file, unless they have faults, and all of those."""
    document, faults = inspect(path)
    if not faults:
        faults = list(check_shape(document.data, "scoring", document.where))
    if not faults:
        faults = list(_faults(document))
    return (None if faults else _rules(document.data)), faults


def _faults(document: Document) -> Iterator[Fault]:
    data = document.data
    heads = {head["code"] for head in data["heads"]}
    yield from _twice(document, "heads", "code")
    yield from _twice(document, "deductions", "id")
    yield from _twice(document, "grades", "code")
    weights = sum(head["weight"] for head in data["heads"])
    if weights != data["base"]:
        yield _fault(document, ("base",), "scoring.weights", sum=weights, base=data["base"])
    for number, deduction in enumerate(data["deductions"]):
        if deduction["head"] not in heads:
            yield _no_head(document, ("deductions", number, "head"), deduction["head"], heads)
        if ("run_of" in deduction) != (deduction["card"] == "reminder"):
            yield _fault(document, ("deductions", number), "scoring.run", card=deduction["card"])
        earlier = [one for one in data["deductions"][:number] if _hides(one, deduction)]
        if earlier:
            yield _fault(
                document, ("deductions", number), "scoring.hidden", name=deduction["id"], by=earlier[0]["id"]
            )
    if data["satisfaction"]["head"] not in heads:
        yield _no_head(document, ("satisfaction", "head"), data["satisfaction"]["head"], heads)
    worth = data["satisfaction"]["worth"]
    if worth != sorted(worth):
        yield _fault(document, ("satisfaction", "worth"), "scoring.worth")
    least = [grade["at_least"] for grade in data["grades"]]
    if least != sorted(set(least), reverse=True) or least[-1] != 0 or "without" in data["grades"][-1]:
        yield _fault(document, ("grades",), "scoring.grades")


def _hides(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether `one`, which comes first, fits whatever `other` would."""
    same = one["card"] == other["card"] and one.get("run_of") == other.get("run_of")
    return same and one.get("procedural") in (None, other.get("procedural"))


def _twice(document: Document, key: str, name: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, each in enumerate(document.data[key]):
        if each[name] in seen:
            yield _fault(document, (key, number, name), "scoring.twice", name=each[name])
        seen.add(each[name])


def _no_head(document: Document, place: Place, name: str, heads: set[str]) -> Fault:
    return _fault(document, place, "scoring.head", name=name, known=", ".join(sorted(heads)))


def _fault(document: Document, place: Place, rule: str, **fields: Any) -> Fault:
    return Fault(rule=rule, mark=document.where(place), fields=fields)


def _rules(data: Mapping[str, Any]) -> Rules:
    worth = data["satisfaction"]["worth"]
    return Rules(
        id=data["scoring"],
        titles=data["title"],
        base=data["base"],
        counts=data["counts"],
        heads=tuple(_made(Head, head) for head in data["heads"]),
        deductions=tuple(_made(Deduction, deduction) for deduction in data["deductions"]),
        early=Steps(id="early", **data["bonuses"]["early"]),
        promise=Steps(id="promise", **data["bonuses"]["promise"]),
        satisfaction=Satisfaction(
            head=data["satisfaction"]["head"],
            at_least=data["satisfaction"]["at_least"],
            worth=(worth[0], worth[1], worth[2], worth[3], worth[4]),
        ),
        grades=tuple(
            _made(Grade, {**grade, "without": tuple(grade.get("without", ()))}) for grade in data["grades"]
        ),
    )


def _made(kind: Any, given: Mapping[str, Any]) -> Any:
    plain = {name: value for name, value in given.items() if name != "title"}
    return kind(**plain, titles=given["title"])
