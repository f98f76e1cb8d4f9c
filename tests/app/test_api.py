"""The doors of the API: what opens them, and for what. Who may call which route is walked by `test_route_walk`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from easel.app.api import build
from easel.core.actor import ALL_SCOPES, Actor, Level, NotAllowed, NotSignedIn, Scope
from easel.core.work import Studio
from tests.app.route_table import CHANGES, CHANGES_ROW, ROUTES
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


def operations() -> Iterator[tuple[str, str, str, bool]]:
    """Every operation of the document: method, path with ids that nothing has, name, whether it is open."""
    for path, item in build().openapi()["paths"].items():
        for method, operation in item.items():
            whole = re.sub(r"{\w+}", "01234567-89ab-7cde-8f01-234567abcdef", path)
            yield method.upper(), whole, operation["operationId"], {} in operation.get("security", [{}])


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [name for _, _, name, _ in operations()]
    assert len(names) == len(set(names))


async def test_a_credential_that_is_wrong_is_never_taken_for_none(server: Server) -> None:
    client = server.client(headers={"Authorization": "Bearer nonsense"})
    for method, path, _, open in operations():
        if not open:
            problem_of(await client.request(method, path, json={}), 401, "not_signed_in")


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
    refused = 0
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        for method, path, name, _ in operations():
            if ROUTES[name].who in (CHANGES, CHANGES_ROW):
                answer = await client.request(method, path, json=ROUTES[name].body)
                assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), (method, path)
                refused += 1
        assert (await client.get("/api/images")).status_code == 200
    assert refused > 10
