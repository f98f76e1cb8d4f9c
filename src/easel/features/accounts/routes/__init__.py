"""HTTP of accounts: `/api/auth` and `/api/users`."""

from __future__ import annotations

from fastapi import APIRouter

from . import avatar, closing, federation, mail, passkeys, profile, second_factor, sessions, sign_in

router = APIRouter(prefix="/auth", tags=["auth"])
for _part in (sign_in, federation, mail, profile, sessions, second_factor, passkeys):
    router.include_router(_part.router)
users = APIRouter(prefix="/users", tags=["users"])
for _part in (avatar, closing):
    users.include_router(_part.router)
