"""HTTP of clearing up by a rule: `/api/settings/cleanup`."""

from __future__ import annotations

from fastapi import APIRouter

from easel.base.errors import InvalidInput
from easel.core.http import problems
from easel.core.http.deps import Managing, Reading

from ..schemas import CleanupIn, CleanupOut, DryRunOut
from ..service import cleanup

router = APIRouter(prefix="/settings/cleanup", tags=["settings"])


@router.get("", operation_id="get_cleanup", responses=problems.responses())
async def get_cleanup(work: Reading) -> CleanupOut:
    """What the workspace clears up by itself, and the last times that it did; off unless somebody turned it on."""
    return await cleanup.show(work)


@router.put("", operation_id="update_cleanup", responses=problems.responses(InvalidInput))
async def update_cleanup(body: CleanupIn, work: Managing) -> CleanupOut:
    """Say what the workspace clears up by itself. Turned on, it begins a day later."""
    await cleanup.change(work, body)
    return await cleanup.show(work)


@router.post("/dry-run", operation_id="try_cleanup", responses=problems.responses(InvalidInput))
async def try_cleanup(body: CleanupIn, work: Managing) -> DryRunOut:
    """What such a rule would move to the trash now. Nothing is changed."""
    return await cleanup.dry_run(work, body)
