"""HTTP of activity: the event stream, the audit log, one's own numbers."""

from __future__ import annotations

from fastapi import APIRouter

from . import audit, stats, stream

router = APIRouter()
for _part in (stream, audit, stats):
    router.include_router(_part.router)
