"""HTTP of the library: `/api/images`."""

from __future__ import annotations

from fastapi import APIRouter

from . import bulk, files, gallery, layout, picture, projects

router = APIRouter()
for _part in (gallery, bulk, layout, picture, files, projects):
    router.include_router(_part.router)
