"""A newer version of this program: a copy of its packages in a folder, with a migration, a schema version and a field of an
event that this one does not know.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.integration.workers.conftest import FORM
from workflow.storage.schema import WANTED

ROOT = Path(__file__).parents[3]
PACKAGES = ("workflow", "workers", "portal", "definitions")
NEXT = f"{int(WANTED) + 1:04}"

MIGRATION = f'''"""A table more."""

import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{WANTED}"
expands = True


def upgrade() -> None:
    """Add it."""
    op.create_table("novelties", sa.Column("id", sa.Text(), primary_key=True))
'''

CHANGES = {
    "workflow/storage/schema.py": [(f'WANTED = "{WANTED}"', f'WANTED = "{NEXT}"')],
    "workflow/domain/events/base.py": [
        ("Reader: TypeAlias = Literal[1]", "Reader: TypeAlias = Literal[1, 2]"),
        ("SCHEMA_VERSION: Final[Reader] = 1", "SCHEMA_VERSION: Final[Reader] = 2"),
    ],
    "workflow/domain/events/introduced.py": [
        ("INTRODUCED: Final[Mapping[str, Reader]] = {}", 'INTRODUCED = {"FilingSubmitted.novelty": 2}')
    ],
    "workflow/domain/events/filing.py": [
        ("    parent: Parent | None = None\n", "    parent: Parent | None = None\n    novelty: str = ''\n")
    ],
    # Only some filings make use of what is new: those that this program's door marks.
    "workflow/engine/handle.py": [
        (
            'no=f"{definition.series}-{year}-{serial:05d}")',
            'no=f"{definition.series}-{year}-{serial:05d}", novelty=NOVELTY)',
        ),
        ("def case_id_for(", "NOVELTY = ''\n\n\ndef case_id_for("),
    ],
}


class Newer:
    """The newer version in `folder`, and what can be asked of it on an installation."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder = folder
        self._env = {**os.environ, **env, "PYTHONPATH": str(folder), "BANJIE_LANG": "en"}
        for package in PACKAGES:
            shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / f"workflow/storage/migrations/versions/{NEXT}_novelties.py").write_text(MIGRATION)
        for file, pairs in CHANGES.items():
            text = (folder / file).read_text()
            for old, new in pairs:
                assert text.count(old) == 1, (file, old)
                text = text.replace(old, new)
            (folder / file).write_text(text)

    def banjie(self, *words: str) -> tuple[int, str, str]:
        """Its command line: exit code, what it said, what it complained of."""
        done = subprocess.run(
            [sys.executable, "-m", "workflow.cli.main", *words],
            cwd=self.folder,
            env=self._env,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def file(self, first: int, count: int) -> list[str]:
        """Filings that make use of what is new; gives the ids of their cases."""
        done = subprocess.run(
            [sys.executable, "-c", FILING, str(first), str(count), json.dumps(FORM)],
            cwd=self.folder,
            env=self._env,
            capture_output=True,
            text=True,
            timeout=100,
            check=True,
        )
        return json.loads(done.stdout)

    @contextmanager
    def stack(self):
        """Its relay and one worker."""
        with stack_in(self.folder, self._env) as process:
            yield process


@contextmanager
def stack_in(folder: Path, env: dict[str, str]):
    """Relay and one worker of the version in `folder`, until the block ends; its exit code and log are on the process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "workers", "--workers", "1"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **env},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        process.said = process.communicate(timeout=30)[1]


FILING = """
import json, sys
from workflow.bootstrap import bootstrap
from workflow.config import Settings
from workflow.domain.commands import SubmitFiling
from workflow.engine import handle as door

first, count = map(int, sys.argv[1:3])
banjie = bootstrap(Settings.from_environment())
matter = banjie.catalog.matters["talent-agency-licence"].definition
filer = next(h for h in banjie.catalog.directory.holdings if h.kind == "agency_officer")
door.NOVELTY = "new"
ids = []
for number in range(first, first + count):
    key = f"novel filing {number}"
    command = SubmitFiling(
        case_id=door.case_id_for(filer.person, key), key=key, actor=filer.person, matter=matter.code,
        form=json.loads(sys.argv[3]), materials=tuple(matter.materials), parties={"filer": filer.organ},
    )
    ids.append(door.handle(banjie, command).case_id)
banjie.store.close()
print(json.dumps(ids))
"""
