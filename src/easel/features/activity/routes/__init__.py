"""HTTP of activity: the event stream and the audit log."""

from __future__ import annotations

from fastapi import APIRouter

from . import audit, stream

router = APIRouter()
for _part in (stream, audit):
    router.include_router(_part.router)
