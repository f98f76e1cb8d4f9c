"""HTTP of exports: of images, projects and collections, and `/api/exports`."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import Response, StreamingResponse

from easel.base.clock import now
from easel.core.http import problems
from easel.core.http.deps import Fetcher, Reader, Reading, StudioDep
from easel.core.http.files import bytes_response, content_disposition, joined, not_modified
from easel.features.collections.errors import CollectionNotFound
from easel.features.library.errors import ImageNotFound
from easel.features.projects.errors import ProjectNotFound
from easel.storage.base import FileMissing, StorageUnavailable

from . import queries
from .errors import ExportFailed, ExportNotFound, ExportOutdated, ExportPreparing, NothingToExport
from .models import Export
from .schemas import ExportIn, ExportOut
from .service import freezing, streaming

router = APIRouter(tags=["exports"])

_ZIP: Final = "application/zip"
_PATIENCE_SECONDS: Final = 20
"""So long a request for a part waits for what it is a part of."""
_BYTES: Final[dict[str, Any]] = {
    "description": "The ZIP: originals, thumbnails, `contact-sheet.html`, `images.csv`, `images.json`.",
    "content": {_ZIP: {"schema": {"type": "string", "format": "binary"}}},
}
_BEGUN: Final[dict[int | str, dict[str, Any]]] = {
    200: _BYTES,
    202: {
        "model": ExportOut,
        "description": "The export, where it is large or `Prefer: respond-async` was sent.",
    },
}
_FILE: Final = problems.responses(
    ExportNotFound, ExportOutdated, ExportFailed, ExportPreparing, FileMissing, StorageUnavailable
)

ExportId = Annotated[UUID, Path(description="The export's id.")]
Prefer = Annotated[
    str | None,
    Header(
        max_length=200, description="`respond-async` gets the export's record in any case, not its bytes."
    ),
]


@router.post(
    "/images/export",
    operation_id="export_images",
    response_class=Response,
    responses={**_BEGUN, **problems.responses(ImageNotFound, NothingToExport, StorageUnavailable)},
)
async def export_images(body: ExportIn, studio: StudioDep, actor: Reader, prefer: Prefer = None) -> Response:
    """Pictures as a ZIP with their records and a contact sheet: those that are named, or all that a filter matches.

    Few of them come at once. Of many one gets a `download_url`, which can be asked at once, too. A download that broke
    off goes on with `Range`, at the address in `Content-Location` or `download_url`.
    """
    return await _answer(studio, actor, await freezing.of_selection(studio, actor, body), prefer)


@router.post(
    "/projects/{id:uuid}/export",
    operation_id="export_project",
    response_class=Response,
    responses={**_BEGUN, **problems.responses(ProjectNotFound, NothingToExport, StorageUnavailable)},
)
async def export_project(
    id: Annotated[UUID, Path(description="The project's id.")],
    studio: StudioDep,
    actor: Reader,
    prefer: Prefer = None,
) -> Response:
    """A project's pictures as a ZIP, the newest first; see `POST /images/export`."""
    return await _answer(studio, actor, await freezing.of_project(studio, actor, id), prefer)


@router.post(
    "/collections/{id:uuid}/export",
    operation_id="export_collection",
    response_class=Response,
    responses={**_BEGUN, **problems.responses(CollectionNotFound, NothingToExport, StorageUnavailable)},
)
async def export_collection(
    id: Annotated[UUID, Path(description="The collection's id.")],
    studio: StudioDep,
    actor: Reader,
    prefer: Prefer = None,
) -> Response:
    """A collection's pictures as a ZIP, in their order; see `POST /images/export`."""
    return await _answer(studio, actor, await freezing.of_collection(studio, actor, id), prefer)


@router.get("/exports/{id:uuid}", operation_id="get_export", responses=problems.responses(ExportNotFound))
async def get_export(id: ExportId, work: Reading) -> ExportOut:
    """One of your exports, and how it stands."""
    return freezing.show(await queries.get(work, id, now()))


@router.head("/exports/{id:uuid}/file", include_in_schema=False)
@router.get(
    "/exports/{id:uuid}/file",
    operation_id="download_export",
    response_class=Response,
    responses={200: _BYTES, **_FILE},
)
async def download_export(id: ExportId, request: Request, studio: StudioDep, actor: Fetcher) -> Response:
    """The ZIP. Takes ranges, and the same range always holds the same bytes while the ETag is the same."""
    async with studio.work(actor) as work:
        export = await queries.get(work, id, now())
    await streaming.check(studio, actor, export)
    if export.status == "preparing" and "range" in request.headers:
        export = await streaming.settled(studio, actor, export, seconds=_PATIENCE_SECONDS)
        if export.status == "preparing":
            raise ExportPreparing(headers={"Retry-After": "5"})
        await streaming.check(studio, actor, export)
    if export.size is not None:
        return await bytes_response(
            request,
            lambda start, end: streaming.stream(studio, actor, export, start, end),
            size=export.size,
            media_type=_ZIP,
            etag=_etag(export),
            headers=_headers(export),
        )
    headers = {**_headers(export), "ETag": f'"{_etag(export)}"', "Accept-Ranges": "bytes"}
    if not_modified(request, _etag(export)):
        return Response(status_code=304, headers=headers)
    if request.method == "HEAD":
        return Response(headers=headers, media_type=_ZIP)
    return await _whole(studio, actor, export, headers)


async def _answer(studio: StudioDep, actor: Reader, export: Export, prefer: str | None) -> Response:
    shown = freezing.show(export)
    if export.size is None or "respond-async" in (prefer or "").lower():
        return Response(shown.model_dump_json(), status_code=202, media_type="application/json")
    headers = {
        **_headers(export),
        "ETag": f'"{_etag(export)}"',
        "Accept-Ranges": "bytes",
        "Content-Length": str(export.size),
        "Content-Location": shown.download_url,
    }
    return await _whole(studio, actor, export, headers)


async def _whole(studio: StudioDep, actor: Reader, export: Export, headers: dict[str, str]) -> Response:
    made = streaming.stream(studio, actor, export)
    first = await anext(made)  # what goes wrong at once is a problem, not a broken download
    return StreamingResponse(joined(first, made), media_type=_ZIP, headers=headers)


def _headers(export: Export) -> dict[str, str]:
    name = f"{export.title[:100]} {export.created_at:%Y-%m-%d}.zip"
    return {
        "Content-Disposition": content_disposition(name, attachment=True),
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }


def _etag(export: Export) -> str:
    return f"{export.id.hex}-{export.revision}"
