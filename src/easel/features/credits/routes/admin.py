"""HTTP of other workspaces' credits, for administrators: `/api/admin/credits`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from easel.core.http import problems
from easel.core.http.deps import Administering
from easel.core.http.paging import BadCursor

from ..errors import BillingOff, InsufficientCredits, PurseNotFound
from ..schemas import AdjustIn, BalanceOut, MovementPage
from ..service import grants
from .ledger import HistoryQuery, balance, history

router = APIRouter(prefix="/admin/credits", tags=["admin"])

WorkspaceId = Annotated[UUID, Path(description="The workspace's id.")]


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
