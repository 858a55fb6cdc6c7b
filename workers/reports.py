"""What a process of the stack tells its supervisor: lines of JSON through a pipe.

`{"ready": true}` once, when it can do its work; `{"error": code, "message": text}` when it cannot start;
`{"stalled": bool}` from the relay every few seconds: whether work lies undone that nobody touches, and `{"idle": true}` when
it hands nothing on; `{"stuck": [names]}` from a worker: which of its loops do not come round.
"""

from __future__ import annotations

import json
import os
from typing import Any

from workflow.errors import BanjieError
from workflow.texts import error_text


class Reporter:
    """The child's end. Without a pipe (`fd` None: started by hand) it says nothing."""

    def __init__(self, fd: int | None) -> None:
        self._fd = fd
        self.heard = fd is not None

    def ready(self) -> None:
        self.say(ready=True)

    def failed(self, error: BanjieError) -> None:
        self.say(error=error.code, message=error_text(error))

    def progress(self, *, stalled: bool) -> None:
        self.say(stalled=stalled)

    def say(self, **facts: Any) -> None:
        """Write one line. Raises BrokenPipeError when the supervisor is gone, and then this process should go too."""
        if self._fd is not None:
            os.write(self._fd, json.dumps(facts, ensure_ascii=False).encode() + b"\n")


class Lines:
    """The supervisor's end: whole lines out of whatever pieces the pipe gives."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._rest = b""

    def read(self) -> list[dict[str, Any]]:
        """The reports that have arrived; call it when the pipe is readable. Raises EOFError when the child closed it."""
        piece = os.read(self._fd, 65536)
        if not piece:
            raise EOFError
        *lines, self._rest = (self._rest + piece).split(b"\n")
        return [json.loads(line) for line in lines]
