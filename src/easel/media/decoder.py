"""The program of the process that decodes strangers' pictures: `python -m easel.media.decoder`.

It holds no secret, no connection and no file but its two pipes. It limits itself before it reads anything: memory
(where the system counts address space: Linux, not macOS), files (none may grow), core dumps (none), processor time
(anew for each picture, for the case that nobody is left to end it). `isolated` starts it and ends it.

Frames both ways: two lengths of four bytes, big-endian, then a JSON object, then bytes.
"""

from __future__ import annotations

import json
import math
import os
import re
import resource
import struct
import sys
from contextlib import suppress
from dataclasses import asdict
from typing import Any, BinaryIO, Final

import pyvips

from easel.base.errors import EaselError

from .errors import ImageTooLarge, NotAnImage
from .inspect import inspect
from .probe import probe
from .redraw import Recipe, redraw
from .renditions import render

LENGTHS: Final = struct.Struct(">II")
REFUSALS: Final[dict[str, type[EaselError]]] = {kind.code: kind for kind in (NotAnImage, ImageTooLarge)}
OUT_OF_MEMORY: Final = "out_of_memory"
_NO_MEMORY: Final = re.compile(
    r"out of memory|insufficient memory|memory alloc|alloc\w* memory", re.IGNORECASE
)


def frame(header: dict[str, Any], data: bytes = b"") -> bytes:
    """`header` and `data` as they travel."""
    words = json.dumps(header).encode()
    return LENGTHS.pack(len(words), len(data)) + words + data


def main(memory: int, seconds: int) -> None:
    """Answers requests until the pipe ends; `memory` in bytes beyond what the program itself takes."""
    requests, answers = sys.stdin.buffer, _only_ours()
    _limit(memory)
    answers.write(frame({"ready": True}))
    answers.flush()
    while lengths := requests.read(LENGTHS.size):
        words, size = LENGTHS.unpack(lengths)
        wish = json.loads(requests.read(words))
        data = requests.read(size)
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = math.ceil(used.ru_utime + used.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
        answers.write(_answer(data, wish))
        answers.flush()


def _answer(data: bytes, wish: dict[str, Any]) -> bytes:
    try:
        match wish["do"]:
            case "probe":
                return frame(asdict(probe(data)))
            case "inspect":
                return frame(inspect(data).as_json())
            case "render":
                made = render(data)
                return frame(made.as_json(), b"".join(file.data for file in made.files))
            case _:
                return _redrawn(data, wish)
    except (NotAnImage, ImageTooLarge) as error:
        # To libvips a picture that does not fit into memory is as broken as any other.
        if _NO_MEMORY.search(str(error.__cause__)):
            return frame({"refused": OUT_OF_MEMORY})
        return frame({"refused": error.code, "detail": error.detail})
    except (MemoryError, pyvips.Error):
        return frame({"refused": OUT_OF_MEMORY})


def _redrawn(data: bytes, wish: dict[str, Any]) -> bytes:
    within = wish["within"]
    drawn = redraw(data, Recipe(wish["format"], within and (within[0], within[1]), wish["square"]))
    return frame({"width": drawn.width, "height": drawn.height, "source": drawn.source}, drawn.data)


def _only_ours() -> BinaryIO:
    """The pipe of answers, which nothing that a library prints can reach."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with suppress(OSError, ValueError):
        with open("/proc/self/statm") as facts:
            own = int(facts.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (own + memory, own + memory))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
