"""Whether an hour is as good as a minute. Run: ``SOAK_MINUTES=30 python -m bench.soak``; 30 where it is not said.

A real `easel serve`, and some people who generate with Sketch, look, sort, delete and listen without a pause. Told: the
requests and those that failed, by kind; how each process's memory grows once it is warm; how the answers get slower.
Ends with 1 when a request failed.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from statistics import fmean, linear_regression

import httpx
import psutil

from bench.pipeline import percentile
from bench.report import Report
from bench.studio import own_folder, start, stop

PEOPLE = 3
SAMPLE_SECONDS = 2.0
SHORTEST_KEPT = 5
"""Minutes; of a shorter one only the failures mean something."""
PICTURE = {"width": 64, "height": 64, "model": "sketch/sketch-1"}


class Log:
    """What was asked, and how it went."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.seconds: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self.failures: dict[str, list[str]] = defaultdict(list)
        self.events = 0

    async def asked(
        self, kind: str, request: httpx.Request, client: httpx.AsyncClient
    ) -> httpx.Response | None:
        """A request's answer, if it is one."""
        began = time.monotonic()
        try:
            answer = await client.send(request)
        except httpx.TransportError as error:
            self.failures[kind].append(type(error).__name__)
            return None
        now = time.monotonic()
        self.seconds[kind].append((now - self.began, now - began))
        # What another of one's own requests has just deleted is rightly gone.
        if answer.status_code >= 500 or answer.status_code in (401, 403, 422, 429):
            self.failures[kind].append(f"{answer.status_code} {answer.text[:200]}")
            return None
        return answer


