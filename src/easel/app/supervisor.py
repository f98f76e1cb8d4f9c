"""Starting processes, watching them, starting them again, and ending all of them in time.

It knows nothing of what the processes do; `serve` says which they are. It imports only the standard library,
because it lives as long as Easel does.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TICK = 0.5
# A process that lives this long has started well; what ends it later is a new story.
_SETTLED = 30.0
_MOST_FAILURES = 5
_STOP_PATIENCE = 3.0
# A part that ends so has said that its settings are bad; they will not be better the next time.
BAD_SETTINGS = 2

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A process to keep alive."""

    name: str
    command: Sequence[str]


@dataclass(slots=True)
class _Child:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    failures: int = 0


class Signals:
    """Remembers that the process was told to end, and wakes a waiting loop for it and for ended children."""

    def __init__(self) -> None:
        self.stop = False
        self._awake, self._waker = socket.socketpair()
        self._parent = os.getppid() if "EASEL_STOP_WITH_PARENT" in os.environ else None
        self._terminal = os.isatty(0)
        for end in (self._awake, self._waker):
            end.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for number in _STOP_SIGNALS:
            # Under nohup the hang-up is ignored already, and stays so.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._told)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def _told(self, number: int, frame: FrameType | None) -> None:
        self.stop = True

    def stopping(self) -> bool:
        """Whether it is time to end: told so, or the ``make`` that started this process or its terminal is gone."""
        if self._parent is not None and (os.getppid() != self._parent or self._hung_up()):
            self.stop = True
        return self.stop

    def _hung_up(self) -> bool:
        # A closed terminal tells `make`, if that leads the session, but `make` tells nobody.
        if not self._terminal:
            return False
        poll = select.poll()
        poll.register(0, 0)
        return any(event & select.POLLHUP for _, event in poll.poll(0))

    def close(self) -> None:
        """Gives back the sockets; the signals stay remembered, not acted upon."""
        signal.set_wakeup_fd(-1)
        self._awake.close()
        self._waker.close()

    def wait(self, seconds: float) -> None:
        """Sleeps, less if a signal comes."""
        if select.select([self._awake], [], [], max(0.0, seconds))[0]:
            with suppress(BlockingIOError):
                self._awake.recv(1024)


@dataclass
class Supervisor:
    """Keeps `parts` alive until told to stop; `check` is called about twice a second and may raise.

    A part that ends is started again at once, then after `pause` seconds, twice that, and so on.
    """

    parts: Sequence[Part]
    signals: Signals
    say: Say
    environment: Mapping[str, str]
    check: Callable[[], None] = lambda: None
    pause: float = 1.0
    _children: list[_Child] = field(default_factory=list)
    _word: str | None = None

    def load(self) -> None:
        """Starts the first part before it can work: it loads itself and waits for the word of `start`."""
        self._children = [_Child(part) for part in self.parts]
        self._start(self._children[0])

    def start(self, word: str, head_start: float = 0.0) -> None:
        """Lets the first part work, and starts the others `head_start` seconds later or at `start_rest`.

        `word` is a line that each part reads first from its standard input; see `supervised.wait_for_word`.
        """
        self._word = word
        due = time.monotonic() + head_start
        first, *rest = self._children
        _tell(first, word)
        for child in rest:
            child.due = due
        self.tend()

    def start_rest(self) -> None:
        """Ends the first part's head start."""
        for child in self._children:
            if not child.started:
                child.due = 0.0
        self.tend()

    def run(self) -> bool:
        """Watches until told to stop (true) or until a part fails again and again (false)."""
        while not self.signals.stopping():
            if not self.tend():
                return False
            now = time.monotonic()
            pauses = [child.due - now for child in self._children if child.process is None]
            self.signals.wait(min([_TICK, *pauses]))
        return True

    def tend(self) -> bool:
        """One look at every part: those that ended are started again when it is time; false to give up."""
        self.check()
        now = time.monotonic()
        for child in self._children:
            if child.process is None:
                if now >= child.due:
                    self._start(child)
            elif child.process.poll() is not None and not self._mourn(child, now):
                return False
        return True

    def end(self) -> None:
        """Ends every part: asks, waits three seconds at most, then kills what is left."""
        living = [child.process for child in self._children if child.process is not None]
        for process in living:
            with suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + _STOP_PATIENCE
        while any(process.poll() is None for process in living) and time.monotonic() < deadline:
            self.signals.wait(min(0.1, deadline - time.monotonic()))
        for process in living:
            _kill_group(process)
            process.wait()
            if process.stdin:
                process.stdin.close()
        self._children.clear()

    def _start(self, child: _Child) -> None:
        # A session of its own, so that Ctrl-C reaches the supervisor alone, which then ends all in order. The
        # pipe carries one line; its end tells the child that the supervisor has died.
        child.process = subprocess.Popen(  # noqa: S603 -- the commands are the program's own
            child.part.command,
            stdin=subprocess.PIPE,
            bufsize=0,
            env=dict(self.environment),
            start_new_session=True,
        )
        child.started = time.monotonic()
        if self._word is not None:
            _tell(child, self._word)

    def _mourn(self, child: _Child, now: float) -> bool:
        assert child.process is not None
        # What it had started itself goes with it.
        _kill_group(child.process)
        if child.process.stdin:
            child.process.stdin.close()
        code = child.process.returncode
        reason = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        child.process = None
        child.failures = 1 if now - child.started > _SETTLED else child.failures + 1
        name = child.part.name
        if code == BAD_SETTINGS:
            self.say(f"The {name} cannot start with these settings; see above.")
            return False
        if child.failures >= _MOST_FAILURES:
            self.say(f"The {name} ended {child.failures} times soon after its start ({reason}); giving up.")
            return False
        pause = self.pause * 2 ** (child.failures - 2) if child.failures > 1 else 0.0
        child.due = now + pause
        self.say(f"The {name} ended ({reason}); starting it again" + (f" in {pause:g} s." if pause else "."))
        return True


def _tell(child: _Child, word: str) -> None:
    if child.process and child.process.stdin:
        # One that has ended already is found by `tend`.
        with suppress(BrokenPipeError):
            child.process.stdin.write(f"{word}\n".encode())


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
