"""Easel on many machines, some of which die at work: all pictures there once, credits exact, no event unheard."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
import pytest

from tests.cluster.machines import Machines, machines
from tests.features.activity.listening import listening

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

ACCOUNTS = 4
AT_ONCE = 20
GRANTED = 10_000
MODEL = "sketch/sketch-1"


@pytest.fixture
def cluster() -> Iterator[Machines]:
    with tempfile.TemporaryDirectory(prefix="easel-cluster-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        with machines(folder) as running:
            yield running


class Person:
    """Someone at work: submits batches and hears of them, and does again what a dying machine did not answer."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.submitted: set[str] = set()
        self.heard: list[tuple[int, str, str]] = []
        self.streams = 0
        self.done = False
        self._last: int | None = None
        self._listening = asyncio.Event()

    @property
    def completed(self) -> list[str]:
        """The generations of which an end with pictures was heard, as often as it was heard."""
        return [subject for _, type, subject in self.heard if type == "generation.completed"]

    async def make(self, number: int) -> None:
        """Submit so many generations, no more than some ahead of what is heard to be done."""
        await self._listening.wait()
        for first in range(0, number, AT_ONCE):
            await until(lambda: len(self.submitted) - len(set(self.completed)) <= AT_ONCE)
            wishes = [
                {"prompt": f"a fox, {first + index}", "width": 64, "height": 64, "seed": first + index}
                for index in range(min(AT_ONCE, number - first))
            ]
            key = {"Idempotency-Key": uuid4().hex}
            answer = await self.asked("POST", "/api/generate/batch", headers=key, json={"requests": wishes})
            self.submitted |= set(answer["generations"])
        await until(lambda: set(self.completed) >= self.submitted)
        self.done = True

    async def asked(self, method: str, path: str, **options: Any) -> Any:
        """The answer to a request, asked again while machines are away."""
        async with asyncio.timeout(240):
            while True:
                try:
                    answer = await self.client.request(method, path, **options)
                except httpx.TransportError:
                    pass
                else:
                    if answer.status_code < 500 and answer.status_code != 409:
                        assert answer.is_success, answer.text
                        return answer.json()
                await asyncio.sleep(0.5)

    async def listen(self) -> None:
        """Hear the stream, going on after the last id heard whenever it breaks, as browsers do."""
        while not self.done:
            try:
                async with listening(self.client, self._last) as listener:
                    self.streams += 1
                    self._last = self._last if self._last is not None else listener.last_id
                    self._listening.set()
                    while not listener.over.is_set() and not self.done:
                        self._take(listener)
                        await asyncio.sleep(0.1)
                    self._take(listener)
            except (httpx.TransportError, TimeoutError, AssertionError):
                # No answer, none in time, or one that says that a machine is away.
                await asyncio.sleep(0.3)

    def _take(self, listener: Any) -> None:
        for event in listener.heard:
            if event.id is not None:
                self._last = event.id
                self.heard.append((event.id, event.type, str(event.data.get("id"))))
        listener.heard.clear()


async def until(good: Callable[[], object], seconds: float = 1500) -> None:
    async with asyncio.timeout(seconds):
        while not good():  # noqa: ASYNC110 - other processes have no event
            await asyncio.sleep(0.1)


async def signed_up(client: httpx.AsyncClient, number: int) -> Person:
    body = {"email": f"user{number}@example.com", "password": "a good long password", "name": "User"}
    answer = await client.post("/api/auth/register", json=body)
    assert answer.status_code == 201, answer.text
    client.cookies.clear()
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return Person(client)


@pytest.mark.timeout(2400)
@pytest.mark.parametrize("pictures", [pytest.param(200, id="200"), pytest.param(2_000, id="2,000")])
async def test_machines_die_and_nothing_is_lost(cluster: Machines, pictures: int) -> None:
    each = pictures // ACCOUNTS
    clients = [httpx.AsyncClient(base_url=cluster.url, timeout=60) for _ in range(ACCOUNTS)]
    people = [await signed_up(client, number) for number, client in enumerate(clients)]
    await people[0].asked("PUT", f"/api/admin/models/{MODEL}", json={"price": 1})
    listeners = [asyncio.create_task(person.listen()) for person in people]
    makers = [asyncio.create_task(person.make(each)) for person in people]

    async def come_to(share: float) -> None:
        def far() -> bool:
            for maker in makers:
                if maker.done():
                    maker.result()
            return sum(len(person.completed) for person in people) >= pictures * share

        await until(far)

    try:
        await come_to(0.2)
        cluster.workers[0].kill()
        await come_to(0.4)
        cluster.web[0].kill()
        await come_to(0.6)
        await asyncio.to_thread(cluster.postgres.stop)
        await asyncio.to_thread(cluster.postgres.start)
        async with asyncio.timeout(1500):
            await asyncio.gather(*makers)
    except BaseException:
        print(cluster.logs())
        raise
    finally:
        for person in people:
            person.done = True
        for task in (*makers, *listeners):
            task.cancel()
        await asyncio.wait([*makers, *listeners])
    for listener in listeners:
        assert listener.cancelled() or listener.exception() is None

    for person in people:
        assert len(person.submitted) == each
        # Each end is heard once, in order, over several streams.
        assert Counter(person.completed) == Counter(person.submitted)
        ids = [id for id, _, _ in person.heard]
        assert ids == sorted(set(ids))
        balance = await person.asked("GET", "/api/credits/balance")
        assert (float(balance["available"]), float(balance["reserved"])) == (GRANTED - each, 0)
    assert sum(person.streams for person in people) > ACCOUNTS
    for client in clients:
        await client.aclose()

    rows = cluster.postgres.rows
    assert rows("SELECT status, count(*) FROM generations GROUP BY 1") == [("completed", pictures)]
    per_generation = "SELECT count(*) FROM images GROUP BY generation_id HAVING count(*) <> 1"
    assert rows(per_generation) == []
    hashes = {str(found) for (found,) in rows("SELECT content_hash FROM images")}
    kept = {
        key.rpartition("/")[2].partition(".")[0]: key for key in cluster.s3.objects if "/originals/" in key
    }
    assert hashes <= kept.keys()
    for name in hashes:
        assert hashlib.sha256(cluster.s3.objects[kept[name]].data).hexdigest() == name
    assert rows("SELECT count(*) FROM images") == [(pictures,)]
    assert cluster.easel("db", "check-ledger").wait(120) == 0, cluster.logs()
    assert await asyncio.to_thread(lambda: cast(Any, cluster.counters).dbsize()) > 0
