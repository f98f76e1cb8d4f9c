"""Duplicates over HTTP: whatever comparing all pairs would find, and nothing else, by an index."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, text

from easel.features.library import service as library
from easel.features.upkeep.service import duplicates
from tests.plugins.problems import problem_of
from tests.plugins.shelf import OpenShelf, Shelf, picture

pytestmark = pytest.mark.anyio

_ADD = """
INSERT INTO images (id, workspace_id, user_id, file_path, content_hash, format, width, height, file_size,
    operation, prompt, negative_prompt, model_id, model_version, parameters, alt_text, perceptual_hash)
SELECT gen_random_uuid(), :workspace, :user, 'originals/x', coalesce(bytes, gen_random_uuid()::text), 'png', 64, 64,
    100, 'text-to-image', 'a fox', '', 'painter/fast', '1', '{}', '', hash
FROM unnest(CAST(:hashes AS bigint[]), CAST(:bytes AS text[])) AS of (hash, bytes)
RETURNING id
"""


async def hang(shelf: Shelf, hashes: Sequence[int], bytes: Sequence[str] = ()) -> list[str]:
    """Put pictures with these perceptual and content hashes on the shelf; their ids, in order of the hashes."""
    said = {"hashes": list(hashes), "bytes": [*bytes, *[None] * (len(hashes) - len(bytes))]}
    owner = {"workspace": shelf.actor.workspace, "user": shelf.actor.user}
    async with shelf.studio.work(shelf.actor) as work:
        return [str(id) for id in await work.session.scalars(text(_ADD), {**said, **owner})]


async def groups(shelf: Shelf, query: str = "", *, limit: int = 50) -> list[dict[str, Any]]:
    """The groups of all pages."""
    found: list[dict[str, Any]] = []
    cursor, progress = "", 0.0
    while True:
        answer = await shelf.client.get(f"/api/images/duplicates?limit={limit}{query}{cursor}")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        assert progress <= page["progress"] <= 1
        found += page["items"]
        if page["next_cursor"] is None:
            assert page["progress"] == 1
            return found
        cursor, progress = f"&cursor={page['next_cursor']}", page["progress"]


def shown(found: list[dict[str, Any]]) -> set[frozenset[str]]:
    return {frozenset(image["id"] for image in group["images"]) for group in found}


def compared(hashes: dict[str, int], distance: int) -> set[frozenset[str]]:
    """The groups, by comparing each with each."""
    left = dict(hashes)
    found = set()
    while left:
        open_ = [left.popitem()]
        group = set()
        while open_:
            id, hash = open_.pop()
            group.add(id)
            near = {other: it for other, it in left.items() if ((hash ^ it) % 2**64).bit_count() <= distance}
            open_ += near.items()
            for other in near:
                del left[other]
        if len(group) > 1:
            found.add(frozenset(group))
    return found


def family(random: random.Random, size: int) -> list[int]:
    """Hashes of which each differs from some other in up to eleven bits."""
    found = [random.getrandbits(64)]
    while len(found) < size:
        bits = random.sample(range(64), random.randint(0, 11))
        found.append(random.choice(found) ^ sum(1 << bit for bit in bits))
    return [hash - 2**64 if hash >= 2**63 else hash for hash in found]


async def test_near_ones_are_those_that_comparing_all_pairs_finds(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(7)
    hashes = [hash for _ in range(40) for hash in family(dice, dice.randint(1, 7))]
    ids = await hang(shelf, hashes)
    await shelf.add()  # nothing is known yet of how it looks
    async with shelf.studio.work(shelf.actor) as work:
        rows = await work.session.execute(
            text("SELECT id, perceptual_hash FROM images WHERE perceptual_hash IS NOT NULL")
        )
        known = {str(row[0]): row[1] for row in rows}
    assert len(known) == len(ids) > 100
    for distance in (0, 3, 5, 7, 10):
        expected = compared(known, distance)
        assert shown(await groups(shelf, f"&distance={distance}")) == expected
        assert len(expected) >= 5 or not distance
    # The same, however short the pages and the stretches are.
    monkeypatch.setattr(duplicates, "_STRETCH", 17)
    found = await groups(shelf, "&distance=5", limit=3)
    assert shown(found) == compared(known, 5)
    assert len({group["key"] for group in found}) == len(found)


async def test_the_same_bytes_are_found_by_themselves_and_of_one_workspace(
    shelf: Shelf, open_shelf: OpenShelf
) -> None:
    one, _, two, *three = await hang(shelf, [5, 5, 9, 77, 78, 79], ["aa", "bb", "aa", "cc", "cc", "cc"])
    other = await open_shelf("bob@example.com")
    (foreign,) = await hang(other, [5], ["bb"])
    found = await groups(shelf, "&exact=true", limit=1)
    assert shown(found) == {frozenset({one, two}), frozenset(three)}
    assert await groups(other) == [] == await groups(other, "&exact=true")

    # In the trash they do not count, and out of it they do again.
    answer = await shelf.client.post("/api/images/bulk-delete", json={"ids": [two]})
    assert shown(await groups(shelf, "&exact=true")) == {frozenset(three)}
    await shelf.client.post(f"/api/images/undo/{answer.json()['undo_id']}")
    assert len(await groups(shelf, "&exact=true")) == 2

    answer = await shelf.client.post("/api/images/duplicates/dismissals", json={"ids": [one, foreign]})
    problem_of(answer, 404, "image_not_found")


async def test_what_is_dismissed_is_back_with_another_picture(shelf: Shelf) -> None:
    ids = await hang(shelf, [1, 3])
    answer = await shelf.client.post("/api/images/duplicates/dismissals", json={"ids": ids})
    assert answer.status_code == 204, answer.text
    await shelf.client.post("/api/images/duplicates/dismissals", json={"ids": ids[::-1]})
    page = (await shelf.client.get("/api/images/duplicates")).json()
    assert (page["items"], page["dismissed"], page["next_cursor"]) == ([], 1, None)

    (third,) = await hang(shelf, [7])
    assert shown(await groups(shelf)) == {frozenset({*ids, third})}
    await shelf.client.post("/api/images/duplicates/dismissals", json={"ids": [*ids, third]})
    assert await groups(shelf) == []
    assert (await shelf.client.delete("/api/images/duplicates/dismissals")).status_code == 204
    assert shown(await groups(shelf)) == {frozenset({*ids, third})}


async def test_very_many_that_are_alike_come_in_parts(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    same = await hang(shelf, [0] * 150)
    (group,) = await groups(shelf)
    assert (len(group["images"]), group["total"], group["whole"]) == (100, 150, False)

    # A chain in which each is near to the next, and the first is far from the last.
    monkeypatch.setattr(duplicates, "_MOST_HASHES", 5)
    monkeypatch.setattr(duplicates, "_STRETCH", 4)
    chain = await hang(shelf, [(1 << bit + 30) - 1 << 1 for bit in range(30)])
    seen: set[str] = set()
    gone: set[str] = set()
    while found := await groups(shelf, "&distance=1"):
        assert seen or not any(group["whole"] for group in found)
        seen |= {image["id"] for group in found for image in group["images"]}
        rest = [image["id"] for group in found for image in group["images"][1:]]
        assert (await shelf.client.post("/api/images/bulk-delete", json={"ids": rest})).status_code == 200
        gone.update(rest)
    assert seen >= set(same)
    for place, id in enumerate(chain):
        # One that was never shown is like none that is left: they went with another part.
        near = {*chain[max(0, place - 1) : place], *chain[place + 1 : place + 2]}
        assert id in seen or near <= gone


async def test_cursors_are_of_one_list(shelf: Shelf) -> None:
    await hang(shelf, [1, 1, 50_000, 50_000], ["aa", "aa", "bb", "bb"])
    for query in ("distance=3", "exact=true"):
        page = (await shelf.client.get(f"/api/images/duplicates?limit=1&{query}")).json()
        assert len(page["items"]) == 1
        for other in ("distance=4", "exact=true" if query != "exact=true" else "exact=false"):
            answer = await shelf.client.get(f"/api/images/duplicates?{other}&cursor={page['next_cursor']}")
            problem_of(answer, 422, "bad_cursor")
    for ids in ([], [str(uuid4())] * 2):
        answer = await shelf.client.post("/api/images/duplicates/dismissals", json={"ids": ids})
        assert answer.status_code == 422


async def test_pictures_that_came_twice_are_found_once_they_are_rendered(shelf: Shelf) -> None:
    twins = [await shelf.add(picture(3)) for _ in range(2)]
    await shelf.add(picture(3000, width=96))
    for image in twins:
        await library.make_renditions(shelf.studio, image.id)
    expected = {frozenset(str(image.id) for image in twins)}
    assert shown(await groups(shelf)) == expected == shown(await groups(shelf, "&exact=true"))


async def test_the_index_answers_and_no_table_is_read_through(shelf: Shelf, open_shelf: OpenShelf) -> None:
    dice = random.Random(1)
    for of in (shelf, await open_shelf("bob@example.com")):
        await hang(of, [hash for _ in range(3_000) for hash in family(dice, 1)])
    sent: list[tuple[str, Any]] = []
    async with shelf.studio.work(shelf.actor) as work:
        await work.session.execute(text("ANALYZE images"))

        def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
            sent.append((statement, values))

        event.listen(work.session.get_bind(), "before_cursor_execute", note)
        await duplicates.near(work, 10, limit=5, cursor=None)
        await duplicates.exact(work, limit=5, cursor=None)
        event.remove(work.session.get_bind(), "before_cursor_execute", note)
        connection = await work.session.connection()
        used = set()
        for statement, values in sent:
            if "FROM images" in statement:
                rows = await connection.exec_driver_sql(f"EXPLAIN {statement}", values)
                plan = "\n".join(row[0] for row in rows)
                assert "Seq Scan" not in plan, plan
                used |= {word for word in plan.split() if word.startswith("ix_images_by")}
    assert used == {f"ix_images_by_band_{band}" for band in range(4)} | {"ix_images_by_bytes"}
