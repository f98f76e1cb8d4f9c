"""HTTP of credits: balances and history, limits, use."""

from __future__ import annotations

from fastapi import APIRouter

from . import admin, ledger, limits

router = APIRouter()
for _part in (ledger, limits, admin):
    router.include_router(_part.router)
