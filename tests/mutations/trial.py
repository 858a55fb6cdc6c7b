"""Trying mutations in a copy of the tree: one is planted, its tests are run, and the file is put back."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutations.mutation import ROOT, Mutation, checked

PATIENCE = 180
"""Seconds that the tests of one mutation may take: many times what they do, since a machine may be busy."""

UNIMPORTABLE = 97

# Most of a trial is the start of pytest, and most of that are plugins that no test in the list needs.
_PLUGINS = ("-p", "no:cacheprovider", "-p", "pytest_timeout", "-p", "_hypothesis_pytestplugin")

# The module is imported first, so that a mistake that only breaks the import cannot pass for one that a test has noticed.
_RUN = f"""
import importlib, sys
try:
    importlib.import_module(sys.argv[1])
except BaseException as error:
    print(f"cannot be imported: {{error!r}}")
    sys.exit({UNIMPORTABLE})
import pytest
sys.exit(pytest.main(sys.argv[2:]))
"""
_NOTICED = re.compile(r"^(?:FAILED|ERROR) (\S+(?: \S+)*?)(?: - (.*))?$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a trial: `caught` or not, `how` in words, and how many seconds it took."""

    id: str
    caught: bool
    how: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A run of tests: its exit code, none when it did not end, what it printed, and how many seconds it took."""

    code: int | None
    said: str
    seconds: float


class Copy:
    """A copy of everything that belongs to the repository, as it lies in the work tree, in a folder of its own."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self._database = database
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout.decode()
        for name in filter(None, names.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)
        # Compiled by what is in the files and not by their times: a mistake comes and goes within a second.
        compiled = ["-m", "compileall", "-q", "-j1", "--invalidation-mode", "checked-hash"]
        subprocess.run([sys.executable, *compiled, "workflow", "workers", "portal"], cwd=folder, check=True)

    def baseline(self, tests: Sequence[str]) -> dict[str, str]:
        """Which of these tests fail where there is no mistake, each with the reason."""
        ran = self._run("workflow", tests, stop=False, patience=PATIENCE * 5)
        if ran.code == 0:
            return {}
        failed = {found[1].partition("[")[0]: found[2] or "" for found in _NOTICED.finditer(ran.said)}
        return failed if ran.code == 1 and failed else dict.fromkeys(tests, _how(ran))

    def tried(self, mutation: Mutation) -> Outcome:
        """Plant the mutation, run its tests, put the file back. Raises NotThere, SyntaxError."""
        file = self.folder / mutation.file
        right = file.read_bytes()
        file.write_text(checked(mutation, self.folder), "utf-8")
        try:
            ran = self._run(mutation.module, mutation.caught_by)
        finally:
            file.write_bytes(right)
        caught = ran.code == 1 or (ran.code is None and mutation.hangs)
        return Outcome(id=mutation.id, caught=caught, how=_how(ran), seconds=ran.seconds)

    def _run(
        self, module: str, tests: Sequence[str], *, stop: bool = True, patience: float = PATIENCE
    ) -> Ran:
        options = [*(["-x"] if stop else []), "-q", "--no-header", "--tb=no", *_PLUGINS]
        command = [sys.executable, "-c", _RUN, module, *options, *tests]
        env = os.environ | {
            "PYTHONPATH": str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "BANJIE_TEST_DATABASE_URL": self._database,
        }
        begun = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=patience)
            code: int | None = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
            code = None
        return Ran(code=code, said=said, seconds=time.monotonic() - begun)


def _how(ran: Ran) -> str:
    """The test that noticed, or why none did."""
    if ran.code is None:
        return "it did not end"
    if ran.code == 0:
        return "no test failed"
    noticed = _NOTICED.search(ran.said)
    if ran.code == 1 and noticed is not None:
        return f"{noticed[1]}: {(noticed[2] or '')[:60]}"
    last = ran.said.strip().splitlines()
    return f"pytest ended with {ran.code}: {last[-1] if last else ''}"


def shared_out(mutations: Sequence[Mutation], jobs: int) -> list[list[str]]:
    """Every test that is named, once, in so many shares; those of one file stay together."""
    files: dict[str, dict[str, None]] = {}
    for one in mutations:
        for test in one.caught_by:
            files.setdefault(test.partition("::")[0], {})[test] = None
    return [[test for file in list(files)[number::jobs] for test in files[file]] for number in range(jobs)]
