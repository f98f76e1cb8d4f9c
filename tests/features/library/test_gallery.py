"""The gallery over HTTP: every filter, every order, search, facets, months."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from easel.core.actor import Actor
from easel.features.collections.models import Collection
from easel.features.library.models import CollectionImage, Image
from easel.features.library.queries import words
from easel.features.projects.models import Project
from tests.plugins.problems import problem_of
from tests.plugins.shelf import Shelf, picture

pytestmark = pytest.mark.anyio

PROJECT, COLLECTION = uuid4(), uuid4()
FIRST = datetime(2026, 1, 31, 12, tzinfo=UTC)

# Made in this order, a month apart.
PICTURES: dict[str, dict[str, Any]] = {
    "fox": {"tags": ["animal", "red"], "rating": 5, "is_favorite": True, "title": "b fox"},
    "wolf": {"prompt": "two grey wolves running, snow", "tags": ["animal"], "rating": 3, "likes": 2},
    "house": {
        "prompt": "an old lighthouse by the sea",
        "notes": "for the client's calendar",
        "project_id": PROJECT,
        "model_id": "other/sea-1",
        "width": 3000,
        "height": 1000,
    },
    "drache": {"prompt": "ein grüner Drache über Tokyo 東京", "title": "A dragon", "is_public": True},
    "tall": {"model_id": "painter/slow", "operation": "upscale", "width": 512, "height": 2048},
}


@pytest.fixture
async def hung(shelf: Shelf) -> dict[str, str]:
    """The names of five pictures on the shelf by their ids; "fox" is also in a collection."""
    names: dict[str, str] = {}
    async with shelf.studio.work(shelf.actor) as work:
        work.session.add(
            Project(
                id=PROJECT,
                workspace_id=shelf.actor.workspace,
                user_id=shelf.actor.user,
                name="Sea",
                category="",
            )
        )
        work.session.add(
            Collection(
                id=COLLECTION, workspace_id=shelf.actor.workspace, user_id=shelf.actor.user, name="Best"
            )
        )
    for n, (name, values) in enumerate(PICTURES.items()):
        image = await shelf.add(picture(7))
        made = {"created_at": FIRST + timedelta(days=31 * n), **values}
        async with shelf.studio.work(Actor.system()) as work:
            await work.session.execute(update(Image).where(Image.id == image.id).values(**made))
            if name == "fox":
                work.session.add(CollectionImage(collection_id=COLLECTION, image_id=image.id))
        names[str(image.id)] = name
    return names


async def shown(shelf: Shelf, hung: dict[str, str], query: str, *, limit: int = 100) -> str:
    """The names of what a query lists, all its pages, in order."""
    found: list[str] = []
    cursor = ""
    while True:
        answer = await shelf.client.get(f"/api/images?limit={limit}{query}{cursor}")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [hung[image["id"]] for image in page["items"]]
        if page["next_cursor"] is None:
            return " ".join(found)
        cursor = f"&cursor={page['next_cursor']}"


async def each(shelf: Shelf, hung: dict[str, str], expected: Iterable[tuple[str, str]]) -> None:
    for query, names in expected:
        assert await shown(shelf, hung, query) == names, query
        answer = await shelf.client.get(f"/api/images?limit=1&count=true{query}")
        assert answer.json()["total"] == len(names.split()), query


async def test_filters(shelf: Shelf, hung: dict[str, str]) -> None:
    everything = "tall drache house wolf fox"
    await each(
        shelf,
        hung,
        (
            ("", everything),
            ("&model=painter/slow", "tall"),
            ("&model=painter/slow&provider=other", ""),
            ("&provider=painter", "tall drache wolf fox"),
            (f"&project_id={PROJECT}", "house"),
            (f"&project_id={uuid4()}", ""),
            ("&project_id=none", "tall drache wolf fox"),
            (f"&collection_id={COLLECTION}", "fox"),
            (f"&collection_id={uuid4()}", ""),
            ("&tags=animal", "wolf fox"),
            ("&tags=animal&tags=red", "fox"),
            ("&tags=blue&tags=red&tags_mode=any", "fox"),
            ("&tags=red&tags=blue&tags_mode=none", "tall drache house wolf"),
            ("&favorite=true", "fox"),
            ("&favorite=false", "tall drache house wolf"),
            ("&rating_min=3", "wolf fox"),
            ("&rating_max=4", "wolf"),
            ("&aspect=square", "drache wolf fox"),
            ("&aspect=landscape", "house"),
            ("&width_min=500", "tall house"),
            ("&width_max=512&height_min=65", "tall"),
            ("&height_max=64", "drache wolf fox"),
            ("&operation=upscale", "tall"),
            ("&created_from=2026-03-01T00:00:00Z&created_to=2026-04-30T00:00:00Z", "house wolf"),
            ("&is_public=true", "drache"),
            ("&is_public=false&aspect=square", "wolf fox"),
            ("&tags=animal&rating_max=4&q=wolves", "wolf"),
        ),
    )
    fox = next(id for id, name in hung.items() if name == "fox")
    await shelf.client.delete(f"/api/images/{fox}")
    await each(shelf, hung, (("&tags=animal", "wolf"), ("&tags=animal&trashed=true", "fox")))


async def test_search(shelf: Shelf, hung: dict[str, str]) -> None:
    await each(
        shelf,
        hung,
        (
            ("&q=fox", "tall fox"),
            ("&q=light", "house"),
            ("&q=light tall", ""),
            ("&q=ligh* old", "house"),
            ("&q=light old", ""),
            ("&q=runs grey", "wolf"),
            ("&q=WOLVES run", "wolf"),
            ('&q="red fox"', "tall fox"),
            ('&q="fox red"', ""),
            ("&q=animal -red", "wolf"),
            ('&q=-"red fox"', "drache house wolf"),
            ("&q=calendar", "house"),
            ("&q=GRÜNER", "drache"),
            ("&q=東京", "drache"),
            ("&q=the", "house"),
            ("&q=!!!", ""),
            ("&q=it's\\' %26 | !x:* <->", ""),
            ('&q="', ""),
        ),
    )


async def test_orders_keep_their_place_from_page_to_page(shelf: Shelf, hung: dict[str, str]) -> None:
    for sort, names in (
        ("created", "tall drache house wolf fox"),
        ("name", "wolf fox tall house drache"),
        ("rating", "fox wolf tall drache house"),
        ("model", "tall drache wolf fox house"),
        ("likes", "wolf tall drache house fox"),
        ("size", "house tall drache wolf fox"),
    ):
        if (
            sort == "name"
        ):  # "two grey", "b fox"; then the prompts, "a red fox" last but for the title "A dragon"
            names = "wolf fox house tall drache"
        for limit in (1, 2, 100):
            assert await shown(shelf, hung, f"&sort={sort}", limit=limit) == names, sort
            backwards = " ".join(reversed(names.split()))
            assert await shown(shelf, hung, f"&sort={sort}&order=asc", limit=limit) == backwards, sort
        narrowed = " ".join(name for name in names.split() if name in ("fox", "wolf"))
        assert await shown(shelf, hung, f"&sort={sort}&tags=animal", limit=1) == narrowed, sort


async def test_a_cursor_belongs_to_its_filter_and_order(shelf: Shelf, hung: dict[str, str]) -> None:
    page = (await shelf.client.get("/api/images?limit=1&tags=animal")).json()
    cursor = page["next_cursor"]
    for query in ("", "&tags=red", "&tags=animal&order=asc", "&tags=animal&sort=name", "&tags=animal&q=x"):
        answer = await shelf.client.get(f"/api/images?cursor={cursor}{query}")
        problem = problem_of(answer, 422, "cursor_of_another_list")
        assert [error.field for error in problem.errors] == ["cursor"]
    again = await shelf.client.get(f"/api/images?limit=50&tags_mode=all&tags=animal&cursor={cursor}")
    assert [hung[image["id"]] for image in again.json()["items"]] == ["fox"]


async def test_unknown_names_and_bad_values_are_refused(shelf: Shelf) -> None:
    for path in ("/api/images", "/api/images/facets", "/api/images/months"):
        for query, field in (
            ("colour=red", "colour"),
            ("rating_min=0", "rating_min"),
            ("tags=%20", "tags.0"),
            ("tags=a%E2%80%AEb", "tags.0"),
            ("tags=" + "x" * 65, "tags.0"),
            ("project_id=some", "project_id"),
            ("tags_mode=most", "tags_mode"),
            ("q=" + "x" * 501, "q"),
            ("width_min=0", "width_min"),
        ):
            problem = problem_of(await shelf.client.get(f"{path}?{query}"), 422, "invalid_input")
            assert {error.field.split(".")[0] for error in problem.errors} == {field.split(".")[0]}, query


async def test_facets(shelf: Shelf, hung: dict[str, str]) -> None:
    facets = (await shelf.client.get("/api/images/facets")).json()
    assert facets == {
        "model": {"painter/fast": 3, "other/sea-1": 1, "painter/slow": 1},
        "provider": {"painter": 4, "other": 1},
        "project_id": {"none": 4, str(PROJECT): 1},
        "operation": {"text-to-image": 4, "upscale": 1},
        "rating": {"none": 3, "5": 1, "3": 1},
        "favorite": {"false": 4, "true": 1},
        "is_public": {"false": 4, "true": 1},
        "aspect": {"square": 3, "landscape": 1, "portrait": 1},
        "tags": {"animal": 2, "red": 1},
        "collection_id": {"none": 4, str(COLLECTION): 1},
    }
    of_animals = (await shelf.client.get("/api/images/facets?tags=animal&q=wolves")).json()
    assert of_animals["tags"] == {"animal": 1}
    assert of_animals["rating"] == {"3": 1}


async def test_months_lead_into_the_list(shelf: Shelf, hung: dict[str, str]) -> None:
    for order in ("desc", "asc"):
        found = (await shelf.client.get(f"/api/images/months?order={order}&provider=painter")).json()["items"]
        assert [(month["month"], month["count"]) for month in found] == [
            ("2026-06", 1),
            ("2026-05", 1),
            ("2026-03", 1),
            ("2026-01", 1),
        ][:: 1 if order == "desc" else -1]
        for month, names in zip(
            found, ("tall drache wolf fox", "drache wolf fox", "wolf fox", "fox"), strict=True
        ):
            if order == "desc":
                query = f"&provider=painter&cursor={month['cursor']}"
                assert await shown(shelf, hung, query) == names
    query = f"&provider=painter&order=asc&cursor={found[1]['cursor']}"
    assert await shown(shelf, hung, query) == "wolf drache tall"


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("", []),
        ('  - * " ', []),
        ("fox", ["beginning fox"]),
        ("a", ["word a"]),
        ("red fox", ["word red", "beginning fox"]),
        ('"red fox" den', ["phrase red fox", "beginning den"]),
        ('den "red fox', ["word den", "phrase red fox"]),
        ('fox -"in snow" -den*', ["word fox", "not phrase in snow", "not beginning den"]),
        ("rock'n'roll", ["beginning rock'n'roll"]),
    ],
)
async def test_terms(q: str, expected: list[str]) -> None:
    assert [f"{'not ' * term.without}{term.kind} {term.text}" for term in words.terms(q)] == expected
