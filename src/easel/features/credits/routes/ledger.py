"""HTTP of the workspace's own credits: `/api/credits`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from easel.core.http import problems
from easel.core.http.deps import Reading
from easel.core.http.paging import BadCursor, decode_cursor, encode_cursor
from easel.core.work import Work

from ..queries import ledger as queries
from ..schemas import BalanceOut, EndingOut, MovementOut, MovementPage

router = APIRouter(tags=["credits"])
_KIND = "credits"


class HistoryQuery(BaseModel):
    """Which page of the history; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")
    count: bool = Field(False, description="Whether to answer `total` too.")


@router.get("/credits/balance", operation_id="get_balance")
async def get_balance(work: Reading) -> BalanceOut:
    """What the workspace may spend, what is reserved, and what will end."""
    return await balance(work, work.actor.workspace)


@router.get("/credits/history", operation_id="list_credits", responses=problems.responses(BadCursor))
async def list_credits(work: Reading, query: Annotated[HistoryQuery, Query()]) -> MovementPage:
    """Every movement of the workspace's credits, newest first."""
    return await history(work, work.actor.workspace, query)


async def balance(work: Work, workspace_id: UUID) -> BalanceOut:
    found = await queries.balances(work, workspace_id)
    return BalanceOut(
        billing=work.studio.settings.billing.on,
        available=float(found.available),
        reserved=float(found.reserved),
        ending=[
            EndingOut(credits=float(lot.remaining), expires_at=lot.expires_at)
            for lot in await queries.open_lots(work, workspace_id)
            if lot.expires_at is not None
        ],
    )


async def history(work: Work, workspace_id: UUID, query: HistoryQuery) -> MovementPage:
    after = decode_cursor(_KIND, query.cursor) if query.cursor else None
    found = await queries.history(work, workspace_id, limit=query.limit + 1, after=after)
    more, found = len(found) > query.limit, found[: query.limit]
    last = found[-1].entry if more else None
    return MovementPage(
        items=[
            MovementOut(
                id=one.entry.id,
                cause=one.entry.cause,
                amount=float(one.available + one.reserved),
                available=float(one.available),
                reserved=float(one.reserved),
                available_after=None if one.available_after is None else float(one.available_after),
                generation_id=one.entry.generation_id,
                reason=one.entry.reason,
                created_at=one.entry.created_at,
            )
            for one in found
        ],
        next_cursor=encode_cursor(_KIND, last.created_at, last.id) if last else None,
        total=await queries.count_history(work, workspace_id) if query.count else None,
    )
