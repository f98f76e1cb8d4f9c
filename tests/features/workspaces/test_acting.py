"""In which workspace a request acts, and what the level there allows."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from tests.features.workspaces.steps import Team, open_team
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


@pytest.fixture
async def team(server: Server) -> Team:
    return await open_team(server)


async def acts_in(client: httpx.AsyncClient) -> str:
    answer = await client.get("/api/auth/verify")
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["workspace_id"]
    return found


async def test_a_request_acts_in_the_workspace_that_it_names_else_in_the_personal_one(team: Team) -> None:
    assert await acts_in(team.editor) == team.id
    personal = dict(team.editor.headers)
    del team.editor.headers["X-Workspace"]
    assert await acts_in(team.editor) != team.id
    assert personal["x-workspace"] == team.id


@pytest.mark.parametrize("named", ["another's", "nobody's"])
async def test_a_workspace_that_one_is_no_member_of_is_not_there(team: Team, named: str) -> None:
    stranger = await team.server.member("eve@example.com")
    stranger.headers["X-Workspace"] = team.id if named == "another's" else str(uuid4())
    for path in ("/api/images", "/api/auth/me", "/api/events"):
        problem_of(await stranger.get(path), 404, "workspace_not_found")
    stranger.headers["X-Workspace"] = "no id"
    problem_of(await stranger.get("/api/images"), 422, "invalid_input")


async def test_members_share_one_library_and_it_is_not_their_own(team: Team) -> None:
    made = await team.editor.post("/api/images/generate", json={"prompt": "a fox for all"})
    assert made.status_code == 202, made.text
    for client in (team.viewer, team.editor, team.admin):
        seen = (await client.get("/api/generate/history")).json()["items"]
        assert [each["id"] for each in seen] == [made.json()["id"]]
    del team.editor.headers["X-Workspace"]
    assert (await team.editor.get("/api/generate/history")).json()["items"] == []


async def test_who_may_view_changes_nothing(team: Team) -> None:
    made = await team.editor.post("/api/images/generate", json={"prompt": "a fox"})
    refused = await team.viewer.post("/api/images/generate", json={"prompt": "another"})
    problem_of(refused, 403, "not_allowed")
    stopped = await team.viewer.delete(f"/api/generate/queue/{made.json()['id']}")
    problem_of(stopped, 403, "not_allowed")
    # What is their own is theirs to change, wherever they act.
    renamed = await team.viewer.put("/api/auth/profile", json={"name": "Vera"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Vera")


async def test_a_key_of_idempotency_is_not_shared_between_workspaces(team: Team) -> None:
    headers = {"Idempotency-Key": "once"}
    body = {"prompt": "a fox"}
    first = await team.editor.post("/api/images/generate", json=body, headers=headers)
    again = await team.editor.post("/api/images/generate", json=body, headers=headers)
    assert first.json()["id"] == again.json()["id"]
    del team.editor.headers["X-Workspace"]
    elsewhere = await team.editor.post("/api/images/generate", json=body, headers=headers)
    problem_of(elsewhere, 422, "idempotency_key_reused")


async def test_what_a_browser_fetches_by_itself_needs_no_header(team: Team) -> None:
    image = await team.add_image()
    del team.viewer.headers["X-Workspace"]
    problem_of(await team.viewer.get(f"/api/images/{image}"), 404, "image_not_found")
    for address in (
        f"/api/images/{image}/file",
        f"/api/images/download/{image}",
        f"/api/images/{image}/thumbnail/256",
    ):
        assert (await team.viewer.get(address)).status_code == 200
        assert (await team.viewer.get(f"{address}?workspace={team.id}")).status_code == 200
    personal = await acts_in(team.viewer)
    problem_of(
        await team.viewer.get(f"/api/images/{image}/file?workspace={personal}"), 404, "image_not_found"
    )
    assert (await team.admin.delete(f"/api/teams/{team.id}/members/{team.viewer_id}")).status_code == 204
    problem_of(await team.viewer.get(f"/api/images/{image}/file"), 404, "image_not_found")


async def test_the_stream_tells_of_the_acting_workspace_until_the_membership_ends(team: Team) -> None:
    del team.viewer.headers["X-Workspace"]
    async with team.viewer.stream("GET", f"/api/events?workspace={team.id}") as answer:
        lines = answer.aiter_lines()
        assert (await anext(lines)).startswith("retry")
        elsewhere = await team.viewer.post("/api/images/generate", json={"prompt": "my own"})
        assert elsewhere.status_code == 202
        made = (await team.editor.post("/api/images/generate", json={"prompt": "ours"})).json()
        gone = await team.admin.delete(f"/api/teams/{team.id}/members/{team.viewer_id}")
        assert gone.status_code == 204
        heard = [line async for line in lines]
    assert any(made["id"] in line for line in heard)
    assert not any(elsewhere.json()["id"] in line for line in heard)
    assert "event: team.member_left" in heard
