"""Avatars: drawn anew from what was sent, kept under the hash of their bytes, removed when nobody shows them."""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO, Final

from sqlalchemy import func, select

from easel.base.clock import now
from easel.core import keeping
from easel.core.actor import Actor, NotSignedIn
from easel.core.work import Studio, Work
from easel.media.hashes import content_hash
from easel.media.redraw import Recipe

from .. import queries
from ..events import DISCARD_AVATAR
from ..models import User

SIDE: Final = 512
"""Pixels of an avatar's sides."""
_RECIPE: Final = Recipe(format="webp", square=SIDE)
_FOLDER: Final = "avatars"
_FORGOTTEN: Final = timedelta(hours=1)


def key(digest: str) -> str:
    """Where the avatar with this content hash lies."""
    return f"{_FOLDER}/{digest[:2]}/{digest}.webp"


async def replace(studio: Studio, actor: Actor, picture: BinaryIO) -> User:
    """Give the acting user the avatar that `picture` shows, cropped to its middle.

    Raises what `media.isolated` refuses pictures with, and `NotSignedIn`. No transaction is open while it is drawn.
    """
    drawn = await studio.isolated.redraw(picture, _RECIPE)
    digest = content_hash(drawn.data)
    async with studio.work(actor) as work:
        user = await _acting(work)
        await _lock(work, digest)
        await studio.storage.put(key(digest), drawn.data, content_type="image/webp")
        await _show(work, user, digest)
        user.avatar_url = f"/api/users/{user.id}/avatar?v={digest[:16]}"
    return user


async def remove(work: Work) -> User:
    """Leave the acting user without an avatar; quiet when there is none. Raises `NotSignedIn`."""
    user = await _acting(work)
    await _show(work, user, None)
    user.avatar_url = None
    return user


async def discard(studio: Studio, digest: str) -> None:
    """Remove an avatar's file unless someone shows it. Safe to repeat."""
    async with studio.work(Actor.system()) as work:
        if not await keeping.may_remove(work.session):
            return  # a backup is made; `discard_forgotten` comes by later
        await _lock(work, digest)
        if not await queries.shows_avatar(work, digest):
            await studio.storage.delete(key(digest))


async def discard_forgotten(studio: Studio, *, age: timedelta = _FORGOTTEN) -> None:
    """Remove the files, older than `age`, of avatars whose accounts are gone and of uploads that broke off."""
    lately = now() - age
    found = {
        file.key.rpartition("/")[2].removesuffix(".webp")
        async for file in studio.storage.list(_FOLDER)
        if file.last_modified < lately
    }
    async with studio.work(Actor.system()) as work:
        shown = set(await work.session.scalars(select(User.avatar_hash).where(User.avatar_hash.in_(found))))
    for digest in found - shown:
        await discard(studio, digest)


async def _acting(work: Work) -> User:
    user = await queries.locked_user_by_id(work, work.actor.user)
    if user is None:
        raise NotSignedIn
    return user


async def _show(work: Work, user: User, digest: str | None) -> None:
    before, user.avatar_hash = user.avatar_hash, digest
    if before is not None and before != digest:
        await work.defer(DISCARD_AVATAR, digest=before)


async def _lock(work: Work, digest: str) -> None:
    """Until the transaction ends, nobody else writes or removes the file with this hash."""
    await work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(digest, 0))))
