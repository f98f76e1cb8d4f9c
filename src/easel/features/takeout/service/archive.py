"""Reading a take-out that nobody vouches for: a ZIP is a stranger's claims until each one has been looked at.

Everything here blocks: callers run it in a thread.
"""

from __future__ import annotations

import hashlib
import json
import stat
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pydantic import BaseModel, ValidationError

from ..errors import BadTakeOut
from ..schemas import AVATAR, FORMAT, MANIFEST, VERSION, Listing, Manifest, ManifestFile

MOST_FILES: Final = 500_000
MOST_MANIFEST: Final = 128_000_000
MOST_DIRECTORY: Final = 128_000_000
LONGEST_RECORD: Final = 2_000_000
LARGEST_ORIGINAL: Final = 500_000_000
PICTURES: Final = ("originals/", "masks/", AVATAR)
"""Where pictures lie."""
_RATIO: Final = 200
"""JSON of like records gets 20 to 60 times smaller; a file that says of itself that it got more is a bomb."""
_FREE: Final = 1_000_000  # bytes; what unpacks to no more does no harm whatever its ratio
_PIECE: Final = 1 << 20
_LOCAL_HEADER: Final = 30

R = TypeVar("R", bound=BaseModel)


class Archive:
    """A take-out whose ZIP and manifest have been checked; its files' bytes only once `verify` has run."""

    def __init__(self, zip: ZipFile, manifest: Manifest, members: dict[str, ZipInfo]) -> None:
        self.manifest = manifest
        self.files: dict[str, ManifestFile] = {file.path: file for file in manifest.files}
        self._zip = zip
        self._members = members

    @property
    def size(self) -> int:
        """The bytes of all files, unpacked."""
        return sum(file.size for file in self.files.values())

    def verify(self, look: Callable[[str, bytes], None], moved: Callable[[int], None]) -> None:
        """Read every file and compare it with its hash.

        Pictures, one at a time in memory, are shown to `look`, which may raise. `moved` hears how many bytes
        were read. Raises `BadTakeOut`.
        """
        for path, file in self.files.items():
            kept: list[bytes] | None = [] if path.startswith(PICTURES) else None
            digest = hashlib.sha256()
            for piece in self._pieces(path):
                digest.update(piece)
                moved(len(piece))
                if kept is not None:
                    kept.append(piece)
            if digest.hexdigest() != file.sha256:
                raise BadTakeOut(
                    "hash_mismatch", f"{path} is not what the manifest says: it was changed or damaged."
                )
            if kept is not None:
                look(path, b"".join(kept))

    def read(self, path: str) -> bytes:
        """A whole file. Raises `BadTakeOut`."""
        return b"".join(self._pieces(path))

    def records(self, listing: Listing[R]) -> Iterator[R]:
        """The records of a list, one after another; none where the take-out is older than such lists.

        Raises `BadTakeOut`, naming file and line.
        """
        path, kind = listing.path, listing.kind
        if path not in self.files:
            if self.manifest.version < listing.since:
                return
            raise BadTakeOut("missing_file", f"There is no {path} in the take-out.")
        with _readable(path), self._zip.open(self._members[path]) as lines:
            for number, line in _lines(path, lines):
                if line in (b"[", b"]", b""):
                    continue
                try:
                    yield kind.model_validate_json(line.removesuffix(b","))
                except ValidationError as error:
                    first = error.errors(include_url=False, include_input=False)[0]
                    where = ".".join(str(part) for part in first["loc"]) or "the record"
                    raise BadTakeOut(
                        "bad_record", f"{path}, line {number}: {where}: {first['msg']}."
                    ) from None

    def _pieces(self, path: str) -> Iterator[bytes]:
        with _readable(path), self._zip.open(self._members[path]) as member:
            while piece := member.read(_PIECE):
                yield piece


@contextmanager
def opened(path: Path, *, most: int) -> Iterator[Archive]:
    """The take-out in the file at `path`, which may unpack to `most` bytes. Raises `BadTakeOut`."""
    with path.open("rb") as file:
        _check_directory(file)
        try:
            zip = ZipFile(file)
        except (BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error) as error:
            raise BadTakeOut("damaged", "The ZIP is damaged or was cut off.") from error
        with zip:
            members = _checked_members(zip, path.stat().st_size, most)
            manifest = _manifest(zip, members)
            _compare(manifest, members)
            yield Archive(zip, manifest, members)


def _check_directory(file: IO[bytes]) -> None:
    """Look at the ZIP's end, before anything is read that it gives the size of."""
    size = file.seek(0, 2)
    begin = max(0, size - 65_557)
    file.seek(begin)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if size < 22 or at < 0 or len(tail) - at < 22:
        file.seek(0)
        if file.read(4) == b"PK\x03\x04":
            raise BadTakeOut("truncated", "The ZIP was cut off: its end is missing. Download it again.")
        raise BadTakeOut("not_a_zip", "The file is no ZIP.")
    entries, length = struct.unpack_from("<HL", tail, at + 10)
    if entries == 0xFFFF or length == 0xFFFFFFFF:
        locator = tail[max(0, at - 20) : at]
        if len(locator) == 20 and locator.startswith(b"PK\x06\x07"):
            (offset,) = struct.unpack_from("<Q", locator, 8)
            if offset > size - 56:
                raise BadTakeOut("damaged", "The ZIP is damaged or was cut off.")
            file.seek(offset)
            record = file.read(56)
            if record.startswith(b"PK\x06\x06"):
                entries, length = struct.unpack_from("<QQ", record, 32)
    if entries > MOST_FILES or length > MOST_DIRECTORY:
        raise BadTakeOut("too_many_files", f"The ZIP holds more than {MOST_FILES:,} files.")


