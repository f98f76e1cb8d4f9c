"""HTTP of take-out: `/api/users/export`, `/api/users/import`."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from easel.base.clock import now
from easel.base.errors import FileTooLarge
from easel.core.actor import NotSignedIn
from easel.core.http import problems, uploads
from easel.core.http.deps import Manager, Person, StudioDep
from easel.core.http.files import content_disposition

from .errors import BadTakeOut, ImportRunning
from .schemas import ImportStarted
from .service import bring_in, export, parcel

router = APIRouter(prefix="/users", tags=["users"])


@router.post(
    "/export",
    operation_id="export_account",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The take-out.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        },
        **problems.responses(NotSignedIn),
    },
)
async def export_account(studio: StudioDep, actor: Person) -> StreamingResponse:
    """Everything of yours as one ZIP: originals, records as JSON and CSV, a contact sheet, a manifest of hashes."""
    made = export.stream(studio, actor)
    first = await anext(made)  # what goes wrong at once is a problem, not a broken download
    name = f"easel-take-out-{now():%Y-%m-%d}.zip"
    return StreamingResponse(
        _all(first, made),
        media_type="application/zip",
        headers={
            "Content-Disposition": content_disposition(name, attachment=True),
            "Cache-Control": "no-store",
        },
    )


async def _all(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(rest):
        yield first
        async for piece in rest:
            yield piece


@router.post(
    "/import",
    status_code=202,
    operation_id="import_account",
    openapi_extra=uploads.BODY,
    responses=problems.responses(
        NotSignedIn,
        BadTakeOut,
        ImportRunning,
        FileTooLarge,
        uploads.NotMultipart,
        uploads.BrokenUpload,
    ),
)
async def import_account(request: Request, studio: StudioDep, actor: Manager) -> ImportStarted:
    """Bring a take-out into your library. A worker does it; follow the job. Doing it twice adds nothing."""
    with parcel.scratch(studio) as folder:
        path = folder / "upload.zip"
        with path.open("wb") as file:
            await uploads.save(request, file, limit=studio.settings.web.max_import_bytes)
        return await bring_in.receive(studio, actor, path)
