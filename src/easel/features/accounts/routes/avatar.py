"""Avatars: one's own to change, everyone's to see."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from easel.core.actor import NotSignedIn
from easel.core.http import problems, uploads
from easel.core.http.deps import Fetcher, Person, Personal, StudioDep
from easel.core.http.files import FOREVER, file_response
from easel.media.errors import ImageTooLarge
from easel.media.isolated import DecoderUnavailable, ImageTooDemanding
from easel.storage.base import FileMissing, StorageUnavailable

from .. import queries
from ..errors import AvatarNotFound
from ..schemas import UserOut
from ..service import avatar

router = APIRouter()


@router.post(
    "/avatar",
    operation_id="set_avatar",
    openapi_extra=uploads.BODY,
    responses=problems.responses(
        NotSignedIn, *uploads.ERRORS, ImageTooLarge, ImageTooDemanding, DecoderUnavailable
    ),
)
async def set_avatar(request: Request, studio: StudioDep, actor: Person) -> UserOut:
    """Upload your avatar: PNG, JPEG, WebP, AVIF or GIF. Its middle square is drawn anew; the file is not kept."""
    async with uploads.picture(studio, request) as picture:
        return UserOut.model_validate(await avatar.replace(studio, actor, picture))


@router.delete("/avatar", operation_id="remove_avatar", responses=problems.responses(NotSignedIn))
async def remove_avatar(work: Personal) -> UserOut:
    """Remove your avatar."""
    return UserOut.model_validate(await avatar.remove(work))


@router.head("/{id:uuid}/avatar", include_in_schema=False)
@router.get(
    "/{id:uuid}/avatar",
    operation_id="get_avatar",
    response_class=Response,
    responses={
        200: {"description": "The avatar.", "content": {"image/webp": {}}},
        **problems.responses(NotSignedIn, AvatarNotFound, FileMissing, StorageUnavailable),
    },
)
async def get_avatar(
    id: Annotated[UUID, Path(description="The user's id.")],
    request: Request,
    studio: StudioDep,
    actor: Fetcher,
    v: Annotated[str | None, Query(max_length=64, description="The version, as in `avatar_url`.")] = None,
) -> Response:
    """Someone's avatar, 512 pixels square. The address in `avatar_url` never changes what it shows."""
    async with studio.work(actor) as work:
        user = await queries.user_by_id(work, id)
    digest = user.avatar_hash if user else None
    if digest is None:
        raise AvatarNotFound
    key = avatar.key(digest)
    stored = await studio.storage.head(key)
    return await file_response(
        request,
        storage=studio.storage,
        key=key,
        size=stored.size,
        media_type="image/webp",
        etag=digest,
        cache=FOREVER if v and digest.startswith(v) else "private, no-cache",
    )
