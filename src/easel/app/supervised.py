"""The other end of `supervisor`: what a child does so that it never outlives the process that watches it."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable

# A child that cannot end itself in this time is ended: the next start needs its port and its jobs.
_PATIENCE = 8.0


def _terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def wait_for_word() -> str:
    """The line that the supervisor says when there is work to do; the process ends if it dies before that.

    Until then a part loads its modules, which takes longer than the database takes to start.
    """
    words = b""
    while not words.endswith(b"\n"):
        # Byte by byte: what comes after the line is not this function's.
        if not (read := os.read(sys.stdin.fileno(), 1)):
            os._exit(0)
        words += read
    return words.decode().rstrip("\n")


def exit_when_parent_dies(stop: Callable[[], None] = _terminate) -> None:
    """Calls `stop` when the supervisor is gone; call this once, early, in a child started ``--supervised``.

    Standard input is a pipe that only the supervisor holds open: its end is the supervisor's end, even by
    ``kill -9``, and on every system. `stop` is called in a thread of its own.
    """

    def watch() -> None:
        descriptor = sys.stdin.fileno()
        while os.read(descriptor, 1024):
            pass
        stop()
        time.sleep(_PATIENCE)
        os._exit(1)

    threading.Thread(target=watch, name="supervisor-watch", daemon=True).start()
