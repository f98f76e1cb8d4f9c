"""HTTP of the library: `/api/images`."""

from __future__ import annotations

from fastapi import APIRouter

from . import bulk, files, gallery, layout, metadata, picture, projects, trash

router = APIRouter()
for _part in (gallery, bulk, trash, metadata, layout, picture, files, projects):
    router.include_router(_part.router)
