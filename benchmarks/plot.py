"""Draws benchmarks/out/latest.json: docs/performance.svg, and the tables between the marks in docs/performance.md.

    python -m benchmarks plot

The picture has no background and takes its colours from whether the reader's page is light or dark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from benchmarks import _results
from benchmarks.steps import EACH, ENGINE, FEW, FEW_ONE, FOUR, ONE, PEER, SHORT

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE, PICTURE = DOCS / "performance.md", DOCS / "performance.svg"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"

CONNECTIONS = (1, 2, 8)
CONTENDERS = (ENGINE, FOUR, EACH, ONE, FEW, FEW_ONE, PEER)


@dataclass(frozen=True, slots=True)
class Bar:
    """What a ratio is to be, at least or at most."""

    name: str
    says: str
    least: float | None = None
    most: float | None = None

    def told(self) -> str:
        return f"≥ {self.least}" if self.least is not None else f"≤ {self.most}"

    def kept(self, ratio: float) -> bool:
        return (self.least is None or ratio >= self.least) and (self.most is None or ratio <= self.most)


BARS = (
    Bar("step_vs_floor4_2conn", "a step, 2 connections, in steps per second ÷ the floor's", least=0.6),
    Bar("step_vs_floor4_8conn", "the same with 8 connections", least=0.45),
    Bar("step_vs_spiff_2proc", "a step, 2 processes, in steps per second ÷ SpiffWorkflow's", least=1.5),
    Bar(
        "hint_p50_vs_celery_noop",
        "commit to start of the automatic step ÷ a no-op's send to start, p50",
        most=3.0,
    ),
    Bar("hint_p50_after_pause_vs_celery_noop", "the same after a pause of a second or two", most=3.0),
    Bar("sweep_vs_floor", "1,000 due among 1,000,000 open, time ÷ the floor's", most=3.0),
    Bar("sweep_growth_10k_1m", "the same, time among 1,000,000 ÷ among 10,000", most=1.5),
    Bar("step_10k_events_vs_10", "a step on a case with 10,000 events, time ÷ with ten", most=1.2),
)


def main() -> int:
    found = {str(one["name"]): one for one in _results.read()}
    if not found:
        print("nothing has been measured yet: make bench")
        return 1
    PICTURE.write_text(picture(found), "utf-8")
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = "\n".join(tables(found))
    PAGE.write_text(f"{before}{BEGIN}\n{lines}\n{END}{after}", "utf-8")
    print(f"drawn: {PICTURE.name}, {PAGE.name}")
    return 0


# --- the page -------------------------------------------------------------------------------------------------------


def tables(found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The lines of all tables."""
    machine = found.get(_results.MACHINE)
    if machine is not None:
        yield f"Measured {machine['against']}, {machine['value']} {machine['unit']}.\n"
    yield from _bars(found)
    yield from _steps(found)
    yield from _others(found)


