"""HTTP of administration: `/api/admin`."""

from __future__ import annotations

from fastapi import APIRouter

from . import outbox

router = APIRouter(prefix="/admin", tags=["admin"])
router.include_router(outbox.router)
