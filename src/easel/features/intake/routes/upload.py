"""Whole files: several in one body, or one from an address."""

from __future__ import annotations

import asyncio
import copy
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, BinaryIO, Final, cast

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError

from easel.base.errors import EaselError, FieldProblem, FileTooLarge, InvalidInput, Unavailable
from easel.base.open_internet import AddressRefused
from easel.core import outbound
from easel.core.actor import Actor
from easel.core.http import problems, uploads
from easel.core.http.deps import Manager, Reading, StudioDep
from easel.core.outbound import RemoteFailed, RemoteTooLarge
from easel.core.work import DatabaseUnavailable, Studio
from easel.features.library import service as library
from easel.features.library.errors import QuotaExceeded
from easel.features.projects.errors import ProjectArchived, ProjectIsTemplate, ProjectNotFound
from easel.media.errors import ImageTooLarge
from easel.media.isolated import DecoderUnavailable, ImageTooDemanding
from easel.storage.base import StorageFull, StorageUnavailable

from .. import queries
from ..errors import NothingCameIn
from ..schemas import FailedFile, KnownIn, KnownOut, UploadOut, UrlIn, Wishes
from ..service import taking
from ..service.taking import Taken

router = APIRouter()

AT_ONCE: Final = 4
"""Files of one request that are worked on at the same time."""
_MOST_JSON: Final = 10_000

TAKING: Final = (
    ProjectNotFound,
    ProjectArchived,
    ProjectIsTemplate,
    QuotaExceeded,
    *uploads.ERRORS,
    ImageTooLarge,
    ImageTooDemanding,
    DecoderUnavailable,
    StorageFull,
    StorageUnavailable,
)
"""What refuses a file."""


def _body() -> dict[str, Any]:
    body = copy.deepcopy(uploads.BODY)
    content = body["requestBody"]["content"]
    part = content["multipart/form-data"]["schema"]
    part["title"] = "FilesUpload"
    part["properties"][uploads.PART] = {
        "type": "array",
        "minItems": 1,
        "items": {"type": "string", "format": "binary"},
        "description": "The files' bytes.",
    }
    content["application/json"] = {"schema": UrlIn.model_json_schema()}
    return body


@router.post(
    "/upload",
    status_code=201,
    operation_id="upload_images",
    openapi_extra=_body(),
    responses=problems.responses(*TAKING, NothingCameIn, AddressRefused, RemoteFailed, RemoteTooLarge),
)
async def upload_images(
    request: Request, studio: StudioDep, actor: Manager, wishes: Annotated[Wishes, Query()]
) -> UploadOut:
    """Upload pictures to your library, or name an address to fetch one from: PNG, JPEG, WebP, AVIF or GIF.

    Files are kept byte for byte. Prompts and settings that A1111, ComfyUI, InvokeAI or SwarmUI wrote into them are
    read, as are titles, keywords and ratings. Each file stands for itself: what was not taken is in `failed`; only
    when none was, the answer is an error.
    """
    settings = studio.settings.uploads
    async with studio.work(actor) as work:
        await taking.check(work, wishes)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        with SpooledTemporaryFile(max_size=1 << 20) as spooled:
            file = cast("BinaryIO", spooled)
            url = await outbound.save(
                await _url(request),
                file,
                max_bytes=settings.max_picture_bytes,
                transport=studio.outside(),
            )
            name = url.partition("?")[0].rpartition("/")[2]
            taken = await taking.take(studio, actor, file, name=name, wishes=wishes)
        return _shown([taken], [])
    async with uploads.several(request, limit=settings.max_picture_bytes, most=settings.max_files) as files:
        return await _all(studio, actor, files, wishes)


async def _all(studio: Studio, actor: Actor, files: list[uploads.Sent], wishes: Wishes) -> UploadOut:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(sent: uploads.Sent) -> Taken | EaselError:
        async with slots:
            try:
                if sent.too_large:
                    raise FileTooLarge.than(studio.settings.uploads.max_picture_bytes)
                return await taking.take(studio, actor, sent.file, name=sent.name, wishes=wishes)
            except EaselError as error:
                return error

    ends = await asyncio.gather(*(one(sent) for sent in files))
    taken = [end for end in ends if isinstance(end, Taken)]
    refused = [
        (taking.plain_name(sent.name), end)
        for sent, end in zip(files, ends, strict=True)
        if isinstance(end, EaselError)
    ]
    if not taken:
        raise _none(refused)
    return _shown(taken, refused)


def _none(refused: list[tuple[str, EaselError]]) -> EaselError:
    """Why nothing came in: the one file's own reason, what is out of order, or all reasons."""
    errors = [error for _, error in refused]
    broken = next((e for e in errors if isinstance(e, Unavailable | DatabaseUnavailable | StorageFull)), None)
    if len(errors) == 1 or broken is not None:
        return broken or errors[0]
    problems_by_file = tuple(FieldProblem(name, error.detail, error.code) for name, error in refused)
    return NothingCameIn(errors=problems_by_file)


def _shown(taken: list[Taken], refused: list[tuple[str, EaselError]]) -> UploadOut:
    return UploadOut(
        items=[library.show(one.image) for one in taken],
        failed=[FailedFile(name=name, code=error.code, message=error.detail) for name, error in refused],
        already_there=[one.image.id for one in taken if one.already_there],
    )


async def _url(request: Request) -> str:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_JSON:
            raise InvalidInput.of("url", "is too long", "too_long")
    try:
        return UrlIn.model_validate_json(bytes(body)).url
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise InvalidInput.of(field, first["msg"], first["type"]) from error


@router.post("/upload/known", operation_id="known_uploads")
async def known_uploads(work: Reading, body: KnownIn) -> KnownOut:
    """Which of some files your library has already, asked by their hashes."""
    found = await queries.known(work, body.hashes)
    return KnownOut(known=[digest for digest in dict.fromkeys(body.hashes) if digest in found])
