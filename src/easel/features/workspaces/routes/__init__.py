"""HTTP of teams: `/api/teams`."""

from __future__ import annotations

from fastapi import APIRouter

from . import invitations, members, teams

router = APIRouter()
for _part in (teams, members, invitations):
    router.include_router(_part.router)
