"""Decoding strangers' pictures in processes of their own, within limits of memory and time.

A decoder that crashes, hangs or eats memory takes nobody with it: it is ended, its picture is refused, and the next
one gets a new decoder. What the processes do is `decoder`'s.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from io import BytesIO
from typing import Any, BinaryIO, Final

import structlog

from easel.base.errors import EaselError, Unavailable

from .decoder import LENGTHS, OUT_OF_MEMORY, REFUSALS, frame
from .inspect import Inspected
from .probe import ImageFacts
from .redraw import Recipe, Redrawn
from .renditions import Renditions

log = structlog.get_logger(__name__)

_START_SECONDS: Final = 60.0
_IDLE_SECONDS: Final = 60.0
_MOST_PICTURES: Final = 200
"""Pictures after which a decoder is replaced: what leaks in a library leaks no further."""
_LONGEST_ANSWER: Final = 1 << 30


class ImageTooDemanding(EaselError):
    """Decoding the image takes more memory or time than this studio gives to one."""

    status = 422
    code = "image_too_demanding"


class DecoderUnavailable(Unavailable):
    """The process that decodes uploads could not be started. Nothing was kept; try again soon."""

    status = 503
    code = "decoder_unavailable"


class Isolated:
    """Decoders, at most `processes` at once, started when needed and ended when idle. For one event loop.

    `memory` is in bytes and counts what a decoder takes for one picture, `seconds` the time that it gets.
    """

    def __init__(self, *, processes: int = 2, memory: int = 2 << 30, seconds: float = 30) -> None:
        self._memory = memory
        self._seconds = seconds
        self._slots = asyncio.Semaphore(processes)
        self._idle: list[_Decoder] = []
        self._all: set[_Decoder] = set()

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are there."""
        return tuple(sorted(decoder.pid for decoder in self._all))

    async def redraw(self, source: BinaryIO, recipe: Recipe) -> Redrawn:
        """As `redraw.redraw`, of the file `source` from its beginning.

        Raises `NotAnImage`, `ImageTooLarge`, `ImageTooDemanding`, `DecoderUnavailable`.
        """
        header, drawn = await self._asked({"do": "redraw", **asdict(recipe)}, source)
        return Redrawn(drawn, header["width"], header["height"], header["source"])

    async def probe(self, data: bytes) -> ImageFacts:
        """As `probe.probe`; raises as `redraw` does."""
        header, _ = await self._asked({"do": "probe"}, BytesIO(data))
        return ImageFacts(**header)

    async def inspect(self, source: BinaryIO) -> Inspected:
        """As `inspect.inspect`, of the file `source` from its beginning; raises as `redraw` does."""
        header, _ = await self._asked({"do": "inspect"}, source)
        return Inspected.from_json(header)

    async def render(self, data: bytes) -> Renditions:
        """As `renditions.render`; raises as `redraw` does."""
        header, files = await self._asked({"do": "render"}, BytesIO(data))
        return Renditions.from_json(header, files)

    async def _asked(self, wish: dict[str, Any], source: BinaryIO) -> tuple[dict[str, Any], bytes]:
        async with self._slots:
            # Not before there is a decoder for it: what waits lies on disk, not in memory.
            data = await asyncio.to_thread(_whole, source)
            decoder = await self._ready()
            good = False
            try:
                header, answer = await decoder.ask(wish, data, self._seconds)
                good = decoder.answered < _MOST_PICTURES
            except (TimeoutError, ConnectionError, asyncio.IncompleteReadError) as error:
                log.warning("decoder.ended", reason=type(error).__name__, bytes=len(data))
                raise ImageTooDemanding from error
            finally:
                if good:
                    self._idle.append(decoder)
                    decoder.sleep(lambda: self._retire(decoder))
                else:
                    self._all.discard(decoder)
                    await decoder.end()
        refused = header.get("refused")
        if refused == OUT_OF_MEMORY:
            raise ImageTooDemanding
        if refused is not None:
            raise REFUSALS[refused](header["detail"])
        return header, answer

    async def close(self) -> None:
        """End all decoders. The object is not used afterwards."""
        decoders, self._all = self._all, set()
        self._idle.clear()
        for decoder in decoders:
            await decoder.end()

    async def _ready(self) -> _Decoder:
        """An idle decoder that still lives, else a new one."""
        while self._idle:
            decoder = self._idle.pop()
            if decoder.lives:
                decoder.wake()
                return decoder
            self._all.discard(decoder)
            await decoder.end()
        return await self._start()

    async def _start(self) -> _Decoder:
        decoder = await _Decoder.start(self._memory, self._seconds)
        self._all.add(decoder)
        return decoder

    def _retire(self, decoder: _Decoder) -> None:
        if decoder in self._idle:
            self._idle.remove(decoder)
            self._all.discard(decoder)
            decoder.leave()


class _Decoder:
    """One process and the two pipes to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._requests, self._answers = process.stdin, process.stdout
        self._timer: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None
        self.answered = 0

    @classmethod
    async def start(cls, memory: int, seconds: float) -> _Decoder:
        # Nothing of this process's environment: it holds secrets. Ctrl-C is the parent's to answer.
        decoder = cls(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "easel.media.decoder", str(memory), str(round(seconds) + 1)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "LC_ALL": "C.UTF-8"},
                start_new_session=True,
            )
        )
        ready = False
        try:
            async with asyncio.timeout(_START_SECONDS):
                await decoder._read()
            ready = True
        except (TimeoutError, asyncio.IncompleteReadError) as error:
            raise DecoderUnavailable from error
        finally:
            if not ready:
                await decoder.end()
        return decoder

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def lives(self) -> bool:
        return self._process.returncode is None

    async def ask(self, wish: dict[str, Any], data: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """The answer to one request. Raises `TimeoutError`, and what a pipe raises whose other end is gone."""
        async with asyncio.timeout(seconds):
            self._requests.write(frame(wish, data))
            await self._requests.drain()
            answer = await self._read()
        self.answered += 1
        return answer

    async def _read(self) -> tuple[dict[str, Any], bytes]:
        words, size = LENGTHS.unpack(await self._answers.readexactly(LENGTHS.size))
        if max(words, size) > _LONGEST_ANSWER:
            raise ConnectionError("the decoder answers what it cannot mean")
        header = json.loads(await self._answers.readexactly(words))
        return header, await self._answers.readexactly(size)

    def sleep(self, retire: Callable[[], None]) -> None:
        """Call `retire` after a while without work."""
        self._timer = asyncio.get_running_loop().call_later(_IDLE_SECONDS, retire)

    def wake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def leave(self) -> None:
        """End the process without waiting for it."""
        self._ending = asyncio.get_running_loop().create_task(self.end())

    async def end(self) -> None:
        """End the process, whatever it does, and wait until it is gone."""
        self.wake()
        with suppress(ProcessLookupError):
            self._process.kill()
        self._requests.close()
        with suppress(ConnectionError):
            await self._requests.wait_closed()
        await self._process.wait()


def _whole(source: BinaryIO) -> bytes:
    source.seek(0)
    return source.read()
