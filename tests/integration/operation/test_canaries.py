"""Nobody's name, number or telephone is ever in a log: through a walk, its refusals and faults, in every part.

The people of these cases are canaries: if one of them sings in a line, the line was wrong.
"""

from __future__ import annotations

import io
import json
import logging
import warnings

import pytest
from starlette.testclient import TestClient

from portal.app import app
from portal.standby import Standby
from tests.integration.transfers import FILER, FORM, MATTER, TO_THE_NOTICE, Transfers
from tests.integration.workers.conftest import Home
from workers.looking import Looker
from workers.transport import log as transport_log
from workflow.cli.embedded import embedded_stack
from workflow.cli.failures import told
from workflow.config import Settings
from workflow.domain.commands import SubmitFiling
from workflow.engine.handle import case_id_for, handle
from workflow.errors import BadInput, BanjieError
from workflow.operation import doing
from workflow.operation.logs import Log, configure_logs
from workflow.operation.metrics import WATCH

CANARIES = ("王小明", "金丝雀", "Jinsique", "11010519491231002X", "13812345678", "jsq@example.cn")
EVIL = '金丝雀\r\n{"event": "forged"}\x1b[2J\u202e13812345678'


@pytest.fixture
def stderr(monkeypatch):
    """Every line that any part of this process says, libraries' warnings included."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with warnings.catch_warnings():
        configure_logs("canary", level=logging.DEBUG)
        yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    doing._NOW.set(None)


def lines(text):
    """The lines as JSON: each is whole, whatever was put into it."""
    return [json.loads(line) for line in text.splitlines()]


def singing(text):
    return [canary for canary in CANARIES if canary in text]


def test_a_whole_walk_with_its_refusals_says_no_name(store, stderr, monkeypatch, tmp_path):
    transfers = Transfers(store)
    transfers.banjie.watch = WATCH
    form = {**FORM, **{name: "金丝雀" for name, value in FORM.items() if name.endswith("name")}}
    for key, wrong in enumerate([{**form, "surplus": EVIL}, {**form, "candidate_id": EVIL}, {}]):
        refused(transfers, f"{EVIL}{key}", wrong)
    no = transfers.file()
    for person, action, fields in TO_THE_NOTICE:
        with pytest.raises(BanjieError):
            transfers.act(no, EVIL, action, **fields)
        with pytest.raises(BanjieError):
            transfers.act(no, person, action, **fields, surplus=EVIL)
        transfers.act(no, person, action, **fields)

    poisoned = Looker(breaking, breaking, store)
    poisoned.by_task(store.case_id(no), store.case_id(no)[:-1] + "0")
    poisoned.by_task(EVIL)
    poisoned.by_pulse(store.case_id(no))
    looked_up(transfers, no)
    monkeypatch.setenv("BANJIE_HOME", str(tmp_path))
    told(RuntimeError(EVIL), ["case", "submit", EVIL, f"--note={EVIL}"])
    Log("banjie.portal").warning("odd", reason=EVIL, more=[EVIL, {"name": EVIL}])
    try:
        breaking()
    except LookupError:
        transport_log.exception("message_dropped", reason="LookupError")

    on_file = (tmp_path / "log" / "cli.log").read_text("utf-8")
    said = stderr.getvalue()
    logged = "\n".join(line for line in said.splitlines() if line.startswith("{"))
    assert singing(logged + on_file) == []
    events = [line["event"] for line in lines(logged + "\n" + on_file)]
    assert {"look_failed", "message_refused", "request", "command_failed", "odd"} <= set(events)
    assert "forged" not in events
    assert all(character.isprintable() or character == "\n" for character in logged + on_file)


def breaking(*_, **__):
    """A fault of ours whose message, and that of the error behind it, repeat what somebody typed."""
    try:
        {}["Jinsique"]
    except KeyError as error:
        raise LookupError(EVIL) from error


def refused(transfers, key, form):
    command = SubmitFiling(
        case_id=case_id_for(FILER, key),
        key=key,
        actor=FILER,
        matter=MATTER,
        form=form,
        materials=(),
        parties={},
    )
    with pytest.raises(BanjieError):
        handle(transfers.banjie, command)
    Log("workflow.x").failed("refused", BadInput(reason=EVIL))


def looked_up(transfers, no):
    """What a reader may type into an address, and what becomes of it."""
    with TestClient(app(Standby(lambda: transfers.banjie)), raise_server_exceptions=False) as browser:
        browser.get("/cases", params={"no": no, "code": "金丝雀"})
        browser.get(f"/cases/{CANARIES[3]}", headers={"x-request-id": CANARIES[3]})
        browser.get("/金丝雀/13812345678")
        browser.get("/api/v1/public/cases/金丝雀", params={"code": "13812345678"})
        transfers.banjie.store.close()
        browser.app.state.standby.store = breaking
        assert browser.get("/statistics", params={"month": "金丝雀"}).status_code == 500


def test_the_stacks_own_log_says_no_name(tmp_path, monkeypatch):
    monkeypatch.setenv("BANJIE_LANG", "zh-CN")
    home = Home(Settings.from_environment({"BANJIE_HOME": str(tmp_path / "home")}))
    with embedded_stack(home.settings, workers=1) as stack:
        home.wait_until_done(home.file(2), timeout=30)
        stack.stop()
    home.store.close()

    text = stack.log.read_text("utf-8")
    assert singing(text) == []
    assert {"stack_ready", "stack_stopped"} <= {line["event"] for line in lines(text)}
