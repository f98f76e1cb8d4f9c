"""The account's avatar, where it has none yet."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import Final
from uuid import UUID

from easel.core import antivirus
from easel.features.accounts import queries as accounts
from easel.features.accounts.service import avatar
from easel.media.errors import ImageTooLarge, NotAnImage
from easel.media.isolated import ImageTooDemanding

from ... import queries
from ...errors import BadTakeOut
from ...schemas import AVATAR
from .course import Course

_KIND: Final = "avatar"


async def restore(course: Course) -> None:
    """Draw the avatar anew, like any that is uploaded; one that was removed since it came in stays away.

    Raises `BadTakeOut`.
    """
    listed = course.archive.files.get(AVATAR)
    if listed is None:
        return
    original = UUID(listed.sha256[:32])
    async with course.studio.work(course.actor) as work:
        await course.go_on(work)
        user = await accounts.user_by_id(work, course.actor.user)
        if user is None or user.avatar_hash is not None or await queries.came_in(work, _KIND, original):
            return
    data = await asyncio.to_thread(course.archive.read, AVATAR)
    await antivirus.scan(course.studio.settings.uploads, BytesIO(data))
    try:
        await avatar.replace(course.studio, course.actor, BytesIO(data))
    except (NotAnImage, ImageTooLarge, ImageTooDemanding) as error:
        raise BadTakeOut("not_an_image", f"{AVATAR}: {error.detail}") from error
    async with course.studio.work(course.actor) as work:
        await queries.remember(work, _KIND, {original: course.actor.user})
