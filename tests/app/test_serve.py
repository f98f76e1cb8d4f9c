"""The supervisor as a process of its own: what starts, what is started again, what is left when it ends."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil
import pytest

STAND_IN = Path(__file__).parent / "stand_in.py"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A running ``easel serve`` on `data`, with stand-in children unless it is `real`."""

    def __init__(self, data: Path, port: int, temper: str = "calm", *, real: bool = False) -> None:
        self.data, self.port = data, port
        self.log = data.with_name(f"log-{time.monotonic_ns()}")
        with self.log.open("wb") as log:
            command: list[str | Path] = [sys.executable, STAND_IN, "serve", temper]
            self.process = subprocess.Popen(
                [sys.executable, "-m", "easel", "serve"] if real else command,
                env=surroundings(data, port),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self, words: str, within: float = 20.0) -> str:
        """Waits until the supervisor has said `words` (a pattern); all it has said."""
        deadline = time.monotonic() + within
        while True:
            text = self.log.read_text()
            if re.search(words, text):
                return text
            assert time.monotonic() < deadline, f"not said: {words}; but: {text}"
            assert self.process.poll() is None, f"ended before it said {words}: {text}"
            time.sleep(0.02)

    def children(self) -> dict[str, psutil.Process]:
        """The processes under the supervisor by what they are."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            words = child.cmdline()
            # Between fork and exec a child still looks like its parent, and one that ended has no words.
            if "serve" not in words and words:
                name = words[3] if "easel" in words else words[2]
                found["postgres" if "-D" in words else name] = child
        return found

    def children_of(self, *names: str) -> dict[str, psutil.Process]:
        """Waits until there are processes of these kinds and no others."""
        deadline = time.monotonic() + 10
        while set(found := self.children()) != set(names):
            assert time.monotonic() < deadline, found
            time.sleep(0.02)
        return found

    def end(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Sends a signal; the exit code and how long the end took."""
        begin = time.monotonic()
        os.kill(self.process.pid, number)
        return self.process.wait(20), time.monotonic() - begin


