"""What of a case may stand in the open (公示, 公开): the masks of a name, and which facts a notice may ever name.

A notice shows the fields on its definition's allow-list and nothing else. A list cannot open what the law keeps closed: of
the personal fields of a form only the name is ever shown, and that with a mask (reference: law-and-domain §8.12).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from workflow.domain.case import IssuedDocument
from workflow.domain.definition import Definition

SLIP_CODE: Final = "slip.query_code"
"""The field under which the query code of a case's slip (人事服务单) is kept; only the slip's holder is told it."""

NAME: Final = "name"
"""The one personal field that a notice may show: whole while objections are heard (公示), veiled in a disclosure (公开)."""

FACTS: Final = frozenset(
    {"ministry", "unit", "filer", "deciding_organ", "outcome", "decided_on", "document_no"}
    | {
        "case_no",
        "matter",
        "batch",
        "published_on",
        "ends_on",
        "how_to_object",
        "hearing_on",
        "hearing_place",
    }
)
"""What a notice may show besides fields of the form: facts that the organs themselves have made."""

SMALL: Final = 5
"""A published count from 1 to below this is told as "fewer than 5": it would point at persons."""

_PAIRS: Final = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘"
    "子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘东门西门第五"
)
_COMPOUND: Final = frozenset(_PAIRS[at : at + 2] for at in range(0, len(_PAIRS), 2))
"""The compound surnames (复姓), which a mask must not cut in two."""
_DOTS: Final = "·•・"


def masked(name: str) -> str:
    """A name as a look-up shows it: 王某, 欧阳某; of another name the first letter (A***)."""
    name = name.strip()
    if not name:
        return ""
    return f"{name[0]}***" if name[0].isascii() else f"{_surname(name)}某"


def veiled(name: str) -> str:
    """A name as a disclosure after the decision shows it: 王*华, 王*, 欧阳*; enough for who knows the person."""
    name = name.strip()
    if not name:
        return ""
    if name[0].isascii():
        return " ".join(f"{part[0]}***" for part in name.split())
    for dot in _DOTS:
        if dot in name:
            return f"{name.split(dot)[0]}{dot}*"
    surname = _surname(name)
    given = name[len(surname) :]
    return f"{surname}*{given[-1]}" if len(given) > 1 else f"{surname}*"


def shown_fields(definition: Definition, notice: str) -> tuple[str, ...]:
    """The fields of a notice's allow-list that may be shown, in its order; what the law keeps closed is left out."""
    form = definition.form.get("properties", {})
    return tuple(_open(definition.notices[notice].fields, form, definition.personal))


def document_number(paper: IssuedDocument) -> str:
    """A paper's document number (文号) as it is printed and cited: 国人函〔2026〕12号; empty for unnumbered papers."""
    return f"{paper.series}〔{paper.year}〕{paper.number}号" if paper.series and paper.number else ""


def suppressed(count: int) -> int | None:
    """A count as it may be published: None when it is small enough to point at persons."""
    return None if 0 < count < SMALL else count


def _open(fields: Iterable[str], form: Iterable[str], personal: Iterable[str]) -> Iterator[str]:
    closed = set(personal) - {NAME}
    known = FACTS | set(form)
    return (field for field in fields if field in known and field not in closed)


def _surname(name: str) -> str:
    return name[:2] if len(name) > 2 and name[:2] in _COMPOUND else name[0]
