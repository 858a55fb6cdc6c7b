"""A home with a database and people who file, and the stack that does what no person needs to do."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from workers.embedded_broker import answers, server_program
from workflow.bootstrap import bootstrap
from workflow.config import Settings
from workflow.domain.commands import SubmitFiling
from workflow.engine.handle import case_id_for, handle
from workflow.storage.schema import upgrade
from workflow.testing.waiting import wait_until

MATTER = "talent-agency-licence"
FORM = {
    "agency_name": "瀚海人才服务中心",
    "sponsor": "瀚海典籍馆",
    "credit_code": "91350100M000100Y43",
    "business_scope": "training",
    "premises": "北京市西城区某街 1 号",
    "funds": 100,
    "staff": 8,
    "principal_name": "王小明",
    "principal_id": "11010519491231002X",
    "contact_phone": "13812345678",
}


class Home:
    """An installation in a folder. Every filing leaves the system one thing to do: the pre-check of the materials."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.banjie = bootstrap(settings)
        self.store = self.banjie.store
        upgrade(self.store.engine)
        self.store.create_clock("real")
        self._filed = 0

    def file(self, count=1):
        """File so many cases; gives their ids."""
        matter = self.banjie.catalog.matters[MATTER].definition
        filer = next(h for h in self.banjie.catalog.directory.holdings if h.kind == "agency_officer")
        ids = []
        for _ in range(count):
            self._filed += 1
            key = f"filing {self._filed}"
            command = SubmitFiling(
                case_id=case_id_for(filer.person, key),
                key=key,
                actor=filer.person,
                matter=MATTER,
                form=FORM,
                materials=tuple(matter.materials),
                parties={"filer": filer.organ},
            )
            ids.append(handle(self.banjie, command).case_id)
        return ids

    def done(self):
        """How much each hand has done: `task`, `pulse`."""
        return self.store.done_counts()

    def wait_until_done(self, case_ids, timeout):
        """Wait until all these cases have been pre-checked, each once."""
        wait_until(self.store.quiet, timeout, what="everything due to be done")
        assert self.store.parked() == []
        for case_id in case_ids:
            types = [envelope.type for envelope, _ in self.store.history(case_id)]
            assert self.store.case(case_id).state == "acceptance"
            assert types.count("ActionTaken") == 1, types


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("BANJIE_LANG", "en")
    home = Home(Settings.from_environment({"BANJIE_HOME": str(tmp_path / "home")}))
    yield home
    home.store.close()


def is_alive(pid):
    """Whether a process is there and is not a zombie."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def all_pids(pids):
    """The pids of a ready line as one flat list."""
    return [pid for value in pids.values() for pid in (value if isinstance(value, list) else [value])]


def children(pid):
    """The processes that `pid` has started and that are alive."""
    there = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [one for one in there if _parent(one) == pid and is_alive(one)]


def _parent(pid):
    with suppress(FileNotFoundError, ProcessLookupError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return None


@contextmanager
def broker_on(address):
    """A server on this socket, keeping nothing."""
    command = [
        server_program(),
        "--port",
        "0",
        "--unixsocket",
        address,
        "--save",
        "",
        "--dir",
        address.parent,
    ]
    server = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: answers(address), 10, what="the broker")
        yield server
    finally:
        server.kill()
        server.wait()
