"""HTTP of what people bring: `/api/images/upload`, `/api/images/uploads`."""

from __future__ import annotations

from fastapi import APIRouter

from . import resumable, upload

router = APIRouter(prefix="/images", tags=["uploads"])
router.include_router(upload.router)
router.include_router(resumable.router)