def _bars(found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield "| bar | | measured | against | kept |\n|---|---|---|---|---|"
    for bar in BARS:
        one = found.get(bar.name)
        if one is None or one["ratio"] is None:
            yield f"| {bar.says} | {bar.told()} | not measured | | |"
            continue
        kept = "yes" if bar.kept(one["ratio"]) else "**no**"
        yield f"| {bar.says} | {bar.told()} | **{one['ratio']:.2f}** | {one['against']} | {kept} |"
    yield ""


def _steps(found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield (
        "| steps per second | "
        + " | ".join(f"{count} conn." for count in CONNECTIONS)
        + " |\n|---|---|---|---|"
    )
    for name in CONTENDERS:
        rates = (found.get(f"step_{SHORT[name]}_{count}conn") for count in CONNECTIONS)
        yield f"| {name} | " + " | ".join(f"{one['value']:,.0f}" if one else "–" for one in rates) + " |"
    for part, unit in (("p50", "ms"), ("p99", "ms"), ("client_cpu", "ms"), ("server_cpu", "ms")):
        values = (found.get(f"step_engine_{part}_{count}conn") for count in CONNECTIONS)
        told = " | ".join(f"{one['value']:.2f}" if one else "–" for one in values)
        yield f"| engine, {part.replace('_', ' ').replace('cpu', 'CPU')} {unit} | {told} |"
    yield ""


def _others(found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    shown = {bar.name for bar in BARS} | {_results.MACHINE}
    rest = [one for name, one in found.items() if name not in shown and not _of_steps(name)]
    if rest:
        yield "| other figures | | ratio | against |\n|---|---|---|---|"
        for one in rest:
            ratio = "" if one["ratio"] is None else f"{one['ratio']:.2f}"
            yield f"| `{one['name']}` | {one['value']:g} {one['unit']} | {ratio} | {one['against']} |"


def _of_steps(name: str) -> bool:
    """Whether the table of steps has it, or could be reckoned from it."""
    return name.startswith("step_") and name.endswith(("conn", "proc")) and "sqlite" not in name


# --- the picture ----------------------------------------------------------------------------------------------------

WIDE, LEFT, ROW, GAP, TOP = 860, 210, 15, 14, 46

_STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #3d444d; }
  .title { font-weight: 600; font-size: 14px; }
  .quiet { fill: #6b7480; }
  line { stroke: #8b949e; stroke-width: 1; stroke-dasharray: 2 3; opacity: .5; }
  .c0 { fill: #9fc5e8; } .c1 { fill: #4a90d9; } .c2 { fill: #1f5fa8; }
  .engine .c0 { fill: #f6c08a; } .engine .c1 { fill: #e8862e; } .engine .c2 { fill: #b45a0c; }
  @media (prefers-color-scheme: dark) {
    text { fill: #d1d7e0; } .quiet { fill: #9198a1; } .c2 { fill: #2f78c4; } .engine .c2 { fill: #cc6a18; }
  }
"""


def picture(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Steps per second of every contender with one, two and eight connections, as bars."""
    rates = {
        name: [
            float(found.get(f"step_{SHORT[name]}_{count}conn", {}).get("value", 0)) for count in CONNECTIONS
        ]
        for name in CONTENDERS
    }
    most = max((rate for row in rates.values() for rate in row), default=0) or 1
    scale = (WIDE - LEFT - 70) / most
    tall = TOP + len(rates) * (len(CONNECTIONS) * ROW + GAP) + 28
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {tall}" role="img" aria-labelledby="t">',
        f"<style>{_STYLE}</style>",
        '<title id="t">Durable steps per second on PostgreSQL</title>',
        '<text class="title" x="0" y="16">Durable steps per second on PostgreSQL, by connections</text>',
        '<text class="quiet" x="0" y="33">Three bars each: 1, 2 and 8 connections. Longer is faster.</text>',
        *_grid(most, scale, tall),
    ]
    y = TOP
    for name, row in rates.items():
        parts.append(f'<g class="{"engine" if name == ENGINE else "other"}">')
        parts.append(f'<text x="{LEFT - 10}" y="{y + 27}" text-anchor="end">{escape(name)}</text>')
        for number, rate in enumerate(row):
            top = y + number * ROW
            parts.append(
                f'<rect class="c{number}" x="{LEFT}" y="{top}" width="{rate * scale:.1f}" height="{ROW - 2}" rx="2"/>'
                f'<text class="quiet" x="{LEFT + rate * scale + 6:.1f}" y="{top + 11}">{rate:,.0f}</text>'
            )
        parts.append("</g>")
        y += len(CONNECTIONS) * ROW + GAP
    return "\n".join([*parts, "</svg>", ""])


def _grid(most: float, scale: float, tall: int) -> Iterator[str]:
    step = next(one for one in (100, 200, 500, 1000, 2000, 5000, 10_000, 100_000) if most / one <= 8)
    for number in range(1, int(most // step) + 1):
        x = LEFT + number * step * scale
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 4}" y2="{tall - 24}"/>'
        yield f'<text class="quiet" x="{x:.1f}" y="{tall - 10}" text-anchor="middle">{number * step:,}</text>'
