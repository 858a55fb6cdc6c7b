"""A map is read strictly: what it names must be there, and what is wrong is told with its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.exchange.conftest import SHIPPED_MAP
from workflow.catalog.loader import Catalog
from workflow.errors import BadMap, UnknownMatter
from workflow.exchange.mapping import LogMap, load_map

Changed = Callable[[str, str], Path]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """The shipped map with one text replaced."""

    def change(old: str, new: str) -> Path:
        text = SHIPPED_MAP.read_text()
        assert old in text
        path = tmp_path / "map.yaml"
        path.write_text(text.replace(old, new, 1))
        return path

    return change


def test_the_shipped_map_names_every_activity_of_the_log(log_map: LogMap) -> None:
    assert log_map.matter.definition.code == "environmental-permit-nl"
    assert len(log_map.activities) == 27
    assert (log_map.started, log_map.deadline, log_map.concluded) == ("startdate", "deadline", "enddate")
    assert log_map.holds
    assert not log_map.extensions


def test_a_resource_becomes_an_actor_and_so_does_nobody(log_map: LogMap) -> None:
    assert log_map.actor("Resource21") == "public:Resource21"
    assert log_map.actor(None) == "public:unknown"


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ("receipt: confirm_receipt", "receipt: confirm_reciept", "confirm_reciept", "has no action 'confirm_reciept'"),
        ("action: conclude", "action: finish", "finish", "has no action 'finish'"),
        ("receipt: confirm_receipt", "receipt: extend", "receipt: extend", "the action 'extend' asks for reason"),
        ("clock: decision", "clock: delivery", "delivery", "has no period 'delivery'; it has decision"),
        ("channel: channel", "chanel: channel", "chanel", "has no field 'chanel'"),
        ("extensions: []", "extensions: [Extend]", "[Extend]", "'Extend' is not among the activities"),
        ("prefix:", "prefx:", "actors:", "shape.missing_key"),
        ("clock: decision", "clock: decision\nclock: decision", "clock: decision", "yaml.duplicate_key"),
        ("clock: decision", "clock: 8", "clock: 8", "shape."),
        ("conclusion:", "remark: none\nconclusion:", "remark", "shape.unknown_key"),
        ("clock: decision", "clock: &c decision", "&c", "yaml.anchor"),
    ],
)  # fmt: skip
def test_a_wrong_map_is_refused_with_the_place(
    changed: Changed, catalog: Catalog, old: str, new: str, place: str, reason: str
) -> None:
    path = changed(old, new)
    with pytest.raises(BadMap) as error:
        load_map(path, catalog)
    line = max(number for number, text in enumerate(path.read_text().splitlines(), 1) if place in text)
    told = str(error.value)
    assert f"line {line}: " in told
    assert reason in told
    assert told.count(str(path)) == 1


def test_a_map_for_an_unknown_matter_and_a_missing_map_are_refused(
    changed: Changed, catalog: Catalog, tmp_path: Path
) -> None:
    with pytest.raises(UnknownMatter):
        load_map(changed("environmental-permit-nl", "environmental-permit-de"), catalog)
    with pytest.raises(BadMap, match=r"yaml\.unreadable"):
        load_map(tmp_path / "nothing.yaml", catalog)
