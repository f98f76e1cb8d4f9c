"""HTTP of pictures' files: originals, downloads, thumbnails."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BeforeValidator

from easel.core.http import problems
from easel.core.http.deps import Fetcher, StudioDep
from easel.core.http.files import content_disposition, file_response
from easel.core.http.negotiation import accepted_names
from easel.media.errors import ImageTooLarge, NotAnImage
from easel.media.isolated import DecoderUnavailable, ImageTooDemanding
from easel.media.probe import MAX_SIDE
from easel.media.redraw import Recipe
from easel.media.renditions import WIDTHS
from easel.storage.base import FileMissing, StorageUnavailable

from .. import queries, service
from ..errors import ImageNotFound
from ..models import Image
from .parts import ImageId

router = APIRouter(prefix="/images", tags=["images"])

_FILE = {**problems.responses(ImageNotFound, FileMissing, StorageUnavailable)}
_CONVERTED = problems.responses(NotAnImage, ImageTooLarge, ImageTooDemanding, DecoderUnavailable)
_WIDTHS = {str(width): width for width in WIDTHS}  # a path holds text, and no number equals a text


@router.head("/download/{id:uuid}", include_in_schema=False)
@router.get(
    "/download/{id:uuid}",
    operation_id="download_image",
    response_class=Response,
    responses={200: {"description": "The picture.", "content": {"image/*": {}}}, **_FILE, **_CONVERTED},
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
    # Of an animation one gets the first frame, and that is a PNG.
    wanted: Any = {"original": image.format, "jpg": "jpeg"}.get(format, format)
    wanted = "png" if wanted == "gif" else wanted
    data = await studio.storage.get(image.file_path)
    recipe = Recipe(wanted, within=(width or MAX_SIDE, MAX_SIDE))
    made = await studio.isolated.redraw(BytesIO(data), recipe)
    return Response(
        made.data,
        media_type=f"image/{wanted}",
        headers={
            "Content-Disposition": content_disposition(f"{name}.{wanted}", attachment=True),
            "Cache-Control": "private, max-age=3600",
        },
    )


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
