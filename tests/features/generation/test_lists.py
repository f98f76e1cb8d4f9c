"""Queue and history: filters, pages without gap or repeat, and a search that nothing breaks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from sqlalchemy import event

from easel.base.db import conninfo
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.generation import queries
from easel.features.generation.service.places import LIMIT, places
from tests.features.generation.steps import member, rows, submit, submitted
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


async def history(client: httpx.AsyncClient, **parameters: Any) -> dict[str, Any]:
    answer = await client.get("/api/generate/history", params=parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def prompts(client: httpx.AsyncClient, **parameters: Any) -> list[str]:
    return [one["prompt"] for one in (await history(client, **parameters))["items"]]


async def test_pages_have_no_gap_and_no_repeat_while_new_ones_come(server: Server) -> None:
    client = await server.member()
    mine = [(await submit(client, f"number {number}"))["id"] for number in range(30)]
    # Half of them at the very same moment: the id decides.
    await rows(server.studio, "UPDATE generations SET created_at = date_trunc('hour', created_at)")
    for path in ("history", "queue"):
        seen: list[str] = []
        cursor = None
        while True:
            parameters = {"limit": 7, **({"cursor": cursor} if cursor else {})}
            answer = (await client.get(f"/api/generate/{path}", params=parameters)).json()
            seen += [one["id"] for one in answer["items"]]
            cursor = answer["next_cursor"]
            if cursor is None:
                break
            await submit(client, "one more")
        assert seen == sorted(mine, reverse=True)
        await rows(server.studio, "DELETE FROM generations WHERE prompt = 'one more'")


async def test_a_last_page_that_is_full_has_no_next_one(server: Server) -> None:
    client = await server.member()
    for number in range(4):
        await submit(client, f"number {number}")
    first = await history(client, limit=2, count=True)
    assert (len(first["items"]), first["total"]) == (2, 4)
    last = await history(client, limit=2, cursor=first["next_cursor"])
    assert (len(last["items"]), last["next_cursor"], last["total"]) == (2, None, None)


async def test_a_cursor_is_good_for_its_own_list_alone(server: Server) -> None:
    client = await server.member()
    for _ in range(2):
        await submit(client, "a fox")
    cursor = (await history(client, limit=1))["next_cursor"]
    for wrong in (cursor, cursor[:-3], "x", "ü", "W10", cursor + "AAAA"):
        answer = await client.get("/api/generate/queue", params={"cursor": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor"), wrong


async def test_filters(server: Server) -> None:
    client, ben = await server.member(), await server.member("ben@example.com", "Ben")
    for prompt, model in (("red fox", "painter/fast"), ("blue hare", "painter/plain"), ("red hare", None)):
        await submit(client, prompt, **({"model": model} if model else {}))
    await submit(ben, "red herring")
    studio = server.studio
    await rows(
        studio, "UPDATE generations SET status = 'failed', error_code = 'unknown' WHERE prompt = 'red fox'"
    )
    await rows(
        studio, "UPDATE generations SET created_at = '2020-01-02T03:04:05Z' WHERE prompt = 'blue hare'"
    )
    assert await prompts(client) == ["red hare", "red fox", "blue hare"]
    assert await prompts(client, model="painter/plain") == ["blue hare"]
    assert await prompts(client, status="failed") == ["red fox"]
    assert await prompts(client, operation="text-to-image", status="pending") == ["red hare", "blue hare"]
    assert await prompts(client, operation="upscale") == []
    assert await prompts(client, created_to="2020-01-02T03:04:05Z") == ["blue hare"]
    assert await prompts(client, created_from="2020-01-02T03:04:06Z", q="red") == ["red hare", "red fox"]
    assert (await history(client, q="hare", count=True))["total"] == 2
    queue = (await client.get("/api/generate/queue")).json()["items"]
    assert [one["prompt"] for one in queue] == ["red hare", "blue hare"]
    for wrong in ({"status": "asleep"}, {"colour": "red"}, {"created_from": "yesterday"}, {"limit": 0}):
        answer = await client.get("/api/generate/history", params=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), wrong


async def test_search_by_the_beginnings_of_words(server: Server) -> None:
    client = await server.member()
    for prompt in (
        "A lighthouse at dusk, oil on canvas",
        "don't look: a self-portrait in 35mm, f/1.8",
        "Ein grüner Bär 🐻 im Wald",
        "snow_white and back\\slash 100% sugar",
        "日本の山",
    ):
        await submit(client, prompt)
    for q, beginning in (
        ("light", "A light"),
        ("LIGHTHOUSE dusk", "A light"),
        ("dusk canvas oil", "A light"),
        ("don't", "don't"),
        ("self-portrait", "don't"),
        ("self-por", "don't"),
        ("35mm", "don't"),
        ("f/1.8", "don't"),
        ("grün", "Ein"),
        ("Bär 🐻", "Ein"),
        ("snow_white", "snow"),
        ("back\\slash", "snow"),
        ("sug", "snow"),
        ("日本", "日本"),
    ):
        found = await prompts(client, q=q)
        assert [prompt[: len(beginning)] for prompt in found] == [beginning], q
    for q in ("house", "dusky", "light & dark", "wald | sugar", "!dusk"):
        assert len(await prompts(client, q=q)) <= 1, q


async def test_no_search_breaks(server: Server) -> None:
    client = await server.member()
    await submit(client, "a fox")
    for q in (
        "'", "''", "\\", "\\'", "':*", ":", ":*", "a:", "a:*b", "&", "a &", "| a", "!", "!!a", "(", ")", "(a", "<->",
        "a <-> b", "<1>", "%", "_", "\t", "  ", "", "🦊", "🦊🦊 '", "!?…", "--", ";--", "$1", ":words", "%(q)s",
        "\u200b", "\u202e", "ﷺ", "a" * 200, "'" * 200, " ".join("abcdefghij" * 10), "\x01", "\x7f", "e\u0301", "٣",
        "1e309",
    ):  # fmt: skip
        found = await history(client, q=q, count=True)
        assert len(found["items"]) <= 1, q
    assert (await client.get("/api/generate/history", params={"q": "a\0b"})).status_code == 422


async def test_places_are_counted_so_far_and_no_further(studio: Studio) -> None:
    ada = await member(studio)
    first = await submitted(studio, ada, "first")
    await rows(
        studio,
        _MANY.format(count=LIMIT + 20, status="'pending'"),
        workspace=ada.workspace,
        user=ada.user,
    )
    last = await submitted(studio, ada, "last")
    places = await _places(studio, ada, first, last)
    assert places == [0, LIMIT]


async def test_who_gets_a_seat_between_two_looks_has_nobody_before(studio: Studio, database_url: str) -> None:
    ada = await member(studio)
    ids = [await submitted(studio, ada, prompt) for prompt in ("first", "second")]
    await rows(studio, "UPDATE generations SET admitted_at = NULL, job_id = NULL")

    def admit(*call: Any) -> None:
        if "admitted_at IS NOT NULL" in call[2]:
            with psycopg.connect(conninfo(database_url)) as other:
                other.execute("UPDATE generations SET admitted_at = now()")

    engine = studio.sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", admit)
    try:
        assert await _places(studio, ada, *ids) == [0, 0]
    finally:
        event.remove(engine, "before_cursor_execute", admit)


async def _places(studio: Studio, actor: Actor, *ids: UUID) -> list[int | None]:
    async with studio.work(actor) as work:
        found = [await queries.get(work, id) for id in ids]
        known = await places(work, found)
    return [known[id].before if id in known else None for id in ids]


_MANY = (
    "INSERT INTO generations (id, workspace_id, user_id, pool, operation, prompt, negative_prompt, model_id,"
    " model_version, parameters, num_images, status, priority, attempt, retry_count, passing_errors, progress,"
    " cost_credits) SELECT gen_random_uuid(), :workspace, :user, 'painter', 'text-to-image', 'many ' || n, '',"
    " 'painter/fast', '1', '{{}}', 1, {status}, 0, 0, 0, 0, '{{}}', 0 FROM generate_series(1, {count}) AS n"
)
