"""The parts of a ZIP that lie around its files' bytes, as PKWARE's APPNOTE 6.3.10 has them.

Files are stored as they are, with sizes and checksum in front, so that every reader can take them also from a
stream. Sizes and places beyond 4 GiB, and more than 65,535 files, are said in the fields of ZIP64.
"""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Final

_LOCAL: Final = struct.Struct("<4s5H3L2H")  # 4.3.7
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")  # 4.3.12
_END: Final = struct.Struct("<4s4H2LH")  # 4.3.16
_END_64: Final = struct.Struct("<4sQ2H2L4Q")  # 4.3.14
_LOCATOR_64: Final = struct.Struct("<4sLQL")  # 4.3.15
_UTF8: Final = 0x800
# Which version of the format a reader must know.
_PLAIN: Final = 20
_ZIP64: Final = 45
_UNIX: Final = 3 << 8
_RIGHTS: Final = 0o100644 << 16
LOCAL_SIZE: Final = _LOCAL.size
CENTRAL_SIZE: Final = _CENTRAL.size
LOCAL_EXTRA: Final = 20
MOST_32: Final = 0xFFFFFFFF
"""What stands in a field of 32 bits whose value is in the ZIP64 fields; anything less stands there itself."""
_MOST_16: Final = 0xFFFF


def local_header(path: str, size: int, crc32: int, moment: datetime) -> bytes:
    """What lies before a file's bytes."""
    name = path.encode()
    extra, short = b"", size
    if size >= MOST_32:
        extra, short = struct.pack("<2H2Q", 1, 16, size, size), MOST_32
    needed = _ZIP64 if extra else _PLAIN
    fixed = _LOCAL.pack(
        b"PK\3\4", needed, _UTF8, 0, *_dos(moment), crc32, short, short, len(name), len(extra)
    )
    return fixed + name + extra


def local_size(path: str, size: int) -> int:
    """How many bytes `local_header` gives."""
    return LOCAL_SIZE + len(path.encode()) + (LOCAL_EXTRA if size >= MOST_32 else 0)


def central_header(path: str, size: int, crc32: int, starts_at: int, moment: datetime) -> bytes:
    """A file's entry in the directory."""
    name = path.encode()
    long = [value for value in (size, size, starts_at) if value >= MOST_32]
    extra = struct.pack(f"<2H{len(long)}Q", 1, 8 * len(long), *long) if long else b""
    needed = _ZIP64 if long else _PLAIN
    size, starts_at = min(size, MOST_32), min(starts_at, MOST_32)
    fixed = _CENTRAL.pack(
        b"PK\1\2", _UNIX | needed, needed, _UTF8, 0, *_dos(moment), crc32, size, size,
        len(name), len(extra), 0, 0, 0, _RIGHTS, starts_at,
    )  # fmt: skip
    return fixed + name + extra


def end(files: int, directory_at: int, directory_size: int) -> bytes:
    """What lies behind the directory."""
    parts = b""
    if files >= _MOST_16 or directory_at >= MOST_32 or directory_size >= MOST_32:
        at = directory_at + directory_size
        parts = _END_64.pack(
            b"PK\6\6", _END_64.size - 12, _UNIX | _ZIP64, _ZIP64, 0, 0, files, files,
            directory_size, directory_at,
        ) + _LOCATOR_64.pack(b"PK\6\7", 0, at, 1)  # fmt: skip
    count = min(files, _MOST_16)
    return parts + _END.pack(
        b"PK\5\6", 0, 0, count, count, min(directory_size, MOST_32), min(directory_at, MOST_32), 0
    )


def _dos(moment: datetime) -> tuple[int, int]:
    time = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    return time, (moment.year - 1980) << 9 | moment.month << 5 | moment.day
