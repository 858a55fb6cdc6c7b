"""The catalogue with the matter of the real log, its shipped map, and logs made up for one test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workflow.catalog.loader import Catalog, load
from workflow.exchange.mapping import LogMap, load_map
from workflow.texts import shipped_definitions

SHIPPED_MAP = shipped_definitions() / "maps" / "wabo-receipt.yaml"


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """Everything that is shipped."""
    return load()


@pytest.fixture(scope="session")
def log_map(catalog: Catalog) -> LogMap:
    """The shipped map of the permit log."""
    return load_map(SHIPPED_MAP, catalog)


@pytest.fixture
def write_log(tmp_path: Path) -> Callable[..., Path]:
    """Writes traces, each (name, attributes, events as (activity, resource, time)), as an XES file."""

    def write(*traces: tuple[str, dict[str, str], list[tuple[str, str, str]]]) -> Path:
        lines = ["<log>"]
        for name, attributes, events in traces:
            lines += ["<trace>", f'<string key="concept:name" value="{name}"/>']
            lines += [_attribute(key, value) for key, value in attributes.items()]
            for activity, resource, at in events:
                named = [("concept:name", activity), ("org:resource", resource), ("time:timestamp", at)]
                lines += ["<event>", *(_attribute(key, value) for key, value in named), "</event>"]
            lines.append("</trace>")
        path = tmp_path / "made-up.xes"
        path.write_text("\n".join([*lines, "</log>"]))
        return path

    return write


def _attribute(key: str, value: str) -> str:
    kind = "date" if value[:2] == "20" else "string"
    return f'<{kind} key="{key}" value="{value}"/>'