class Person:
    """Someone who never rests."""

    def __init__(self, url: str, log: Log, number: int) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=60)
        self.log = log
        self.chance = random.Random(number)
        self.number = number

    async def sign_up(self) -> None:
        body = {"email": f"soak{self.number}@example.com", "password": "a good long password", "name": "Soak"}
        answer = await self.client.post("/api/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        # By cookie, as browsers do: access tokens end after a quarter of an hour.
        self.client.headers["Origin"] = str(self.client.base_url).rstrip("/")

    async def work(self, end: float) -> None:
        """One thing after another until the end."""
        ids: list[str] = []
        for turn in itertools.count():
            if time.monotonic() >= end:
                return
            one = self.chance.choice(ids) if ids else None
            if turn % 8 == 0:
                wish = {**PICTURE, "prompt": f"a fox, {self.number} {turn}", "seed": turn}
                await self._ask("generate", "POST", "/api/images/generate", json=wish)
            elif turn % 8 == 4:
                page = await self._ask("list", "GET", "/api/images?limit=50")
                ids = [image["id"] for image in page.json()["items"]] if page else ids
            elif one and turn % 40 == 7:
                await self._ask("delete", "DELETE", f"/api/images/{one}")
                ids.remove(one)
            elif one and turn % 8 == 2:
                await self._ask("favourite", "POST", f"/api/images/{one}/favorite")
            elif one and turn % 8 == 5:
                await self._ask("thumbnail", "GET", f"/api/images/{one}/thumbnail/256")
            elif one and turn % 2:
                await self._ask("picture", "GET", f"/api/images/{one}")
            else:
                await self._ask("account", "GET", "/api/auth/me")
            await asyncio.sleep(0.05)

    async def listen(self) -> None:
        """Hear the events, with a new stream now and then."""
        while True:
            with suppress(httpx.TransportError, TimeoutError):
                async with (
                    self.client.stream("GET", "/api/events", timeout=None) as stream,
                    asyncio.timeout(20),
                ):
                    async for line in stream.aiter_lines():
                        self.log.events += line.startswith("event:")
            await asyncio.sleep(0.2)

    async def _ask(self, kind: str, method: str, path: str, **options: object) -> httpx.Response | None:
        request = self.client.build_request(method, path, **options)  # type: ignore[arg-type]
        return await self.log.asked(kind, request, self.client)


async def watch(process: psutil.Process, samples: dict[str, list[tuple[float, float]]]) -> None:
    """Note the memory of each part every two seconds: its own, not what it shares."""
    began = time.monotonic()
    while True:
        sums: dict[str, float] = defaultdict(float)
        for one in [process, *process.children(recursive=True)]:
            with suppress(psutil.Error):
                sums[_part(one)] += one.memory_full_info().uss / 2**20
        for name, size in sums.items():
            samples[name].append((time.monotonic() - began, size))
        await asyncio.sleep(SAMPLE_SECONDS)


def _part(process: psutil.Process) -> str:
    words = process.cmdline()
    if "postgres" in process.name():
        return "PostgreSQL"
    for name in ("web", "worker", "serve"):
        if name in words:
            return name
    return "decoders" if "easel.media.decoder" in words else "others"


def _thirds(samples: Sequence[tuple[float, float]], length: float) -> tuple[list[float], list[float]]:
    """The values of the second third, the first being warm-up, and of the last."""
    middle = [value for moment, value in samples if length / 3 <= moment < length * 2 / 3]
    return middle, [value for moment, value in samples if moment >= length * 2 / 3]


async def soak(url: str, process: psutil.Process, seconds: float, report: Report) -> int:
    """The traffic, and what came of it; how many requests failed."""
    log, samples = Log(), defaultdict[str, list[tuple[float, float]]](list)
    people = [Person(url, log, number) for number in range(PEOPLE)]
    for person in people:
        await person.sign_up()
    aside = [asyncio.create_task(person.listen()) for person in people]
    aside.append(asyncio.create_task(watch(process, samples)))
    end = time.monotonic() + seconds
    await asyncio.gather(*(person.work(end) for person in people))
    for task in aside:
        task.cancel()
    await asyncio.wait(aside)
    for task in aside:
        assert task.cancelled() or task.exception() is None
    for person in people:
        await person.client.aclose()
    for kind, each in sorted(log.seconds.items()):
        report.add(f"requests: {kind}", len(each), "")
        report.add(f"failed: {kind}", len(log.failures[kind]), "", most=0)
        early, late = _thirds(each, seconds)
        if early and late:
            report.add(f"{kind}: p95 in the second third", percentile(early, 0.95) * 1000, "ms")
            report.add(f"{kind}: p95 in the last third", percentile(late, 0.95) * 1000, "ms")
    report.add("events heard", log.events, "", least=1)
    minutes = {name: [(at / 60, size) for at, size in sizes] for name, sizes in sorted(samples.items())}
    report.draw("memory over time", "minutes", "MiB of its own", minutes)
    for name, sizes in sorted(samples.items()):
        course = [
            round(fmean(size for moment, size in sizes if int(moment // 60) == minute))
            for minute in sorted({int(moment // 60) for moment, _ in sizes})
        ]
        print(f"memory of {name}, MiB, minute by minute: {' '.join(map(str, course))}")
        warm = [(moment / 60, size) for moment, size in sizes if moment >= seconds / 3]
        if len(warm) > 2:
            report.add(f"memory of {name}", fmean(size for _, size in warm), "MiB")
            report.add(f"growth of {name}", linear_regression(*zip(*warm, strict=True)).slope, "MiB/min")
    for kind, found in log.failures.items():
        for words in found[:3]:
            print(f"{kind}: {words}", file=sys.stderr)
    return sum(map(len, log.failures.values()))


def main() -> int:
    minutes = float(os.environ.get("SOAK_MINUTES", "30"))
    report = Report("soak", f"{PEOPLE} people without a pause for {minutes:g} minutes, on `easel serve`.")
    with own_folder() as folder:
        process, url = start(folder / "data")
        try:
            failed = asyncio.run(soak(url, psutil.Process(process.pid), minutes * 60, report))
        finally:
            stop(process)
    report.done(keep=minutes >= SHORTEST_KEPT)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
