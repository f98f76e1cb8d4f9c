"""HTTP of the library: `/api/images`."""

from __future__ import annotations

from fastapi import APIRouter

from . import files, gallery, layout, picture

router = APIRouter()
for _part in (gallery, layout, picture, files):
    router.include_router(_part.router)
