"""The layout of a list: every picture's shape in the order of the pages, and ways into its middle."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from easel.core.actor import Actor
from easel.features.library.models import Image
from tests.plugins.shelf import Shelf

pytestmark = pytest.mark.anyio


async def copy(shelf: Shelf, count: int) -> None:
    """So many more rows like the one that is there, each of a width of its own."""
    async with shelf.studio.work(Actor.system()) as work:
        table = Image.__table__
        row = (await work.session.execute(table.select())).mappings().one()
        told = {name: value for name, value in row.items() if name not in ("id", "created_at", "words")}
        rows = [{**told, "width": 100 + n % 50, "height": 100} for n in range(count)]
        await work.session.execute(insert(Image).values([{**row, "facts": {}} for row in rows]))


@pytest.mark.parametrize("order", ["desc", "asc"])
async def test_shapes_and_blocks_are_those_of_the_pages(shelf: Shelf, order: str) -> None:
    await shelf.add()
    await copy(shelf, 299)
    answer = await shelf.client.get(f"/api/images/layout?order={order}", headers={"Accept-Encoding": "gzip"})
    layout = answer.json()
    assert layout["total"] == 300
    assert [block["start"] for block in layout["blocks"]] == [0, 100, 200]
    for block in layout["blocks"]:
        at = f"&cursor={block['cursor']}" if block["cursor"] else ""
        page = (await shelf.client.get(f"/api/images?limit=100&order={order}{at}")).json()
        shapes = layout["ratios"][block["start"] : block["start"] + 100]
        assert shapes == [round(image["width"] * 1000 / image["height"]) for image in page["items"]]


async def test_a_layout_keeps_to_the_filter_and_to_the_workspace(shelf: Shelf) -> None:
    assert (await shelf.client.get("/api/images/layout")).json() == {
        "total": 0,
        "ratios": [],
        "blocks": [{"start": 0, "cursor": None}],
    }
    await shelf.add()
    trash = (await shelf.client.get("/api/images/layout?trashed=true")).json()
    assert (trash["total"], trash["ratios"]) == (0, [])
    assert (await shelf.client.get("/api/images/layout?limit=3")).status_code == 422
