"""Pixels: what a file of bytes shows, its smaller copies, its hashes, other formats of it.

Holds: recognising and decoding pictures that nobody has vouched for, renditions, conversion. Holds not: files
and where they lie, database rows, HTTP. Nobody else imports pyvips. Functions are synchronous and use one
core: callers run them in a thread or a process, as many at once as they want cores used.

Importing this package sets libvips up for a long-lived process that decodes strangers' files:

- one thread per operation (`limit_threads`), whatever ``VIPS_CONCURRENCY`` says; - no cache of operations:
pictures are read once, a cache would only hold their memory; - of all loaders only those of PNG, JPEG, WebP,
HEIF (for AVIF) and GIF can run. SVG, PDF, TIFF and the rest stay
  shut even for a call that names them;
- libvips' remarks about damaged files are not printed, and bytes of such a file in them do no harm.
"""

import logging
from typing import Any, Final

import pyvips

_LOADERS: Final = (
    "VipsForeignLoadPng",
    "VipsForeignLoadJpeg",
    "VipsForeignLoadWebp",
    "VipsForeignLoadHeif",
    "VipsForeignLoadNsgif",
)


def limit_threads(threads: int = 1) -> None:
    """Let one libvips operation use at most `threads` threads, in the whole process."""
    pyvips.concurrency_set(threads)


def _message(pointer: Any) -> str:
    """The text at a C `pointer`, whatever its bytes."""
    if pointer == pyvips.ffi.NULL:
        return ""
    text = pyvips.ffi.string(pointer)
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def _set_up() -> None:
    # libvips quotes a damaged file's bytes in its messages. pyvips decodes them strictly and before it
    # clears them: after one such file every later error of the process would be a UnicodeDecodeError.
    pyvips.error._to_string = pyvips._to_string = _message
    logger = logging.getLogger("pyvips")
    logger.addHandler(logging.NullHandler())
    logger.setLevel(logging.CRITICAL)
    limit_threads()
    pyvips.cache_set_max(0)
    pyvips.cache_set_max_mem(0)
    pyvips.cache_set_max_files(0)
    pyvips.operation_block_set("VipsForeignLoad", True)
    for loader in _LOADERS:
        pyvips.operation_block_set(loader, False)


_set_up()
