"""HTTP of credits: balances and history, limits, use."""

from __future__ import annotations

from fastapi import APIRouter

from . import admin, ledger, limits, usage

router = APIRouter()
for _part in (ledger, limits, usage, admin):
    router.include_router(_part.router)
