"""What the adapters to services cost: fal's, against a server of its protocol on this machine.

The overhead of one generation over fal's own client, a hundred generations at once on one event loop, and the memory
that a large result takes on its way into the store. The server is a process of its own, so that its work is not
counted.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import cast

import psutil
import pyvips

from bench.report import Report
from easel.core.work import Studio
from easel.features.library import service as library
from easel.providers.base import Operation, Request
from easel.providers.download import Downloads
from easel.providers.fal import Fal
from easel.providers.fal.client import close_client, open_client
from easel.storage.base import open_storage
from tests.servers.fal import serving_fal
from tests.servers.serving import KEY, serving

SECRETS: Mapping[str, str] = {"api_key": KEY}
MANY = 100
STEP_SECONDS = 0.25
_TRANSFERS = 5
LARGE = 20_000_000
"""Bytes that a large result has at least."""
MODEL = next(model for model in Fal.models if model.id == "fal/flux-schnell")


class Silent:
    """A call that nobody listens to."""

    secrets = SECRETS
    webhook_url: str | None = None

    async def accepted(self, request_id: str) -> None:
        """Nothing to keep."""

    async def progress(self, step: int, steps: int) -> None:
        """Nobody waits."""

    async def preview(self, data: bytes) -> None:
        """Nobody looks."""

    async def news(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def request(seed: int) -> Request:
    return Request(
        MODEL, Operation.TEXT_TO_IMAGE, "a red fox", "", 256, 256, seed, 1, "jpeg", MODEL.options()
    )


def _serve_fal(told: Connection, pace: float) -> None:
    with serving_fal() as service:
        service.pace = pace
        told.send(service.url)
        told.recv()


def _serve_large(told: Connection, pace: float) -> None:
    from starlette.applications import Starlette
    from starlette.requests import Request as Asked
    from starlette.responses import Response
    from starlette.routing import Route

    noise = pyvips.Image.gaussnoise(2600, 2600, sigma=60, seed=1).cast("uchar")
    drawn = noise.bandjoin([noise, noise]).copy(interpretation="srgb")
    picture: bytes = drawn.pngsave_buffer(compression=0)
    assert len(picture) > LARGE

    async def large(_: Asked) -> Response:
        return Response(picture, media_type="image/png")

    with serving(Starlette(routes=[Route("/", large)])) as url:
        told.send(url)
        told.recv()


@contextmanager
def another_process(kind: str, pace: float = 0.0) -> Iterator[str]:
    """A server in a process of its own; its address."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    target = {"fal": _serve_fal, "large": _serve_large}[kind]
    process = multiprocessing.get_context("spawn").Process(target=target, args=(there, pace))
    process.start()
    try:
        yield here.recv()
    finally:
        here.send("end")
        process.join()


async def one_by_one(url: str, runs: int) -> tuple[float, float]:
    """The median times of a generation by fal's own client alone, and by the adapter; by turns, as both have the
    same neighbours on the machine then."""
    client, fal = open_client(KEY, url), Fal(url=url)
    alone, ours = [], []
    for seed in range(runs + 1):
        started = time.perf_counter()
        sent = {"prompt": "a red fox", "image_size": {"width": 256, "height": 256}, "seed": seed}
        handle = await client.submit("fal-ai/flux/schnell", sent)
        body = await handle.get(interval=0.01)
        assert (await handle.client.get(body["images"][0]["url"])).content
        alone.append(time.perf_counter() - started)
        started = time.perf_counter()
        assert (await fal.generate(request(seed), Silent())).images
        ours.append(time.perf_counter() - started)
    await close_client(client)
    await fal.close()
    return statistics.median(alone[1:]), statistics.median(ours[1:])


async def many(url: str) -> tuple[float, float, float]:
    """A hundred at once: until all are done, the time of the processor, and the longest that the loop was not free.

    That last one too in time of the processor: what else the machine does at the time does not count.
    """
    fal = Fal(url=url)
    await fal.generate(request(0), Silent())
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.001)
            longest = max(longest, time.thread_time() - before)

    beating = asyncio.create_task(beat())
    started, worked = time.perf_counter(), time.process_time()
    results = await asyncio.gather(*(fal.generate(request(seed), Silent()) for seed in range(MANY)))
    taken = time.perf_counter() - started, time.process_time() - worked
    beating.cancel()
    assert all(result.images for result in results)
    await fal.close()
    return *taken, longest


async def memory(url: str, folder: Path) -> float:
    """The most memory above that before, in bytes, while a large result is fetched and put into the store."""
    downloads, process = Downloads(url), psutil.Process()
    studio = cast("Studio", SimpleNamespace(storage=open_storage(folder.as_uri())))

    async def transferred(number: int) -> None:
        produced = await downloads.fetch(url, seconds=60)
        kept = await library.keep(studio, produced.content)
        produced.close()
        assert kept.file_size > LARGE, number
        await studio.storage.delete(kept.key)

    await transferred(0)  # what is loaded at first stays
    before, most = process.memory_info().rss, 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, process.memory_info().rss)
            await asyncio.sleep(0.001)

    watching = asyncio.create_task(watch())
    for number in range(_TRANSFERS):
        await transferred(number)
        most = max(most, process.memory_info().rss)
    watching.cancel()
    await downloads.close()
    return float(most - before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--runs", type=int, default=30, help="generations one after the other; the median counts"
    )
    runs = parser.parse_args().runs
    report = Report(
        "providers",
        f"The adapter to fal against a server of its protocol, each in a process of its own: the median of {runs} "
        f"generations that the server makes at once, {MANY} at the same time of which each takes the server four "
        f"steps of {STEP_SECONDS:g} s, and a result of {LARGE // 1_000_000} MB.",
    )
    with another_process("fal") as url:
        alone, ours = asyncio.run(one_by_one(url, runs))
    report.add("a generation by fal's own client", alone * 1000, "ms")
    report.add("a generation by the adapter", ours * 1000, "ms")
    report.add("what the adapter adds", (ours - alone) * 1000, "ms", most=5)
    with another_process("fal", STEP_SECONDS) as url:
        taken, worked, longest = asyncio.run(many(url))
    report.add(f"{MANY} at once, until the last", taken, "s", most=MANY * STEP_SECONDS)
    report.add("processor time of each of these", worked / MANY * 1000, "ms", most=50)
    report.add("longest that the event loop was not free", longest * 1000, "ms", most=250)
    with another_process("large") as url, TemporaryDirectory() as folder:
        grown = asyncio.run(memory(url, Path(folder)))
    report.add("memory while a large result is fetched and stored", grown / 1e6, "MB", most=8)
    report.done()


if __name__ == "__main__":
    main()
