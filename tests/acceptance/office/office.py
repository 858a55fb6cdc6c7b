"""An office for a story: the command line as officials type it, a database of its own on a stepped clock, real workers, and
a way to let days pass. Nothing is waited for by length of time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from workflow.cli.embedded import StackProcess
from workflow.demo.driver import settle
from workflow.engine.banjie import Banjie

BEIJING = ZoneInfo("Asia/Shanghai")
HEAD = "ouyang-zhengqing"


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return json.loads(self.err)["error"]


class Office:
    """`call` runs a command line; everything else is said in terms of it, but for the time, which only a test may move."""

    def __init__(self, call: Callable[..., Said], banjie: Banjie, stack: StackProcess, folder: Path) -> None:
        self.call = call
        self.banjie = banjie
        self.stack = stack
        self.folder = folder

    # --- time -----------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Wait until the workers have done everything there is to do at this instant."""
        settle(self.banjie, self.stack.check)

    def until(self, moment: str) -> None:
        """Let time pass until so many hours and minutes of a civil day in Beijing ("2026-09-30 09:00"), and whatever falls
        due on the way be done at its own instant."""
        store, goal = self.banjie.store, datetime.fromisoformat(moment).replace(tzinfo=BEIJING)
        assert goal > store.clock().now, f"{moment} is not ahead"
        self.settle()
        while (due := store.next_due()) is not None and due <= goal:
            store.advance(due)
            self.settle()
        store.advance(goal)
        self.settle()

    # --- acts -----------------------------------------------------------------------------------------

    def ok(self, *words: object, stdin: str = "", lang: str = "zh-CN") -> Any:
        """A command that is done; gives what it printed as JSON."""
        said = self.call("--lang", lang, *words, "--json", stdin=stdin)
        assert said.code == 0, said.err or said.out
        self.settle()
        return said.json

    def page(self, *words: object, lang: str = "zh-CN") -> str:
        """A command that is done; gives the page that people read."""
        said = self.call("--lang", lang, *words)
        assert said.code == 0, said.err
        return said.out

    def no(self, *words: object, rule: str, zh: str, en: str, stdin: str = "") -> None:
        """A command that is refused, the same in both languages, by a rule (or with a code, where no rule is named) and with
        these words in its text."""
        for lang, words_said in (("zh-CN", zh), ("en", en)):
            said = self.call("--lang", lang, *words, "--json", stdin=stdin)
            assert said.code == 1, f"not refused: {said.out}"
            error = said.error
            assert rule == error["fields"].get("rule", error["code"]), error
            assert words_said in error["message"], error["message"]

    def file(self, matter: str, filer: str, form: Mapping[str, Any], materials: object, **more: Any) -> str:
        """File at the organ's web page; gives the number of the case."""
        filing = {"as": filer, "form": form, "materials": list(materials), **more}
        return str(self.ok("case", "submit", matter, "--file", "-", stdin=json.dumps(filing))["no"])

    def act(self, no: str, action: str, by: str, **fields: Any) -> Any:
        """One act, done."""
        return self.ok("case", "act", no, action, "--as", by, "--file", "-", stdin=json.dumps(fields))

    def refuse(self, no: str, action: str, by: str, *, rule: str, zh: str, en: str, **fields: Any) -> None:
        """One act, refused; the case is as it was."""
        before = self.case(no)
        call = ("case", "act", no, action, "--as", by, "--file", "-")
        self.no(*call, rule=rule, zh=zh, en=en, stdin=json.dumps(fields))
        assert self.case(no) == before

    # --- what stands in the record --------------------------------------------------------------------

    def case(self, no: str) -> Any:
        return self.ok("case", "show", no)

    def state(self, no: str) -> str:
        return str(self.case(no)["state"])

    def papers(self, no: str) -> dict[str, str | None]:
        """The papers issued, in their order, each with its number."""
        return {paper["document"]: paper["number"] for paper in self.case(no)["documents"]}

    def history(self, no: str, lang: str = "zh-CN") -> str:
        """The course of the case as people read it."""
        return self.page("case", "history", no, lang=lang)

    def due(self, no: str, clock: str) -> str | None:
        """The last civil day of a period, in its last run, as `case clocks` tells it; None while time is out."""
        return [one for one in self.clocks(no) if one["clock"] == clock][-1]["due_on"]

    def clocks(self, no: str) -> Any:
        return self.ok("case", "clocks", no)["clocks"]

    def queue(self, person: str) -> list[str]:
        """The numbers of the cases on somebody's list, in its order."""
        return [item["no"] for item in self.ok("queue", "list", "--as", person)["items"]]

    def whose(self, no: str) -> str | None:
        """Who has the work item of a case, or is the first in line for it; None when it waits for nobody."""
        items = self.ok("queue", "list", "--all", "--limit", 500)["items"]
        return next((item["owner"] for item in items if item["no"] == no), None)

    def verified(self) -> None:
        """The chain of every case is whole, and everything derived from it is what it comes to."""
        assert self.ok("audit", "verify")["broken"] == []
        assert self.banjie.store.parked() == []
