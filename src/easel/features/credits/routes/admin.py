"""HTTP of other workspaces' credits, for administrators: `/api/admin/credits`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from easel.base.types import PlainText
from easel.core.http import problems
from easel.core.http.deps import Administering
from easel.core.http.paging import BadCursor, decode_cursor, encode_cursor

from ..errors import BillingOff, InsufficientCredits, PurseNotFound
from ..queries import ledger as queries
from ..schemas import (
    AdjustIn,
    AdjustmentOut,
    AdjustmentPage,
    BalanceOut,
    MovementPage,
    PurseList,
    PurseOut,
)
from ..service import grants
from .ledger import HistoryQuery, balance, history

router = APIRouter(prefix="/admin/credits", tags=["admin"])

_KIND = "adjustments"
_MOST_FOUND = 20


class PurseQuery(BaseModel):
    """What to look for; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    q: PlainText = Field(
        "", max_length=254, description="A part of a workspace's name, or of its owner's name or address."
    )


class PageQuery(BaseModel):
    """Which page of the corrections; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")


WorkspaceId = Annotated[UUID, Path(description="The workspace's id.")]


@router.get("/workspaces", operation_id="find_purses", responses=problems.responses())
async def find_purses(work: Administering, query: Annotated[PurseQuery, Query()]) -> PurseList:
    """Workspaces with their credits, by their names or by those and the addresses of their owners."""
    found = await queries.purses(work, query.q.strip(), limit=_MOST_FOUND)
    balances = await queries.balances_of(work, [workspace.id for workspace, _ in found])
    items = []
    for workspace, owner in found:
        kept = balances[workspace.id]
        items.append(
            PurseOut(
                workspace_id=workspace.id,
                name=workspace.name,
                kind=workspace.kind,
                owner_name=owner.name,
                owner_email=owner.email,
                available=float(kept.available),
                reserved=float(kept.reserved),
            )
        )
    return PurseList(items=items)


@router.get("/adjustments", operation_id="list_adjustments", responses=problems.responses(BadCursor))
async def list_adjustments(work: Administering, query: Annotated[PageQuery, Query()]) -> AdjustmentPage:
    """Every correction of credits in the studio, newest first."""
    after = decode_cursor(_KIND, query.cursor) if query.cursor else None
    found = await queries.adjustments(work, limit=query.limit + 1, after=after)
    shown, more = found[: query.limit], len(found) > query.limit
    last = shown[-1][0] if more else None
    return AdjustmentPage(
        items=[
            AdjustmentOut(
                id=entry.id,
                workspace_id=entry.workspace_id,
                workspace=workspace.name if workspace else None,
                owner_email=owner,
                amount=float(posting.amount),
                available_after=None if posting.balance_after is None else float(posting.balance_after),
                reason=entry.reason,
                by=by,
                created_at=entry.created_at,
            )
            for entry, posting, workspace, owner, by in shown
        ],
        next_cursor=encode_cursor(_KIND, last.created_at, last.id) if last else None,
        total=None,
    )


@router.get(
    "/{workspace_id:uuid}/balance",
    operation_id="get_balance_of",
    responses=problems.responses(PurseNotFound),
)
async def get_balance_of(workspace_id: WorkspaceId, work: Administering) -> BalanceOut:
    """A workspace's credits."""
    await grants.require_workspace(work, workspace_id)
    return await balance(work, workspace_id)


@router.get(
    "/{workspace_id:uuid}/history",
    operation_id="list_credits_of",
    responses=problems.responses(PurseNotFound, BadCursor),
)
async def list_credits_of(
    workspace_id: WorkspaceId, work: Administering, query: Annotated[HistoryQuery, Query()]
) -> MovementPage:
    """Every movement of a workspace's credits, newest first."""
    await grants.require_workspace(work, workspace_id)
    return await history(work, workspace_id, query)


@router.post(
    "/{workspace_id:uuid}/adjust",
    operation_id="adjust_credits",
    responses=problems.responses(PurseNotFound, BillingOff, InsufficientCredits),
)
async def adjust(workspace_id: WorkspaceId, body: AdjustIn, work: Administering) -> BalanceOut:
    """Correct a workspace's credits, up or down, for a reason that its members can read."""
    await grants.adjust(work, workspace_id, body.amount, body.reason)
    return await balance(work, workspace_id)
