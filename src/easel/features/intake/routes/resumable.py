"""Files in parts, by the tus protocol 1.0.0 (https://tus.io): core, creation, expiration and termination."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator
from email.utils import format_datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from easel.base.errors import FileTooLarge, InvalidInput
from easel.core.http import problems
from easel.core.http.deps import Manager, Managing, StudioDep
from easel.core.work import Studio
from easel.features.library.errors import QuotaExceeded
from easel.features.projects.errors import ProjectArchived, ProjectIsTemplate, ProjectNotFound

from .. import queries
from ..errors import NotAPatch, OffsetConflict, TooManyUploads, TusVersionRefused, UploadNotFound
from ..models import Upload
from ..schemas import ResumableUpload, Wishes
from ..service import resumable
from .upload import TAKING

router = APIRouter(prefix="/uploads")

VERSION: Final = "1.0.0"
_BINARY: Final = "application/offset+octet-stream"

UploadId = Annotated[UUID, Path(description="The upload's id.")]


async def _speaks_tus(request: Request, response: Response) -> None:
    """Refuse other versions of the protocol; who names none is taken to speak this one."""
    if request.headers.get("tus-resumable", VERSION) != VERSION:
        raise TusVersionRefused
    response.headers["Tus-Resumable"] = VERSION


Tus = Depends(_speaks_tus)


def _told(studio: Studio, upload: Upload, response: Response) -> None:
    expires = format_datetime(resumable.expires_at(studio, upload), usegmt=True)
    response.headers["Upload-Offset"] = str(upload.received)
    response.headers["Upload-Length"] = str(upload.length)
    response.headers["Upload-Expires"] = expires
    response.headers["Cache-Control"] = "no-store"


@router.options("", include_in_schema=False)
@router.options("/{id:uuid}", include_in_schema=False)
async def capabilities(studio: StudioDep) -> Response:
    """What of the protocol is spoken here."""
    return Response(
        status_code=204,
        headers={
            "Tus-Resumable": VERSION,
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,expiration,termination",
            "Tus-Max-Size": str(studio.settings.uploads.max_picture_bytes),
        },
    )


@router.post(
    "",
    status_code=201,
    operation_id="begin_upload",
    dependencies=[Tus],
    responses=problems.responses(
        TusVersionRefused,
        FileTooLarge,
        TooManyUploads,
        ProjectNotFound,
        ProjectArchived,
        ProjectIsTemplate,
        QuotaExceeded,
    ),
)
async def begin_upload(
    work: Managing,
    studio: StudioDep,
    response: Response,
    upload_length: Annotated[int, Header(ge=1, le=1 << 50, description="Bytes of the whole file.")],
    upload_metadata: Annotated[
        str,
        Header(
            max_length=20_000,
            description="`key base64(value)` with commas between: `filename`, `tags` (with commas), "
            "`project_id`, `duplicates`.",
        ),
    ] = "",
) -> ResumableUpload:
    """Begin an upload that may break off and go on: send the bytes with PATCH to the address in `Location`."""
    values = _metadata(upload_metadata)
    upload = await resumable.create(
        work, name=values.get("filename", ""), length=upload_length, wishes=_wishes(values)
    )
    response.headers["Location"] = f"/api/images/uploads/{upload.id}"
    _told(studio, upload, response)
    return resumable.show(studio, upload)


@router.head("/{id:uuid}", include_in_schema=False, dependencies=[Tus])
@router.get("/{id:uuid}", operation_id="get_upload", responses=problems.responses(UploadNotFound))
async def get_upload(id: UploadId, work: Managing, studio: StudioDep, response: Response) -> ResumableUpload:
    """How an upload stands: how many bytes came, and which picture it became. HEAD answers the offset alone."""
    upload = await queries.upload(work, id)
    _told(studio, upload, response)
    return resumable.show(studio, upload)


_PATCH_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {_BINARY: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.patch(
    "/{id:uuid}",
    status_code=204,
    operation_id="continue_upload",
    dependencies=[Tus],
    openapi_extra=_PATCH_BODY,
    responses=problems.responses(TusVersionRefused, NotAPatch, UploadNotFound, OffsetConflict, *TAKING),
)
async def continue_upload(
    id: UploadId,
    request: Request,
    studio: StudioDep,
    actor: Manager,
    upload_offset: Annotated[int, Header(ge=0, le=1 << 50, description="Where the bytes begin in the file.")],
) -> Response:
    """Send bytes from an offset on. With the last of them the picture comes into the library."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _BINARY:
        raise NotAPatch
    upload = await resumable.append(studio, actor, id, upload_offset, _until_cut(request))
    response = Response(status_code=204, headers={"Tus-Resumable": VERSION})
    _told(studio, upload, response)
    return response


async def _until_cut(request: Request) -> AsyncIterator[bytes]:
    """The body, as far as it comes; when its sender is gone, what came counts."""
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        return


@router.delete(
    "/{id:uuid}",
    status_code=204,
    operation_id="end_upload",
    dependencies=[Tus],
    responses=problems.responses(TusVersionRefused, UploadNotFound),
)
async def end_upload(id: UploadId, studio: StudioDep, actor: Manager) -> Response:
    """Give an upload up; what came of it is removed. The picture that it became stays."""
    await resumable.end(studio, actor, id)
    return Response(status_code=204, headers={"Tus-Resumable": VERSION})


def _metadata(text: str) -> dict[str, str]:
    """The pairs of `Upload-Metadata`. Raises `InvalidInput`."""
    found: dict[str, str] = {}
    for pair in text.split(",") if text.strip() else ():
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise InvalidInput.of(
                "Upload-Metadata", "must be keys with values in base64", "invalid"
            ) from error
    return found


def _wishes(values: dict[str, str]) -> Wishes:
    tags = [tag for tag in values.get("tags", "").split(",") if tag.strip()]
    given: dict[str, Any] = {
        "tag": tags,
        **{name: values[name] for name in ("project_id", "duplicates") if name in values},
    }
    try:
        return Wishes.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInput.of(f"Upload-Metadata.{first['loc'][0]}", first["msg"], first["type"]) from error
