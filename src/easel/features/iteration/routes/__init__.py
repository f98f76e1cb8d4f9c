"""HTTP of iteration."""

from __future__ import annotations

from fastapi import APIRouter

from . import pictures, replays

router = APIRouter(tags=["iteration"])
for _part in (pictures, replays):
    router.include_router(_part.router)
