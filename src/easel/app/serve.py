"""``easel serve``: everything that a studio on one machine needs, from one command to one Ctrl-C.

It starts PostgreSQL (unless ``DATABASE_URL`` names a server), brings the schema up to date, and keeps a web
server and a worker alive, each a process of its own. It imports neither of them: this process only watches.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from easel.app.embedded import EmbeddedPostgres
from easel.app.file_lock import FileLock
from easel.app.plan import Plan, read_plan
from easel.app.postgres_home import make_data_folder, make_folder
from easel.app.schema import bring_up_to_date
from easel.app.supervisor import Part, Signals, Supervisor
from easel.base.errors import EaselError

_EASEL = (sys.executable, "-m", "easel")
PARTS = (
    Part("web server", (*_EASEL, "web", "--supervised")),
    Part("worker", (*_EASEL, "worker", "--supervised")),
)
_READY_PATIENCE = 60.0
# On few cores the web server is ready sooner when the worker does not load at the same time.
_HEAD_START = 5.0
_ENDING = ", ending"

Migrate = Callable[[Mapping[str, str], Signals], bool]


class DataFolderInUse(EaselError):
    """Another Easel runs on this data folder."""

    status = 500
    code = "data_folder_in_use"


class BadAddress(EaselError):
    """Easel cannot listen where EASEL_HOST and EASEL_PORT say."""

    status = 500
    code = "bad_address"


def command(arguments: Sequence[str]) -> int:
    """Parses the flags of ``easel serve``, which win over the environment, and serves; the exit code."""
    parser = argparse.ArgumentParser(
        prog="easel serve",
        description="Start the studio: database, web server and worker. Ctrl-C ends all of it.",
        epilog="Every setting can also be given in the environment or in a file named .env.",
    )
    flags = {
        "host": ("EASEL_HOST", "address to listen on (127.0.0.1)"),
        "port": ("EASEL_PORT", "port to listen on (8000)"),
        "data": ("EASEL_DATA", "folder that holds everything Easel keeps"),
    }
    for name, (variable, text) in flags.items():
        parser.add_argument(f"--{name}", metavar=name.upper(), help=f"{text}; {variable}")
    given = parser.parse_args(arguments)
    for name, (variable, _) in flags.items():
        value: str | None = getattr(given, name)
        if value is not None:
            os.environ[variable] = value
    try:
        plan = read_plan()
        return plan if isinstance(plan, int) else serve(plan)
    except KeyboardInterrupt:
        return 0
    except EaselError as error:
        _write(sys.stderr, f"easel: {error.detail}")
        return 1
    except OSError as error:
        # The data folder's disk is full, say, or another user's: the system's own words name the file.
        _write(sys.stderr, f"easel: {error}")
        return 1


def serve(
    plan: Plan,
    *,
    parts: Sequence[Part] = PARTS,
    migrate: Migrate = bring_up_to_date,
    pause: float = 1.0,
) -> int:
    """Serves until a signal comes (0) or a part cannot be kept alive (1).

    Raises `BadAddress`, `DataFolderInUse`, and the errors of `bring_up_to_date` and `EmbeddedPostgres.start`.
    """
    signals = Signals()
    data = Path(plan.data)
    postgres = None if plan.database_url else EmbeddedPostgres(data)
    first = postgres.prepare() if postgres else False
    make_data_folder(data)
    if plan.keeps_files:
        make_folder(data / "files", 0o700)
    lock = FileLock(data / "serve.lock")
    crashed = _take(lock, plan, signals)
    say = _speaker(plan)
    try:
        _check_port(plan, signals, wait=12.0 if crashed else 0.0)
        environment = _environment(plan)
        if first:
            say("First start: making the database.")
        supervisor = Supervisor(parts, signals, say, environment, pause=pause)
        with _ending(supervisor, postgres, lock):
            supervisor.load()
            if postgres:
                environment["DATABASE_URL"] = postgres.start(signals.stopping)
                supervisor.check = _watch(postgres, signals, say)
            fresh = migrate(environment, signals)
            if signals.stopping():
                return 0
            supervisor.start(environment["DATABASE_URL"], head_start=_HEAD_START)
            return 0 if _announce(supervisor, plan, say, fresh=fresh) and supervisor.run() else 1
    except EaselError:
        # Told to end in the middle of the start: that the start did not succeed is no news.
        if signals.stopping():
            return 0
        raise
    finally:
        lock.sign("")
        lock.release()
        signals.close()


@contextmanager
def _ending(supervisor: Supervisor, postgres: EmbeddedPostgres | None, lock: FileLock) -> Iterator[None]:
    """Ends the parts, and then the database under them."""
    try:
        yield
    finally:
        lock.sign(f"{os.getpid()}{_ENDING}")
        supervisor.end()
        if postgres:
            postgres.stop()


def _take(lock: FileLock, plan: Plan, signals: Signals) -> bool:
    """Takes the data folder's lock; true if its last holder did not end in order."""
    begin = time.monotonic()
    while not lock.acquire(wait=False):
        holder = lock.note()
        # One that is ending is worth waiting for; one whose `make` was killed ends within a second.
        patience = 6.0 if holder.endswith(_ENDING) else 1.5
        if signals.stopping() or time.monotonic() - begin > patience:
            raise DataFolderInUse(
                f"Easel already runs on {plan.data} (process {holder}). Stop that one first, or set "
                "EASEL_DATA and EASEL_PORT for a second studio."
            )
        signals.wait(0.1)
    crashed = lock.note() != ""
    lock.sign(str(os.getpid()))
    return crashed


