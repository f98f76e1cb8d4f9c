"""HTTP of upkeep."""

from __future__ import annotations

from fastapi import APIRouter

from . import cleanup, duplicates

router = APIRouter()
for _part in (duplicates, cleanup):
    router.include_router(_part.router)
