"""HTTP of what is known of pictures, for taking along."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from easel.core.http import problems
from easel.core.http.deps import Reader, StudioDep
from easel.core.http.files import content_disposition

from ..schemas import Selection
from ..service import metadata

router = APIRouter(prefix="/images", tags=["images"])


@router.post(
    "/metadata",
    operation_id="export_metadata",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The records, as a JSON array or a CSV table.",
            "content": {"application/json": {}, "text/csv": {}},
        },
        **problems.responses(),
    },
)
async def export_metadata(
    body: Selection,
    studio: StudioDep,
    actor: Reader,
    format: Annotated[Literal["json", "csv"], Query(description="The form to get.")] = "json",
) -> StreamingResponse:
    """The records of pictures as a file; ids that there is no picture for are left out."""
    kind = "application/json" if format == "json" else "text/csv; charset=utf-8"
    name = content_disposition(f"easel-images.{format}", attachment=True)
    return StreamingResponse(
        metadata.written(studio, actor, body, format),
        media_type=kind,
        headers={"Content-Disposition": name, "Cache-Control": "no-store"},
    )
