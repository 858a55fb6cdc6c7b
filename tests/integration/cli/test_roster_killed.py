"""An import that is killed half-way (SIGKILL) and run again: every row is filed exactly once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.integration.exchange.test_roster import people
from tests.integration.transfers import FILER, MATTER, shipped
from workflow.exchange.roster.columns import columns_of
from workflow.storage.store import open_store
from workflow.testing.rosters import write_roster

ROWS = 30

HALF_WAY = f"""
import os, signal, sys
from workflow.cli import roster_office
from workflow.cli.main import run
from workflow.engine import filings

filings.AT_ONCE = 10
bar = roster_office.bar

def deadly(doing, **given):
    watched = bar(doing, **given)
    if doing == "importing":
        from contextlib import contextmanager
        @contextmanager
        def dying():
            yield lambda done: done >= {ROWS - 10} and os.kill(os.getpid(), signal.SIGKILL)
        return dying()
    return watched

roster_office.bar = deadly
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("options", "kept"), [((), 0), (("--per-row",), ROWS - 10)], ids=["whole", "per row"]
)
def test_killed_half_way_and_run_again(database_url, tmp_path, options, kept):
    store = open_store(database_url)
    store.create_clock("real")
    env = {**os.environ, "BANJIE_HOME": str(tmp_path / "home"), "BANJIE_DATABASE_URL": database_url}
    matter = shipped().matter(MATTER)
    path = tmp_path / "roster.xlsx"
    write_roster(path, matter, columns_of(matter, matter.order("form")), people(ROWS))
    words = ["roster", "import", str(path), "--as", FILER, "--json", *options]

    killed = subprocess.run(
        [sys.executable, "-c", HALF_WAY, *words], env=env, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(store.case_ids()) == kept

    again = subprocess.run(
        [sys.executable, "-m", "workflow.cli.main", *words],
        env=env,
        capture_output=True,
        check=True,
        text=True,
    )
    told = json.loads(again.stdout)
    assert (told["filed"], told["repeated"], told["refused"]) == (ROWS - kept, kept, 0)
    assert len({row["no"] for row in told["rows"]}) == len(store.case_ids()) == ROWS
    store.close()
