"""What is known of pictures, as a file to take along."""

from __future__ import annotations

import csv
import io
from uuid import uuid4

import pytest

from tests.plugins.problems import problem_of
from tests.plugins.shelf import OpenShelf, Shelf

pytestmark = pytest.mark.anyio


async def test_records_as_json_and_csv(shelf: Shelf, open_shelf: OpenShelf) -> None:
    theirs = await (await open_shelf("bob@example.com")).add(seed=9)
    a, b = await shelf.add(seed=1, prompt="=HYPERLINK(1)"), await shelf.add(seed=2)
    await shelf.client.put(f"/api/images/{a.id}", json={"tags": ["red", "old"], "notes": "two\nlines"})
    ids = [str(id) for id in (b.id, uuid4(), a.id, theirs.id)]
    answer = await shelf.client.post("/api/images/metadata", json={"ids": ids})
    assert answer.headers["content-disposition"] == 'attachment; filename="easel-images.json"'
    assert answer.json() == [(await shelf.client.get(f"/api/images/{image.id}")).json() for image in (b, a)]
    table = await shelf.client.post("/api/images/metadata?format=csv", json={"filter": {"tags": ["red"]}})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(io.StringIO(table.text))
    assert (row["id"], row["tags"], row["rating"]) == (str(a.id), "red, old", "")
    assert (row["prompt"], row["notes"]) == ("'=HYPERLINK(1)", "two\nlines")
    nothing = await shelf.client.post("/api/images/metadata", json={"filter": {"q": "nobody"}})
    assert nothing.json() == []
    problem_of(await shelf.client.post("/api/images/metadata", json={}), 422, "invalid_input")
