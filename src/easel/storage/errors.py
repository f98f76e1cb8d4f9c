"""What can go wrong with a store, and the translation of each store's own errors into that.

A translated message names the cause (disk full, refused connection, refused credentials) and never quotes the
store's own text: that may hold addresses with signatures, account names or paths of the machine.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from obstore import exceptions

from easel.base.errors import EaselError, Unavailable


class StorageUnavailable(Unavailable):
    """The file store does not answer or refuses to work. Nothing was changed; try again soon."""

    status = 503
    code = "storage_unavailable"


class StorageFull(EaselError):
    """The file store has no room left."""

    status = 507
    code = "storage_full"


class FileMissing(EaselError):
    """There is no such file in the store."""

    status = 404
    code = "file_missing"


class BadKey(EaselError):
    """A file's key must be folders and a name of letters, digits, dot, dash and underscore."""

    status = 500
    code = "bad_storage_key"


_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_ABSENT: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR})
_ERRNO_WORDS: Final = {
    errno.EROFS: "the disk is mounted read-only",
    errno.EACCES: "Easel may not read or write the storage folder (permission denied)",
    errno.EPERM: "Easel may not read or write the storage folder (operation not permitted)",
    errno.ENOENT: "the storage folder is gone",
    errno.EMFILE: "too many files are open in this process",
    errno.ENFILE: "too many files are open on this machine",
    errno.EIO: "the disk reports an input/output error",
    errno.ESTALE: "the network file system lost the storage folder",
    errno.ECONNREFUSED: "the connection was refused",
    errno.ECONNRESET: "the connection was reset",
    errno.EHOSTUNREACH: "its host cannot be reached",
    errno.ENETUNREACH: "its network cannot be reached",
}
_NO_BUCKET: Final = re.compile(r"NoSuchBucket|ContainerNotFound|specified bucket does not exist")
_PHRASES: Final = (
    (re.compile(r"connection refused", re.IGNORECASE), "the connection was refused"),
    (
        re.compile(r"dns error|failed to lookup|name or service not known", re.IGNORECASE),
        "its host name is unknown",
    ),
    (re.compile(r"certificate|tls|handshake", re.IGNORECASE), "the TLS handshake failed"),
    (
        re.compile(r"NoSuchBucket|container ?not ?found|bucket.{0,40}not exist", re.IGNORECASE),
        "the bucket does not exist",
    ),
    (
        re.compile(r"credential|InvalidAccessKeyId|SignatureDoesNotMatch|169\.254\.169\.254", re.IGNORECASE),
        "its credentials are missing or refused",
    ),
    (re.compile(r"timed ?out|timeout|deadline", re.IGNORECASE), "it did not answer in time"),
    (re.compile(r"\b(?:503|SlowDown|429|TooManyRequests)\b"), "it is overloaded"),
    (re.compile(r"\b5\d\d\b"), "it answers with a server error"),
    (re.compile(r"BadScheme|RelativeUrlWithoutBase"), "its endpoint is not a valid address"),
    (
        re.compile(r"connect|error sending request|request or response body", re.IGNORECASE),
        "the connection failed",
    ),
)
_FULL_PHRASE: Final = re.compile(r"InsufficientStorage|QuotaExceeded|XMinioStorageFull|\b507\b")
_REFUSED: Final = (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError, PermissionError)
_OS_ERROR: Final = re.compile(r"\(os error (\d+)\)")


def translate(error: Exception, *, key: str | None = None, reading: bool = False) -> EaselError | None:
    """What `error`, from obstore or the operating system, means; None when it is from neither.

    `key` is named when a file is missing; `reading` says that an absent path is a missing file rather than a
    missing storage folder.
    """
    if isinstance(error, OSError) and error.errno is not None:
        return _of_errno(error.errno, key, reading=reading)
    if isinstance(error, FileNotFoundError):
        if key is not None and not _NO_BUCKET.search(str(error)):
            return _missing(key)
        return _unavailable("the bucket or folder does not exist")
    if isinstance(
        error, exceptions.PermissionDeniedError | exceptions.UnauthenticatedError | PermissionError
    ):
        found = _OS_ERROR.search(str(error))
        if found:
            return _of_errno(int(found[1]), key, reading=reading)
        return _unavailable("its credentials are missing or refused")
    if not isinstance(error, exceptions.BaseError | OSError):
        return None
    text = str(error).replace("retry_timeout", "")  # a field of every report, whatever the cause
    found = _OS_ERROR.search(text)
    if found:
        return _of_errno(int(found[1]), key, reading=reading)
    if _FULL_PHRASE.search(text):
        return StorageFull()
    for pattern, words in _PHRASES:
        if pattern.search(text):
            return _unavailable(words)
    return _unavailable("it failed in a way Easel does not know")


def _of_errno(number: int, key: str | None, *, reading: bool) -> EaselError:
    if number in _FULL:
        return StorageFull(f"The file store has no room left: {os.strerror(number).lower()}.")
    if reading and key is not None and number in _ABSENT:
        return _missing(key)
    return _unavailable(_ERRNO_WORDS.get(number) or os.strerror(number).lower())


def _missing(key: str) -> FileMissing:
    return FileMissing(f"There is no file {key} in the store.")


def _unavailable(words: str) -> StorageUnavailable:
    return StorageUnavailable(f"The file store is not available: {words}.")


@contextmanager
def translated(key: str | None = None, *, reading: bool = False) -> Iterator[None]:
    """Raise this module's errors for what obstore and the operating system raise inside."""
    try:
        yield
    except Exception as error:
        meant = translate(error, key=key, reading=reading)
        if meant is None:
            raise
        raise meant from error
