"""Every route, called by everyone: strangers find nothing of a team's, viewers change nothing, members work.

The table in `route_table` says who may do what; this walks all of it over HTTP, with real things of the team
behind the ids.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import httpx
import pytest

from easel.app.api import build
from tests.app.route_rows import ROWS, SECRET, TEAM, World, open_world
from tests.app.route_table import OK, ROUTES, Line, Who
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

PEOPLE = tuple(field.name for field in fields(Who))


@dataclass(frozen=True)
class Route:
    """An operation of the OpenAPI document."""

    name: str
    method: str
    path: str
    open: bool
    endless: bool


def routes() -> Iterator[Route]:
    for path, item in build().openapi()["paths"].items():
        for method, operation in item.items():
            yield Route(
                name=operation["operationId"],
                method=method.upper(),
                path=path,
                open={} in operation.get("security", [{}]),
                endless="text/event-stream" in operation["responses"].get("200", {}).get("content", {}),
            )


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    there = {route.name for route in routes()}
    without = sorted(there - set(ROUTES))
    assert not without, (
        f"Say who may call {', '.join(without)}: add to ROUTES in tests/app/route_table.py a line such as "
        f'"{without[0]}": Line(READS_ROW, row="image") for each. READS, CHANGES, PERSONAL, OPEN and the other '
        "words are explained there; what {id} stands for is made by tests/app/route_rows.py."
    )
    assert not set(ROUTES) - there, "these routes are gone; take their lines off the table"


@pytest.mark.timeout(300)
async def test_everyone_gets_what_the_table_says_and_no_more(server: Server) -> None:
    world = await open_world(server)
    client = server.client()
    await ROWS["image"](world)
    await ROWS["generation"](world)
    wrong: list[str] = []
    number = 0
    for route in routes():
        line = ROUTES[route.name]
        for person in PEOPLE:
            number += 1
            expected = getattr(line.who, person)
            sent = await _request(world, client, route, line, person, number)
            status, text = await _answer(client, sent, endless=route.endless)
            if not _as_expected(status, expected, line):
                good = line.ok if expected == OK else expected
                wrong.append(f"{route.name} as {person}: {status} and not {good}: {text[:300]}")
            named = TEAM in text or str(world.team) in text
            named = named and not (person == "operator" and line.names_workspaces)
            if person in ("anonymous", "stranger", "operator") and (SECRET in text or named):
                wrong.append(f"{route.name} tells the {person} what is the team's: {text[:300]}")
        if not route.open:
            sent = await _request(world, client, route, line, "stranger", number)
            sent.headers["X-Workspace"] = str(world.team)
            status, text = await _answer(client, sent, endless=route.endless)
            if status != 404 or json.loads(text)["code"] != "workspace_not_found":
                wrong.append(f"{route.name} as a stranger in the team: {status} and not 404: {text[:300]}")
    assert not wrong, "\n".join(wrong)


async def _request(
    world: World, client: httpx.AsyncClient, route: Route, line: Line, person: str, number: int
) -> httpx.Request:
    """A good request, for a thing of the team that nobody has touched yet."""
    row = {"id": await ROWS[line.row](world)} if line.row else {}
    parts = {
        "n": str(number),
        "team": str(world.team),
        **{f"{name}_user": str(user.id) for name, user in world.people.items()},
    }
    for name in re.findall(r"{(\w+)}", " ".join(line.path.values()) + json.dumps(line.body)):
        if name in ROWS:
            parts[name] = await ROWS[name](world)
    path = {name: value.format(**parts) for name, value in line.path.items()}
    body: Any = None
    if line.body is not None:
        text = json.dumps(line.body)
        for name, value in parts.items():
            text = text.replace(f"{{{name}}}", value)
        body = json.loads(text)
    return client.build_request(
        route.method,
        route.path.format(**{**row, **path}) + line.query,
        json=body,
        content=line.content,
        headers={**line.headers, **await world.headers(person)},
    )


async def _answer(client: httpx.AsyncClient, request: httpx.Request, *, endless: bool) -> tuple[int, str]:
    answer = await client.send(request, stream=True)
    try:
        if not (endless and answer.is_success):
            await answer.aread()
            return answer.status_code, answer.content.decode(errors="replace")
        return answer.status_code, ""
    finally:
        await answer.aclose()
        client.cookies.clear()


def _as_expected(status: int, expected: int, line: Line) -> bool:
    if expected != OK:
        return status == expected
    return 200 <= status < 400 if line.ok == OK else status == line.ok
