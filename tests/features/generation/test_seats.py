"""Whose turn it is: seats of a provider, fairness among users, people before batches."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import update

from easel.app.worker import working
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.generation.models import Generation
from easel.features.generation.service import seats
from easel.features.generation.service.places import places
from easel.providers.base import Call, Request, Result
from tests.features.generation.steps import jobs, member, rows, submitted, until
from tests.plugins.painter import Painter

pytestmark = pytest.mark.anyio


class Easel(Painter):
    """A painter with `seats` places at its easels that notes who painted, and how many did at once."""

    def __init__(self, *, seats: int = 1) -> None:
        super().__init__()
        self.seats = seats
        self.painted: list[str] = []
        self.now = 0
        self.most = 0

    async def generate(self, request: Request, call: Call) -> Result:
        self.painted.append(request.prompt)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(0)
            return await super().generate(request, call)
        finally:
            self.now -= 1


@pytest.fixture
def painter(request: pytest.FixtureRequest) -> Easel:
    return Easel(**getattr(request, "param", {}))


def places_of(number: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("painter", [{"seats": number}], indirect=True)


async def queued(studio: Studio, actor: Actor, count: int, prompt: str, *, priority: int = 0) -> None:
    """Rows in the queue as a batch leaves them."""
    await rows(
        studio,
        "INSERT INTO generations (id, workspace_id, user_id, pool, operation, prompt, negative_prompt, model_id,"
        " model_version, parameters, num_images, status, priority, attempt, retry_count, passing_errors, progress,"
        " cost_credits) SELECT gen_random_uuid(), :workspace, :user, 'painter', 'text-to-image', :prompt, '',"
        " 'painter/fast', '1',"
        """ '{"width": 64, "height": 64, "seed": 1, "output_format": "png"}',"""
        " 1, 'pending', :priority, 0, 0, 0, '{}', 0 FROM generate_series(1, :count)",
        workspace=actor.workspace,
        user=actor.user,
        prompt=prompt,
        priority=priority,
        count=count,
    )


async def admitted(studio: Studio) -> int:
    found = await rows(studio, "SELECT count(*) AS n FROM generations WHERE admitted_at IS NOT NULL")
    return int(found[0]["n"])


async def done(studio: Studio, ids: list[UUID]) -> None:
    async def left() -> int:
        found = await rows(
            studio,
            "SELECT count(*) AS n FROM generations WHERE id = ANY(:ids) AND status <> 'completed'",
            ids=ids,
        )
        return int(found[0]["n"])

    await until(left, lambda n: n == 0, seconds=40)


@places_of(2)
async def test_a_provider_has_so_many_seats_and_the_next_sits_down_when_one_is_free(
    studio: Studio, painter: Easel
) -> None:
    ada = await member(studio)
    ids = [await submitted(studio, ada, f"slow {n}") for n in range(5)]
    assert await admitted(studio) == 2
    assert len(await jobs(studio)) == 2
    async with working(studio, grace=0.5):
        await until(lambda: _now(painter), lambda n: n == 2)
        painter.go.set()
        await done(studio, ids)
    assert painter.most == 2
    # The two that sat down at once may be painted in either order.
    assert sorted(painter.painted[:2]) == ["slow 0", "slow 1"]
    assert sorted(painter.painted[2:]) == ["slow 2", "slow 3", "slow 4"]


async def _now(painter: Easel) -> int:
    return painter.now


async def test_ten_thousand_of_one_user_do_not_delay_the_single_prompt_of_another(
    studio: Studio, painter: Easel
) -> None:
    ada, ben = await member(studio), await member(studio, "ben@example.com")
    await queued(studio, ada, 10_000, "from the batch")
    async with working(studio, grace=0.5):
        await until(lambda: _painted(painter), lambda n: n >= 3)
        single = await submitted(studio, ben, "a single fox")
        before = len(painter.painted)
        await done(studio, [single])
        after = painter.painted.index("a single fox")
        # One may have been running, and one more have sat down before the prompt was in.
        assert after - before <= 2
        await rows(studio, "UPDATE generations SET status = 'cancelled' WHERE status = 'pending'")


async def _painted(painter: Easel) -> int:
    return len(painter.painted)


async def test_users_take_turns(studio: Studio, painter: Easel) -> None:
    people = [await member(studio, f"{name}@example.com") for name in ("ada", "ben", "cy")]
    ids = []
    # Ada comes first with four, then Ben with four, then Cy with two.
    for person, name, count in zip(people, ("ada", "ben", "cy"), (4, 4, 2), strict=True):
        ids += [await submitted(studio, person, f"{name} {n}") for n in range(count)]
    async with working(studio, grace=0.5):
        await done(studio, ids)
    assert painter.painted == [
        "ada 0", "ben 0", "cy 0", "ada 1", "ben 1", "cy 1", "ada 2", "ben 2", "ada 3", "ben 3",
    ]  # fmt: skip


async def test_the_places_shown_are_the_order_in_which_they_sit_down(studio: Studio, painter: Easel) -> None:
    people = [await member(studio, f"{name}@example.com") for name in ("ada", "ben", "cy")]
    ids: dict[str, UUID] = {}
    for person, name, count in zip(people, ("ada", "ben", "cy"), (4, 4, 2), strict=True):
        for n in range(count):
            ids[f"{name} {n}"] = await submitted(studio, person, f"{name} {n}")
    await queued(studio, people[2], 3, "a batch", priority=-10)
    async with studio.work(people[0]) as work:
        found = [await work.session.get_one(Generation, id) for id in ids.values()]
        shown = dict(zip(ids, [place.before for place in (await places(work, found)).values()], strict=True))
    waiting = sorted((place, prompt) for prompt, place in shown.items() if prompt != "ada 0")
    assert shown["ada 0"] == 0
    assert [place for place, _ in waiting] == list(range(9))
    async with working(studio, grace=0.5):
        await done(studio, list(ids.values()))
    assert painter.painted[1:10] == [prompt for _, prompt in waiting]


@places_of(3)
async def test_people_go_before_batches(studio: Studio, painter: Easel) -> None:
    ada = await member(studio)
    await queued(studio, ada, 20, "a batch", priority=-10)
    ids = [await submitted(studio, ada, f"by hand {n}") for n in range(3)]
    async with studio.work(ada) as work:
        found = await rows(studio, "SELECT prompt FROM generations WHERE admitted_at IS NOT NULL")
        assert len(found) == 3
        await seats.fill(work, "painter")
    # Those that sit already stay; the next three are those that a person waits for.
    started = [row["prompt"] for row in found]
    async with working(studio, grace=0.5):
        await done(studio, ids)
    last = max(painter.painted.index(f"by hand {n}") for n in range(3))
    assert painter.painted[: last + 1].count("a batch") <= started.count("a batch") + 2


@places_of(10)
async def test_one_user_holds_so_many_seats_and_no_more(
    studio: Studio, painter: Easel, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await member(studio)
    most = studio.settings.worker.user_seats
    await rows(studio, "SELECT 1")
    object.__setattr__(studio.settings.worker, "user_seats", 4)
    try:
        for n in range(6):
            await submitted(studio, ada, f"slow {n}")
        assert await admitted(studio) == 4
        ben = await member(studio, "ben@example.com")
        await submitted(studio, ben, "slow of ben")
        assert await admitted(studio) == 5
    finally:
        object.__setattr__(studio.settings.worker, "user_seats", most)


@places_of(3)
async def test_many_at_once_never_take_more_seats_than_there_are(studio: Studio, painter: Easel) -> None:
    people = [await member(studio, f"{n}@example.com") for n in range(5)]
    async with working(studio, grace=0.5):
        ids = await asyncio.gather(
            *(submitted(studio, person, f"fox {n}") for n in range(10) for person in people)
        )
        await done(studio, list(ids))
    assert painter.most <= 3
    assert sorted(painter.calls.values()) == [5] * 10


async def test_a_retry_that_waits_for_its_time_leaves_its_seat_to_others(
    studio: Studio, painter: Easel
) -> None:
    ada = await member(studio)
    first = await submitted(studio, ada, "limit fox")
    async with working(studio, grace=0.5):
        await until(lambda: rows(studio, "SELECT 1 AS one FROM generations WHERE scheduled_at IS NOT NULL"))
        second = await submitted(studio, ada, "a hare")
        await done(studio, [first, second])
    assert painter.painted.count("limit fox") == 2


async def test_a_seat_lost_on_the_way_is_found_again(studio: Studio, painter: Easel) -> None:
    ada = await member(studio)
    await submitted(studio, ada, "a fox")
    await submitted(studio, ada, "a hare")
    assert await admitted(studio) == 1
    async with studio.work(Actor.system()) as work:
        # As nobody does: the seat is free, and nobody gave it on.
        await work.session.execute(
            update(Generation).where(Generation.prompt == "a fox").values(status="failed")
        )
    await seats.fill_all(studio)
    found = await rows(
        studio, "SELECT prompt FROM generations WHERE status = 'pending' AND job_id IS NOT NULL"
    )
    assert found == [{"prompt": "a hare"}]