def surroundings(data: Path, port: int, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EASEL_", "DATABASE_"))}
    return {**kept, "EASEL_DATA": str(data), "EASEL_PORT": str(port), **more}


@pytest.fixture
def port() -> int:
    return free_port()


Start = Callable[..., Served]


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Starts ``easel serve``; what a failed test leaves running is killed, and its children go with it."""
    started: list[Served] = []

    def begin(data: Path, port: int, temper: str = "calm", *, real: bool = False) -> Served:
        started.append(Served(data, port, temper, real=real))
        return started[-1]

    yield begin
    # `folder` is asked for so that this comes first and it second.
    for running in started:
        running.process.kill()
        running.process.wait()


@pytest.fixture
def served(start: Start, data: Path, port: int) -> Served:
    running = start(data, port)
    running.said("Easel is ready")
    running.children_of("postgres", "web", "worker")
    return running


def all_gone(processes: Mapping[str, psutil.Process], within: float) -> bool:
    _, alive = psutil.wait_procs(processes.values(), within)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_it_says_where_the_studio_is_and_keeps_its_files_private(served: Served) -> None:
    text = served.said(f"http://127.0.0.1:{served.port}\n")
    assert "the first one becomes the administrator" in text
    assert "\x1b" not in text
    secret = served.data / "secret"
    assert re.fullmatch(r"[0-9a-f]{64}\n", secret.read_text())
    for private, mode in {"secret": 0o600, "files": 0o700, "serve.lock": 0o600}.items():
        assert stat.S_IMODE((served.data / private).stat().st_mode) == mode


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everything(start: Start, data: Path, port: int, number: int) -> None:
    served = start(data, port)
    served.said("Easel is ready")
    processes = served.children_of("postgres", "web", "worker")
    # A second Ctrl-C by an impatient hand changes nothing.
    os.kill(served.process.pid, number)
    # How long it takes is measured by `bench.start`; `end` waits 20 seconds and no longer.
    code, _ = served.end(number)
    assert code == 0
    assert all_gone(processes, 10)
    assert not (served.data / "postgres" / "data" / "postmaster.pid").exists()


def test_the_real_parts_start_are_killed_start_again_and_end(start: Start, folder: Path, port: int) -> None:
    served = start(folder / "data", port, real=True)
    text = served.said("Easel is ready", within=90)
    assert "the first one becomes the administrator" in text
    before = served.children_of("postgres", "web", "worker")
    served.process.kill()
    served.process.wait()
    served = start(folder / "data", port, real=True)
    assert "administrator" not in served.said("Easel is ready", within=90)
    after = served.children_of("web", "worker")
    code, seconds = served.end()
    assert code == 0
    assert seconds < 5
    assert all_gone({**before, **{f"second {name}": process for name, process in after.items()}}, 0)


def test_a_child_that_ignores_the_signal_is_killed_in_time(start: Start, data: Path, port: int) -> None:
    served = start(data, port, "stubborn")
    served.said("Easel is ready")
    served.said("deaf from here on")
    processes = served.children()
    code, seconds = served.end()
    assert code == 0
    assert 2 < seconds < 5
    assert all_gone(processes, 10)


def test_what_dies_is_started_again(served: Served) -> None:
    before = served.children()
    for process in before.values():
        process.kill()
    served.said(r"worker ended \(killed by SIGKILL\); starting it again")
    served.said(r"web server ended \(killed by SIGKILL\); starting it again")
    served.said("PostgreSQL ended; starting it again")
    after = served.children_of(*before)
    assert not {process.pid for process in before.values()} & {process.pid for process in after.values()}
    assert served.end()[0] == 0
    assert all_gone(after, 10)


def test_a_part_that_cannot_live_ends_it_with_a_reason(start: Start, data: Path, port: int) -> None:
    served = start(data, port, "failing")
    assert served.process.wait(40) == 1
    text = served.log.read_text()
    assert "The worker ended 5 times soon after its start (exit code 7); giving up." in text
    assert not (served.data / "postgres" / "data" / "postmaster.pid").exists()


def test_the_next_start_recovers_from_a_killed_supervisor(start: Start, served: Served) -> None:
    orphans = served.children()
    secret = (served.data / "secret").read_text()
    postgres = orphans.pop("postgres")
    served.process.kill()
    served.process.wait()
    # At once, on the same port: the orphans may still be about to end.
    again = start(served.data, served.port)
    again.said("Easel is ready")
    assert all_gone(orphans, 5)
    assert (served.data / "secret").read_text() == secret
    code, _ = again.end()
    assert code == 0
    assert all_gone({"postgres": postgres}, 0)


def test_two_on_one_data_folder_refuse(start: Start, served: Served) -> None:
    second = start(served.data, free_port())
    assert second.process.wait(20) == 1
    text = second.log.read_text()
    assert f"data_folder_in_use: Easel already runs on {served.data} (process {served.process.pid})" in text
    served.children_of("postgres", "web", "worker")


def test_a_taken_port_is_named_and_nothing_is_started(start: Start, folder: Path, port: int) -> None:
    data = folder / "data"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        served = start(data, port)
        assert served.process.wait(20) == 1
    assert f"EASEL_PORT: {port} is in use by another program" in served.log.read_text()
    assert not (data / "postgres" / "data").exists()


def test_it_ends_with_the_make_that_started_it(data: Path, port: int) -> None:
    log = data.with_name("log")
    log.touch()  # the shell opens it in the background, maybe after it has told the process's id
    script = f"{sys.executable} {STAND_IN} serve > {log} 2>&1 & echo $!; wait"
    environment = surroundings(data, port, EASEL_STOP_WITH_PARENT="1")
    make = subprocess.Popen(["sh", "-c", script], env=environment, stdout=subprocess.PIPE, text=True)
    assert make.stdout
    supervisor = psutil.Process(int(make.stdout.readline()))
    while "Easel is ready" not in log.read_text():
        assert make.poll() is None
        time.sleep(0.02)
    processes = {str(child.pid): child for child in [supervisor, *supervisor.children()]}
    make.kill()
    make.wait()
    make.stdout.close()
    assert all_gone(processes, 6)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("EASEL_PORT", "high"),
        ("DATABASE_URL", "mysql://here"),
        ("STORAGE_URL", "ftp://x"),
        ("EASEL_SECRET", "x"),
    ],
)
def test_a_bad_value_stops_the_start_with_its_name(
    folder: Path, port: int, variable: str, value: str
) -> None:
    command = [sys.executable, "-m", "easel", "serve"]
    environment = {**surroundings(folder / "data", port), variable: value}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith(f"easel: {variable}: ")
    assert len(done.stderr.splitlines()) == 1
    assert not (folder / "data").exists()


def test_a_database_that_does_not_answer_is_named(data: Path, port: int) -> None:
    environment = surroundings(data, port, DATABASE_URL=f"postgresql://127.0.0.1:{port}/none")
    command = [sys.executable, "-m", "easel", "serve"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("easel: DATABASE_URL: ")


def test_flags_win_over_the_environment(data: Path, port: int) -> None:
    command = [sys.executable, "-m", "easel", "serve", "--port", "0"]
    done = subprocess.run(command, env=surroundings(data, port), capture_output=True, text=True)
    assert done.returncode == 2
    assert "EASEL_PORT" in done.stderr


def test_the_supervisor_loads_nothing_heavy() -> None:
    program = "import sys, easel.__main__, easel.app.serve; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = {
        "fastapi",
        "starlette",
        "sqlalchemy",
        "procrastinate",
        "pyvips",
        "typer",
        "alembic",
        "structlog",
        "pydantic",
        "psycopg",
    }
    assert not heavy & set(done.stdout.split())


def test_a_closed_terminal_does_not_leave_a_database_behind(data: Path, port: int) -> None:
    read, write = os.pipe()
    served = subprocess.Popen(
        [sys.executable, STAND_IN, "serve"],
        env=surroundings(data, port),
        stdout=write,
        stderr=write,
        start_new_session=True,
    )
    os.close(write)
    text = b""
    while b"Easel is ready" not in text:
        text += os.read(read, 1000)
    os.close(read)
    processes = {str(child.pid): child for child in psutil.Process(served.pid).children()}
    with contextlib.suppress(ProcessLookupError):
        os.kill(served.pid, signal.SIGHUP)
    assert served.wait(30) == 0
    assert all_gone(processes, 10)
