"""HTTP of a gallery's layout: the shape of every picture of a list, in its order."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from easel.core.http.deps import Reading
from easel.core.http.negotiation import accepted_names

from .. import queries
from ..service import listing
from .gallery import ListedQuery

router = APIRouter(prefix="/images", tags=["images"])

_WORTH_PACKING = 10_000
"""Bytes from which an answer is compressed."""


class Block(BaseModel):
    """Pictures that follow each other, and the cursor that leads to the first of them."""

    start: int = Field(description="The place of its first picture in the list, from 0.")
    cursor: str | None = Field(description="Pass it to the list for these pictures; null for the first.")


class ImageLayout(BaseModel):
    """What a gallery needs to know of all pictures of a list to give each one its place."""

    total: int = Field(description="How many pictures there are.")
    ratios: list[int] = Field(description="Of each picture in order: its width for a height of 1000.")
    blocks: list[Block] = Field(description="Where to begin to read, every hundred pictures.")


@router.get("/layout", operation_id="lay_out_images", response_model=ImageLayout)
async def lay_out(work: Reading, query: Annotated[ListedQuery, Query()], request: Request) -> Response:
    """The shapes of all pictures that a filter matches, so that a gallery can lay them out before it reads them."""
    wanted, order = query.wanted(), query.in_order()
    shapes = await queries.shapes(work, wanted, order)
    blocks = [
        {"start": (at + 1) * queries.BLOCK, "cursor": listing.cursor_of(wanted, order, entry)}
        for at, entry in enumerate(shapes.entries)
    ]
    blocks.insert(0, {"start": 0, "cursor": None})
    # The numbers come joined out of the database; a hundred thousand of them are not taken apart for nothing.
    body = f'{{"total":{shapes.total},"ratios":[{shapes.ratios}],"blocks":{json.dumps(blocks)}}}'.encode()
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "no-store"}
    if len(body) > _WORTH_PACKING and "gzip" in accepted_names(request.headers.get("accept-encoding", "")):
        body = await asyncio.to_thread(gzip.compress, body, 3)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)
