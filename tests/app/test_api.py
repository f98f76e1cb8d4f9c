"""The doors of the API: which are open, and that behind the others nobody reaches what is not theirs.

A new route must be entered in the table here; without an entry the first test fails.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from easel.app.api import build
from easel.core.actor import ALL_SCOPES, Actor, Level, NotAllowed, NotSignedIn, Scope
from easel.core.work import Studio
from tests.plugins.problems import problem_of
from tests.plugins.shelf import OpenShelf
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

OPEN = {
    *("register", "login", "refresh_token"),
    *("list_models", "list_featured_models", "list_model_categories", "get_model", "list_styles"),
    *("healthz", "readyz"),
}
"""Operations that need no credentials."""

SIGNED_IN = {
    *("logout", "me", "verify_token"),
    *("update_profile", "change_password", "list_sessions", "end_session", "end_other_sessions"),
    *("list_images", "get_image", "delete_image", "restore_image"),
    *("get_image_file", "get_image_thumbnail", "download_image"),
    *("generate_image", "text_to_image", "list_queue", "list_history"),
    *("get_generation", "cancel_generation", "retry_generation", "get_preview"),
    "stream_events",
}
"""Operations that need them."""

BODIES: dict[str, Any] = {
    "generate_image": {"prompt": "a fox"},
    "text_to_image": {"prompt": "a fox"},
    "update_profile": {"name": "Bob"},
    "change_password": {"current_password": "a good long password", "new_password": "another good one"},
}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation of the document: method, path, description."""
    return [
        (method.upper(), path, operation)
        for path, item in build().openapi()["paths"].items()
        for method, operation in item.items()
    ]


def filled(path: str, **values: object) -> str:
    """A path with its parameters filled in; ids that nothing has where none is given."""
    stand_ins = {"id": "01234567-89ab-7cde-8f01-234567abcdef", "number": 1, "width": 256}
    return path.format(**{**stand_ins, **values})


async def send(client: httpx.AsyncClient, method: str, path: str, name: str) -> httpx.Response:
    return await client.request(method, path, json=BODIES.get(name))


def test_every_operation_is_in_the_table() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))
    assert set(names) == OPEN | SIGNED_IN
    for _, path, operation in operations():
        needs = operation.get("security", [{}])
        assert ({} in needs) == (operation["operationId"] in OPEN), path


async def test_without_credentials_only_the_open_ones_answer(server: Server) -> None:
    client = server.client()
    for method, path, operation in operations():
        name = operation["operationId"]
        if name in SIGNED_IN:
            problem_of(await send(client, method, filled(path), name), 401, "not_signed_in")
        elif method == "GET":
            answer = await send(client, method, filled(path, id="painter/fast"), name)
            assert answer.status_code == 200, path
    bad = {"Authorization": "Bearer nonsense"}
    for method, path, operation in operations():
        if operation["operationId"] in SIGNED_IN:
            answer = await client.request(method, filled(path), json={}, headers=bad)
            problem_of(answer, 401, "not_signed_in")


async def test_nobody_reaches_what_is_anothers(server: Server, open_shelf: OpenShelf, worker: None) -> None:
    owner, other = await open_shelf("ada@example.com"), await open_shelf("bob@example.com")
    sent, wait = {"prompt": "a fox"}, {"Prefer": "wait=20"}
    made = (await owner.client.post("/api/images/generate", json=sent, headers=wait)).json()
    [session] = (await owner.client.get("/api/auth/sessions")).json()["items"]
    ids = {"images": made["images"][0]["id"], "generate": made["id"], "auth": session["id"]}
    reached = set()
    for method, path, operation in operations():
        name = operation["operationId"]
        if "{id}" not in path or name in OPEN:
            continue
        whole = filled(path, id=ids[path.split("/")[2]])
        answer = await send(other.client, method, whole, name)
        assert answer.status_code == 404, (method, path, answer.text)
        reached.add(name)
    assert len(reached) == 11
    assert (await owner.client.get(f"/api/images/{ids['images']}")).json()["deleted_at"] is None
    assert (await other.client.get("/api/generate/history")).json()["items"] == []


async def test_each_access_parameter_asks_for_its_scope() -> None:
    looker = Actor(kind="user", level=Level.VIEW, scopes=ALL_SCOPES)
    editor = Actor(kind="user", level=Level.EDIT, scopes=frozenset({Scope.READ, Scope.GENERATE}))
    looker.require(Scope.READ)
    editor.require(Scope.GENERATE)
    Actor.system().require(Scope.MANAGE)
    for actor, scope in ((looker, Scope.GENERATE), (looker, Scope.MANAGE), (editor, Scope.MANAGE)):
        with pytest.raises(NotAllowed):
            actor.require(scope)
    with pytest.raises(NotAllowed):
        Actor(kind="user", level=None, scopes=ALL_SCOPES).require(Scope.READ)
    for reading in ("user", "workspace"):
        with pytest.raises(NotSignedIn):
            getattr(Actor.anonymous(), reading)
    with pytest.raises(NotSignedIn):
        Actor.anonymous().require(Scope.READ)


async def test_a_credential_that_may_only_look_changes_nothing(server: Server, studio: Studio) -> None:
    from fastapi import FastAPI

    async def as_reader(*_: object) -> Actor:
        return actor

    owner = await server.member()
    facts = (await owner.get("/api/auth/verify")).json()
    actor = Actor(
        kind="user",
        user_id=facts["user_id"],
        workspace_id=facts["workspace_id"],
        level=Level.ADMIN,
        scopes=frozenset({Scope.READ}),
    )
    app: FastAPI = build()
    app.state.studio, app.state.authenticate = studio, as_reader
    changing = {"delete_image", "restore_image", "generate_image", "text_to_image"}
    changing |= {"cancel_generation", "retry_generation"}
    changing |= {"update_profile", "change_password", "end_session", "end_other_sessions"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        for method, path, operation in operations():
            name = operation["operationId"]
            if name in changing:
                answer = await send(client, method, filled(path), name)
                assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), path
        assert (await client.get("/api/images")).status_code == 200
