"""What tests of generation do again and again, over HTTP and in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast
from uuid import UUID

import httpx
from sqlalchemy import CursorResult, text

from easel.core.actor import ALL_SCOPES, Actor, Level
from easel.core.work import Studio
from easel.features.accounts.service import sign_in
from easel.features.generation.schemas import GenerateIn
from easel.features.generation.service import submit as submitting
from easel.features.workspaces import queries as workspaces
from easel.providers.base import Operation

UNFINISHED = ("pending", "processing")
_PAUSE = 0.05


async def submit(client: httpx.AsyncClient, prompt: str, **more: object) -> dict[str, Any]:
    """Submit a prompt; answers the generation."""
    answer = await client.post("/api/images/generate", json={"prompt": prompt, **more})
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def state(client: httpx.AsyncClient, generation: dict[str, Any]) -> dict[str, Any]:
    """How a generation stands."""
    answer = await client.get(f"/api/generate/queue/{generation['id']}/status")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def ended(
    client: httpx.AsyncClient, generation: dict[str, Any], *, seconds: float = 20
) -> dict[str, Any]:
    """A generation when it has ended."""
    found: dict[str, Any] = await until(
        lambda: state(client, generation), lambda now: now["status"] not in UNFINISHED, seconds=seconds
    )
    return found


async def until(
    look: Callable[[], Awaitable[Any]], good: Callable[[Any], Any] = bool, *, seconds: float = 10
) -> Any:
    """What `look` finds as soon as it is good.

    The time is counted in looks, so that a machine that stood still for a while takes none of it.
    """
    found = None
    for _ in range(round(seconds / _PAUSE)):
        if good(found := await look()):
            return found
        await asyncio.sleep(_PAUSE)
    raise AssertionError(f"after {seconds} s still {found}")


async def rows(studio: Studio, statement: str, **values: object) -> list[dict[str, Any]]:
    """Run a statement in a transaction of its own; answers its rows."""
    async with studio.sessions.begin() as session:
        result = cast("CursorResult[Any]", await session.execute(text(statement), values))
        return [dict(row) for row in result.mappings()] if result.returns_rows else []


async def jobs(studio: Studio) -> list[dict[str, Any]]:
    """The queue's jobs of generation, oldest first."""
    return await rows(
        studio,
        "SELECT id, task_name, status::text, attempts, worker_id FROM procrastinate_jobs "
        "WHERE queue_name = 'generation' ORDER BY id",
    )


async def events_of(studio: Studio, subject: str | UUID) -> list[str]:
    """The types of the events of a generation and its pictures, oldest first."""
    found = await rows(
        studio,
        "SELECT type FROM events WHERE subject_id = :id OR data->>'generation_id' = :text ORDER BY id",
        id=UUID(str(subject)),
        text=str(subject),
    )
    return [row["type"] for row in found]


async def member(studio: Studio, email: str = "ada@example.com") -> Actor:
    """Someone with an account, without HTTP."""
    async with studio.work(Actor.system()) as work:
        user = await sign_in.add_user(work, email=email, name="Ada", password_hash=None)
        workspace = await workspaces.personal_of(work, user.id)
    return Actor("user", user_id=user.id, workspace_id=workspace, level=Level.ADMIN, scopes=ALL_SCOPES)


async def submitted(studio: Studio, actor: Actor, prompt: str = "a fox", **more: Any) -> UUID:
    """Submit a prompt without HTTP; answers the generation's id."""
    async with studio.work(actor) as work:
        request = await submitting.plan(work, GenerateIn(prompt=prompt, **more), Operation.TEXT_TO_IMAGE)
        return (await submitting.submit(work, request)).id
