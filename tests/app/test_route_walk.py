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
from sqlalchemy import event
from structlog.contextvars import get_contextvars

from easel.app.api import build
from tests.app.route_rows import ROWS, SECRET, TEAM, World, open_world
from tests.app.route_table import OK, ROUTES, Line, Who
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

MOST_STATEMENTS = 12
"""A request may cost so many, whoever sends it: what takes more is asked together, or in the background."""
MORE_STATEMENTS = {
    "register": 18,  # once in a person's life: account, workspace, mail, session, places, two lines of the log
    "create_comparisons": 15,  # two generations in one
    "export_account": 1000,  # all that a person has, table by table and picture by picture, as it is sent
}
"""Those that may cost more, and why."""
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
    statements = _noted(server)
    number = 0
    for route in routes():
        line = ROUTES[route.name]
        for person in PEOPLE:
            number += 1
            expected = getattr(line.who, person)
            sent = await _request(world, client, route, line, person, number)
            statements.clear()
            status, text = await _answer(client, sent, endless=route.endless)
            if len(statements) > MORE_STATEMENTS.get(route.name, MOST_STATEMENTS):
                asked = "\n  ".join(statements)
                wrong.append(f"{route.name} as {person}: {len(statements)} statements\n  {asked}")
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


def _noted(server: Server) -> list[str]:
    """What this server sends for requests from now on, but for what its own listeners ask."""
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if "request_id" in get_contextvars():
            sent.append(" ".join(statement.split())[:150])

    event.listen(server.studio.sessions.kw["bind"].sync_engine, "before_cursor_execute", note)
    return sent


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
