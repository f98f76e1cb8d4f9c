"""HTTP of the library: `/api/images`."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from easel.base.types import Moment, PlainText
from easel.core.http import problems
from easel.core.http.deps import Fetcher, Managing, Reading, StudioDep
from easel.core.http.files import content_disposition, file_response
from easel.core.http.negotiation import accepted_names
from easel.core.http.paging import BadCursor, decode_cursor, encode_cursor
from easel.media.convert import convert
from easel.media.renditions import WIDTHS
from easel.storage.base import FileMissing, StorageUnavailable

from . import queries, service
from .errors import ImageNotFound
from .models import Image
from .schemas import ImageOut, ImagePage

router = APIRouter(prefix="/images", tags=["images"])

ImageId = Annotated[UUID, Path(description="The image's id.")]
_FILE = {**problems.responses(ImageNotFound, FileMissing, StorageUnavailable)}
_WIDTHS = {str(width): width for width in WIDTHS}  # a path holds text, and no number equals a text
_converters = ThreadPoolExecutor(max_workers=2, thread_name_prefix="convert")


class ImageQuery(BaseModel):
    """Which pictures to list; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")
    count: bool = Field(False, description="Whether to answer `total` too.")
    trashed: bool = Field(False, description="The trash instead of the library.")
    model: PlainText | None = Field(None, max_length=200, description="Only pictures of this model.")
    operation: PlainText | None = Field(
        None, max_length=50, description="Only pictures made by this operation."
    )
    aspect: Literal["square", "landscape", "portrait"] | None = Field(None, description="Only this shape.")
    created_from: Moment | None = Field(None, description="Made at this time or later.")
    created_to: Moment | None = Field(None, description="Made at this time or earlier.")
    sort: Literal["created"] = Field("created", description="What to order by.")
    order: Literal["asc", "desc"] = Field("desc", description="Newest first or oldest first.")


@router.get("", operation_id="list_images", responses=problems.responses(BadCursor))
async def list_images(work: Reading, query: Annotated[ImageQuery, Query()]) -> ImagePage:
    """The pictures of the acting workspace, newest first."""
    wanted = queries.Filter(
        trashed=query.trashed,
        model=query.model,
        operation=query.operation,
        aspect=query.aspect,
        created_from=query.created_from,
        created_to=query.created_to,
        order=query.order,
    )
    kind = f"images.{query.order}"
    after = decode_cursor(kind, query.cursor) if query.cursor else None
    rows = list(await queries.page(work, wanted, limit=query.limit + 1, after=after))
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return ImagePage(
        items=[service.show(row) for row in rows],
        next_cursor=encode_cursor(kind, rows[-1].created_at, rows[-1].id) if more else None,
        total=await queries.count(work, wanted) if query.count else None,
    )


@router.head("/download/{id:uuid}", include_in_schema=False)
@router.get(
    "/download/{id:uuid}",
    operation_id="download_image",
    response_class=Response,
    responses={200: {"description": "The picture.", "content": {"image/*": {}}}, **_FILE},
)
async def download(
    id: ImageId,
    request: Request,
    studio: StudioDep,
    actor: Fetcher,
    format: Annotated[
        Literal["original", "png", "jpeg", "jpg", "webp", "avif"],
        Query(description="The file format to get."),
    ] = "original",
    width: Annotated[int | None, Query(ge=16, le=8192, description="Pixels across; never enlarged.")] = None,
) -> Response:
    """The picture as a download: the original's bytes, or converted and scaled."""
    image = await _readable(studio, actor, id)
    name = file_name(image.title or image.prompt, image.id)
    if format == "original" and (width is None or width >= image.width):
        return await _original(request, studio, image, filename=f"{name}.{image.format}", attachment=True)
    wanted: Any = {"original": image.format, "jpg": "jpeg"}.get(format, format)
    data = await studio.storage.get(image.file_path)
    made = await asyncio.get_running_loop().run_in_executor(
        _converters, partial(convert, data, format=wanted, width=width)
    )
    return Response(
        made,
        media_type=f"image/{wanted}",
        headers={
            "Content-Disposition": content_disposition(f"{name}.{wanted}", attachment=True),
            "Cache-Control": "private, max-age=3600",
        },
    )


