"""What tests of teams do again and again, over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from easel.core.actor import ALL_SCOPES, Actor, Level
from tests.plugins.shelf import Shelf
from tests.plugins.studio import Server


@dataclass
class Team:
    """A team: a client of a member of each level, who act in it; the admin owns it."""

    server: Server
    id: str
    admin: httpx.AsyncClient
    editor: httpx.AsyncClient
    viewer: httpx.AsyncClient
    admin_id: str
    editor_id: str
    viewer_id: str

    async def add_image(self) -> str:
        """A picture of the team; answers its id."""
        actor = Actor(
            kind="user",
            user_id=UUID(self.admin_id),
            workspace_id=UUID(self.id),
            level=Level.ADMIN,
            scopes=ALL_SCOPES,
        )
        return str((await Shelf(self.admin, actor, self.server.studio).add()).id)

    async def members(self) -> dict[str, str]:
        """The levels of the members, by name."""
        answer = await self.admin.get(f"/api/teams/{self.id}/members")
        assert answer.status_code == 200, answer.text
        return {each["user"]["name"]: each["level"] for each in answer.json()["items"]}


async def invite(client: httpx.AsyncClient, team_id: str, email: str, level: str = "view") -> dict[str, Any]:
    """Invite an address; answers the invitation with its link."""
    answer = await client.post(f"/api/teams/{team_id}/invitations", json={"email": email, "level": level})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def token_of(invitation: dict[str, Any]) -> str:
    """The token in an invitation's link."""
    link: str = invitation["link"]
    return link.partition("token=")[2]


async def accept(client: httpx.AsyncClient, invitation: dict[str, Any]) -> httpx.Response:
    return await client.post("/api/teams/invitations/accept", json={"token": token_of(invitation)})


async def open_team(server: Server) -> Team:
    """A team with an admin, who owns it, an editor and a viewer."""
    admin = await server.member("ada@example.com", "Ada")
    made = await admin.post("/api/teams", json={"name": "Posters"})
    assert made.status_code == 201, made.text
    team_id = made.json()["id"]
    people = {"admin": admin}
    for name, level in (("editor", "edit"), ("viewer", "view")):
        people[name] = await server.member(f"{name}@example.com", name)
        joined = await accept(people[name], await invite(admin, team_id, f"{name}@example.com", level))
        assert joined.status_code == 200, joined.text
    ids = {}
    for name, client in people.items():
        ids[name] = (await client.get("/api/auth/me")).json()["id"]
        client.headers["X-Workspace"] = team_id
    return Team(
        server=server,
        id=team_id,
        admin=people["admin"],
        editor=people["editor"],
        viewer=people["viewer"],
        **{f"{name}_id": id for name, id in ids.items()},
    )