def _check_port(plan: Plan, signals: Signals, wait: float) -> None:
    """Binds the port for a moment. After a crash the last web server may need seconds to let go of it."""
    host, port = plan.host, plan.port
    deadline = time.monotonic() + wait
    while True:
        try:
            family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                return
        except socket.gaierror as error:
            raise BadAddress(f"EASEL_HOST: {host} cannot be found ({error.strerror})") from error
        except OSError as error:
            if error.errno == errno.EACCES:
                raise BadAddress(f"EASEL_PORT: {port} needs rights that you do not have; try 8000") from error
            if error.errno == errno.EADDRNOTAVAIL:
                raise BadAddress(f"EASEL_HOST: {host} is not an address of this machine") from error
            if error.errno != errno.EADDRINUSE:
                raise BadAddress(f"EASEL_PORT: cannot listen on {host}:{port}: {error.strerror}") from error
            if time.monotonic() >= deadline or signals.stopping():
                raise BadAddress(
                    f"EASEL_PORT: {port} is in use by another program; try another one: EASEL_PORT={port + 1}"
                ) from error
        signals.wait(0.2)


def _environment(plan: Plan) -> dict[str, str]:
    """The children's environment: what this process has settled is the same for all."""
    return {
        **os.environ,
        "DATABASE_URL": plan.database_url,
        "EASEL_DATA": plan.data,
        "EASEL_HOST": plan.host,
        "EASEL_PORT": str(plan.port),
    }


def _watch(postgres: EmbeddedPostgres, signals: Signals, say: Callable[[str], None]) -> Callable[[], None]:
    def look() -> None:
        postgres.trim_log()
        if not postgres.running():
            say("PostgreSQL ended; starting it again.")
            postgres.start(signals.stopping)

    return look


def _announce(supervisor: Supervisor, plan: Plan, say: Callable[[str], None], *, fresh: bool) -> bool:
    """Says where the studio is, once it answers; false if it cannot be kept alive until then."""
    begin = time.monotonic()
    waiting = False
    while not _ready(plan):
        if supervisor.signals.stopping():
            return True
        if not supervisor.tend():
            return False
        if not waiting and time.monotonic() - begin > _READY_PATIENCE:
            waiting = True
            say(f"The studio has not answered for {_READY_PATIENCE:.0f} s; still waiting.")
        supervisor.signals.wait(0.05)
    supervisor.start_rest()
    lines = [f"Easel is ready: {_address(plan)}", f"It keeps everything in {plan.data}. Ctrl-C ends it."]
    if fresh:
        lines.insert(1, "Create your account there: the first one becomes the administrator.")
    say("\n".join(lines))
    return True


def _address(plan: Plan) -> str:
    host = plan.host
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return plan.public_url or f"http://{shown}:{plan.port}"


def _ready(plan: Plan) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(plan.host, plan.host)  # noqa: S104
    try:
        with socket.create_connection((host, plan.port), timeout=2) as connection:
            connection.sendall(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return b" 200 " in connection.recv(64)
    except OSError:
        return False


def _speaker(plan: Plan) -> Callable[[str], None]:
    """How the supervisor talks: to people, or as a line of JSON each where logs are collected."""
    bold = ("\x1b[1m", "\x1b[0m") if sys.stdout.isatty() and "NO_COLOR" not in os.environ else ("", "")

    def say(words: str) -> None:
        if plan.plain_words:
            first, _, rest = words.partition("\n")
            _write(sys.stdout, f"{bold[0]}{first}{bold[1]}" + (f"\n{rest}" if rest else ""))
        else:
            now = datetime.now(UTC).isoformat()
            record = {"timestamp": now, "level": "info", "logger": "easel.serve", "event": words}
            _write(sys.stdout, json.dumps(record))

    return say


def _write(stream: TextIO, words: str) -> None:
    # A closed terminal is no reason to leave a database running.
    with suppress(OSError):
        stream.write(words + "\n")
        stream.flush()
