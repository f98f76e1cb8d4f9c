"""What tests of credits do again and again: a provider with prices, records of use, and a look into the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import httpx

from easel.base.ids import new_id
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.credits.queries import ledger as queries
from easel.features.credits.service import grants
from easel.providers.base import Call, Model, Request, Result
from easel.providers.pricing import Price
from tests.features.generation.steps import rows
from tests.plugins.painter import Painter


class PricedPainter(Painter):
    """A painter whose fast model takes a credit a picture. `short` in the prompt: one picture fewer comes,
    `more`: one more than asked for."""

    models: ClassVar[tuple[Model, ...]] = (
        replace(Painter.models[0], price=Price(Decimal(1), explanation="1 credit a picture.")),
        replace(
            Painter.models[1],
            price=Price(Decimal("0.25"), "megapixel", "0.25 credits a megapixel.", minimum=Decimal("0.1")),
        ),
    )

    async def _picture(self, request: Request, call: Call) -> Result:
        words = request.prompt.split()
        number = request.num_images + ("more" in words) - ("short" in words)
        made = await super()._picture(replace(request, num_images=number), call)
        return replace(made, provider_cost_usd=Decimal("0.004") * number)


async def purse(studio: Studio, actor: Actor) -> tuple[float, float]:
    """What an actor's workspace may spend, and what is reserved."""
    async with studio.work(actor) as work:
        found = await queries.balances(work, actor.workspace)
    return float(found.available), float(found.reserved)


async def give(studio: Studio, actor: Actor, credits: str | int) -> None:
    """Give an actor's workspace credits."""
    async with studio.work(Actor.system()) as work:
        await grants.grant(work, actor.workspace, Decimal(credits))


async def causes(studio: Studio) -> list[str]:
    """The causes of all entries, oldest first."""
    found = await rows(studio, "SELECT cause FROM ledger_entries ORDER BY created_at, id")
    return [row["cause"] for row in found]


async def drift(studio: Studio) -> list[queries.Drift]:
    """Where the ledger does not agree with itself."""
    async with studio.sessions() as session:
        return await queries.drift(session)


async def postings(studio: Studio) -> list[dict[str, Any]]:
    """All postings, oldest first: cause, kind of account, amount."""
    return await rows(
        studio,
        "SELECT cause, kind, amount::float8 FROM ledger_postings JOIN ledger_entries e ON e.id = entry_id"
        " JOIN ledger_accounts a ON a.id = account_id ORDER BY e.created_at, e.id, kind",
    )


async def log(
    studio: Studio, client: httpx.AsyncClient, at: datetime, *, model: str = "painter/fast", **more: Any
) -> None:
    """Write a record of use of the client's workspace, as of this time."""
    facts = (await client.get("/api/auth/verify")).json()
    values: dict[str, Any] = {
        "id": new_id(),
        "workspace": UUID(facts["workspace_id"]),
        "user": UUID(facts["user_id"]),
        "model": model,
        "project": None,
        "action": "text-to-image",
        "images": 1,
        "credits": 1,
        "usd": None,
        "seconds": 2,
        "success": True,
        "error": None,
        "at": at,
        **more,
    }
    await rows(
        studio,
        "INSERT INTO usage_logs (id, workspace_id, user_id, model_id, project_id, action, images, credits_used,"
        " provider_cost_usd, generation_time, success, error_code, created_at) VALUES (:id, :workspace, :user,"
        " :model, :project, :action, :images, :credits, :usd, :seconds, :success, :error, :at)",
        **values,
    )