@router.get("/{id:uuid}", operation_id="get_image", responses=problems.responses(ImageNotFound))
async def get_image(id: ImageId, work: Reading) -> ImageOut:
    """One picture's record; those in the trash too."""
    return service.show(await queries.get_image(work, id))


@router.delete(
    "/{id:uuid}", status_code=204, operation_id="delete_image", responses=problems.responses(ImageNotFound)
)
async def delete_image(id: ImageId, work: Managing) -> None:
    """Move a picture to the trash."""
    await service.trash(work, id)


@router.post("/{id:uuid}/restore", operation_id="restore_image", responses=problems.responses(ImageNotFound))
async def restore_image(id: ImageId, work: Managing) -> ImageOut:
    """Take a picture out of the trash."""
    return service.show(await service.restore(work, id))


@router.head("/{id:uuid}/file", include_in_schema=False)
@router.get(
    "/{id:uuid}/file",
    operation_id="get_image_file",
    response_class=Response,
    responses={200: {"description": "The original, byte for byte.", "content": {"image/*": {}}}, **_FILE},
)
async def get_file(id: ImageId, request: Request, studio: StudioDep, actor: Fetcher) -> Response:
    """The original's bytes; takes ranges, answers with a strong ETag."""
    return await _original(request, studio, await _readable(studio, actor, id))


@router.head("/{id:uuid}/thumbnail/{width}", include_in_schema=False)
@router.get(
    "/{id:uuid}/thumbnail/{width}",
    operation_id="get_image_thumbnail",
    response_class=Response,
    responses={200: {"description": "The thumbnail.", "content": {"image/*": {}}}, **_FILE},
)
async def get_thumbnail(
    id: ImageId,
    width: Annotated[
        Literal[256, 512, 1024],
        BeforeValidator(lambda text: _WIDTHS.get(text, text)),
        Path(description="Pixels across: 256, 512 or 1024."),
    ],
    request: Request,
    studio: StudioDep,
    actor: Fetcher,
) -> Response:
    """A thumbnail as AVIF or WebP, whichever `Accept` allows; the original while none is there yet."""
    image = await _readable(studio, actor, id)
    if image.rendered_at is None:
        return await _original(request, studio, image, cache="private, no-cache")
    format = "avif" if "image/avif" in accepted_names(request.headers.get("accept", "")) else "webp"
    key = service.rendition_key(image.content_hash, width, format)
    stored = await studio.storage.head(key)
    response = await file_response(
        request,
        storage=studio.storage,
        key=key,
        size=stored.size,
        media_type=f"image/{format}",
        etag=f"{image.content_hash[:32]}-{width}-{format}",
    )
    response.headers["Vary"] = "Accept"
    return response


async def _readable(studio: StudioDep, actor: Fetcher, image_id: UUID) -> Image:
    async with studio.work(actor) as work:
        return await queries.get_image(work, image_id)


async def _original(
    request: Request,
    studio: StudioDep,
    image: Image,
    *,
    filename: str | None = None,
    attachment: bool = False,
    cache: str = "private, max-age=31536000, immutable",
) -> Response:
    return await file_response(
        request,
        storage=studio.storage,
        key=image.file_path,
        size=image.file_size,
        media_type=f"image/{image.format}",
        etag=image.content_hash,
        filename=filename,
        attachment=attachment,
        cache=cache,
        last_modified=image.created_at,
    )


def file_name(text: str, id: UUID) -> str:
    """A file name without suffix: the first words of `text`, in any script, and the end of the id."""
    words = re.findall(r"\w+", text.replace("_", " "))
    return f"{'-'.join(words[:6]).lower()[:60].rstrip('-')}-{id.hex[-6:]}".lstrip("-")