def _checked_members(zip: ZipFile, size: int, most: int) -> dict[str, ZipInfo]:
    members: dict[str, ZipInfo] = {}
    folded: set[str] = set()
    total = 0
    for info in zip.infolist():
        name = info.orig_filename
        _check_name(name)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if info.is_dir() and info.file_size == 0 and kind in (0, stat.S_IFDIR):
            continue
        if kind not in (0, stat.S_IFREG):
            raise BadTakeOut("not_a_file", f"{name!r} is a link or a device; a take-out holds files only.")
        if info.flag_bits & 0x1:
            raise BadTakeOut("encrypted", f"{name!r} is encrypted.")
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise BadTakeOut("compression", f"{name!r} is packed in a way that Easel does not read.")
        alike = unicodedata.normalize("NFC", name).casefold()
        if alike in folded:
            raise BadTakeOut("duplicate_name", f"{name!r} is in the ZIP twice.")
        folded.add(alike)
        if info.file_size > max(_FREE, info.compress_size * _RATIO):
            raise BadTakeOut("bomb", f"{name!r} unpacks to more than {_RATIO} times its size.")
        if name.startswith(PICTURES) and info.file_size > LARGEST_ORIGINAL:
            raise BadTakeOut("too_large", f"{name!r} has more than {LARGEST_ORIGINAL:,} bytes.")
        total += info.file_size
        members[name] = info
    if total > most:
        raise BadTakeOut("too_large", f"The take-out unpacks to {total:,} bytes; this studio takes {most:,}.")
    _check_overlaps(members, size)
    return members


def _check_name(name: str) -> None:
    parts = PurePosixPath(name).parts
    unsafe = (
        not name
        or len(name) > 500
        or name.startswith("/")
        or "\\" in name
        or "//" in name
        or (len(name) > 1 and name[1] == ":")
        or any(part in ("..", ".") for part in name.split("/"))
        or any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in name)
        or not parts
    )
    if unsafe:
        raise BadTakeOut("unsafe_name", f"{name[:200]!r} is a name that could lead out of its folder.")


def _check_overlaps(members: dict[str, ZipInfo], size: int) -> None:
    """Files that share bytes make a small ZIP unpack to a huge one."""
    end = 0
    for info in sorted(members.values(), key=lambda one: one.header_offset):
        if info.header_offset < 0:
            raise BadTakeOut("damaged", "The ZIP is damaged: a part of it is missing.")
        if info.header_offset < end:
            raise BadTakeOut("bomb", f"{info.orig_filename!r} shares its bytes with another file.")
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
    if end > size:
        raise BadTakeOut("truncated", "The ZIP was cut off: it is shorter than its directory says.")


def _manifest(zip: ZipFile, members: dict[str, ZipInfo]) -> Manifest:
    info = members.get(MANIFEST)
    if info is None:
        raise BadTakeOut("no_manifest", f"There is no {MANIFEST}: this is no take-out of Easel.")
    if info.file_size > MOST_MANIFEST:
        raise BadTakeOut("too_large", f"{MANIFEST} has more than {MOST_MANIFEST:,} bytes.")
    with _readable(MANIFEST):
        raw = zip.read(info)
    try:
        said: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadTakeOut("bad_manifest", f"{MANIFEST} is not JSON.") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise BadTakeOut("bad_manifest", f"{MANIFEST} is not that of a take-out of Easel.")
    if said.get("version") not in range(1, VERSION + 1):
        raise BadTakeOut(
            "unknown_version",
            f"The take-out is of version {str(said.get('version'))[:20]}; this Easel reads versions up to {VERSION}.",
        )
    try:
        return Manifest.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadTakeOut("bad_manifest", f"{MANIFEST}: {where}: {first['msg']}.") from None


def _compare(manifest: Manifest, members: dict[str, ZipInfo]) -> None:
    listed = {file.path: file for file in manifest.files}
    if len(listed) < len(manifest.files):
        raise BadTakeOut("duplicate_name", f"{MANIFEST} lists a file twice.")
    there = set(members) - {MANIFEST}
    if missing := sorted(set(listed) - there):
        raise BadTakeOut("missing_file", f"Files are missing: {len(missing)}, such as {missing[0]!r}.")
    if extra := sorted(there - set(listed)):
        raise BadTakeOut("unlisted_file", f"{extra[0]!r} is not in the manifest.")
    for path, file in listed.items():
        if members[path].file_size != file.size:
            raise BadTakeOut("hash_mismatch", f"{path} has not the size that the manifest says.")


@contextmanager
def _readable(path: str) -> Iterator[None]:
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error) as error:
        raise BadTakeOut("damaged", f"{path} cannot be read: the ZIP is damaged or was cut off.") from error


def _lines(path: str, file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := file.readline(LONGEST_RECORD):
        number += 1
        if len(line) >= LONGEST_RECORD:
            raise BadTakeOut("bad_record", f"{path}, line {number}: is longer than {LONGEST_RECORD:,} bytes.")
        yield number, line.strip()
