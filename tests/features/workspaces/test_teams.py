"""Teams and their people: made, invited, given levels, handed over, deleted."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.mail.outbox import OutboxMail
from easel.features.library.models import Image
from easel.features.takeout.service import purge
from easel.features.workspaces.models import Invitation
from tests.features.workspaces.steps import Team, accept, invite, open_team, token_of
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


@pytest.fixture
async def team(server: Server) -> Team:
    return await open_team(server)


async def test_a_team_is_made_renamed_and_listed_with_ones_level(team: Team) -> None:
    renamed = await team.admin.put(f"/api/teams/{team.id}", json={"name": "Prints"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Prints")
    for client, level in ((team.admin, "admin"), (team.editor, "edit"), (team.viewer, "view")):
        [seen] = (await client.get("/api/teams")).json()["items"]
        assert (seen["name"], seen["level"], seen["members"]) == ("Prints", level, 3)
        assert seen["owner"]["name"] == "Ada"
    refused = await team.editor.put(f"/api/teams/{team.id}", json={"name": "Mine"})
    problem_of(refused, 403, "not_allowed")
    stranger = await team.server.member("eve@example.com")
    assert (await stranger.get("/api/teams")).json()["items"] == []
    problem_of(await stranger.get(f"/api/teams/{team.id}"), 404, "team_not_found")


async def test_a_personal_workspace_is_no_team(server: Server) -> None:
    client = await server.member()
    personal = (await client.get("/api/auth/verify")).json()["workspace_id"]
    problem_of(await client.get(f"/api/teams/{personal}"), 404, "team_not_found")
    problem_of(await client.delete(f"/api/teams/{personal}/members/{personal}"), 404, "team_not_found")
    problem_of(await client.post(f"/api/teams/{personal}/leave"), 404, "team_not_found")
    sent = await client.post(
        f"/api/teams/{personal}/invitations", json={"email": "b@example.com", "level": "admin"}
    )
    problem_of(sent, 404, "team_not_found")


async def test_an_invitation_is_mailed_and_kept_as_a_hash_only(team: Team) -> None:
    made = await invite(team.admin, team.id, "new@example.com", "edit")
    async with team.server.studio.work(Actor.system()) as work:
        mail = (
            await work.session.scalars(select(OutboxMail).where(OutboxMail.to == "new@example.com"))
        ).one()
        row = (await work.session.scalars(select(Invitation))).one()
    assert made["link"] in mail.text
    assert "Ada invites you to the team “Posters”" in mail.text
    assert token_of(made).encode() not in row.token
    [waiting] = (await team.admin.get(f"/api/teams/{team.id}/invitations")).json()["items"]
    assert "link" not in waiting
    assert (waiting["email"], waiting["level"], waiting["invited_by"]) == ("new@example.com", "edit", "Ada")


async def test_an_invitation_shows_what_it_is_for_and_is_good_once(team: Team) -> None:
    made = await invite(team.admin, team.id, "new@example.com", "edit")
    body = {"token": token_of(made)}
    shown = await team.server.client().post("/api/teams/invitations/preview", json=body)
    assert shown.status_code == 200, shown.text
    assert (shown.json()["team"], shown.json()["level"], shown.json()["invited_by"]) == (
        "Posters",
        "edit",
        "Ada",
    )
    assert team.id not in shown.text
    problem_of(
        await team.server.client().post("/api/teams/invitations/accept", json=body), 401, "not_signed_in"
    )
    new = await team.server.member("new@example.com", "New")
    joined = await accept(new, made)
    assert (joined.status_code, joined.json()["id"], joined.json()["level"]) == (200, team.id, "edit")
    other = await team.server.member("other@example.com")
    problem_of(await accept(other, made), 404, "invitation_not_found")
    problem_of(await other.post("/api/teams/invitations/preview", json=body), 404, "invitation_not_found")


async def test_of_many_who_accept_at_once_one_joins(team: Team) -> None:
    made = await invite(team.admin, team.id, "new@example.com")
    people = [await team.server.member(f"p{n}@example.com", f"p{n}") for n in range(4)]
    answers = await asyncio.gather(*(accept(client, made) for client in people))
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]
    assert len(await team.members()) == 4


async def test_an_invitation_ends_when_it_is_revoked_replaced_or_old(team: Team) -> None:
    new = await team.server.member("new@example.com", "New")
    revoked = await invite(team.admin, team.id, "new@example.com")
    refused = await team.editor.delete(f"/api/teams/{team.id}/invitations/{revoked['id']}")
    problem_of(refused, 403, "not_allowed")
    gone = await team.admin.delete(f"/api/teams/{team.id}/invitations/{revoked['id']}")
    assert gone.status_code == 204
    problem_of(await accept(new, revoked), 404, "invitation_not_found")

    first = await invite(team.admin, team.id, "new@example.com")
    second = await invite(team.admin, team.id, "New@Example.com")
    problem_of(await accept(new, first), 404, "invitation_not_found")

    async with team.server.studio.work(Actor.system()) as work:
        await work.session.execute(update(Invitation).values(expires_at=now() - timedelta(seconds=1)))
    problem_of(await accept(new, second), 404, "invitation_not_found")
    assert (await team.admin.get(f"/api/teams/{team.id}/invitations")).json()["items"] == []


async def test_a_member_is_not_invited_again(team: Team) -> None:
    sent = await team.admin.post(
        f"/api/teams/{team.id}/invitations", json={"email": "EDITOR@example.com", "level": "view"}
    )
    problem_of(sent, 409, "already_member")


async def test_levels_are_changed_by_admins_and_count_at_once(team: Team) -> None:
    member = f"/api/teams/{team.id}/members/{team.viewer_id}"
    problem_of(await team.editor.put(member, json={"level": "edit"}), 403, "not_allowed")
    problem_of(await team.viewer.put(member, json={"level": "admin"}), 403, "not_allowed")
    assert (await team.admin.put(member, json={"level": "edit"})).status_code == 204
    made = await team.viewer.post("/api/images/generate", json={"prompt": "at last"})
    assert made.status_code == 202, made.text
    assert await team.members() == {"Ada": "admin", "editor": "edit", "viewer": "edit"}


async def test_the_owner_stays_an_admin_until_the_team_is_handed_over(team: Team) -> None:
    owner = f"/api/teams/{team.id}/members/{team.admin_id}"
    problem_of(await team.admin.put(owner, json={"level": "view"}), 409, "owner_stays")
    problem_of(await team.admin.delete(owner), 409, "owner_stays")
    problem_of(await team.admin.post(f"/api/teams/{team.id}/leave"), 409, "owner_stays")
    refused = await team.editor.post(f"/api/teams/{team.id}/transfer", json={"user_id": team.editor_id})
    problem_of(refused, 403, "not_allowed")
    given = await team.admin.post(f"/api/teams/{team.id}/transfer", json={"user_id": team.editor_id})
    assert (given.status_code, given.json()["owner"]["id"]) == (200, team.editor_id)
    again = await team.admin.post(f"/api/teams/{team.id}/transfer", json={"user_id": team.admin_id})
    problem_of(again, 403, "not_allowed")
    assert (await team.admin.post(f"/api/teams/{team.id}/leave")).status_code == 204
    problem_of(await team.admin.get("/api/images"), 404, "workspace_not_found")
    problem_of(await team.editor.post(f"/api/teams/{team.id}/leave"), 409, "owner_stays")


async def test_two_who_would_put_each_other_out_leave_one_behind(team: Team) -> None:
    promote = await team.admin.put(f"/api/teams/{team.id}/members/{team.viewer_id}", json={"level": "admin"})
    assert promote.status_code == 204
    promote = await team.admin.put(f"/api/teams/{team.id}/members/{team.editor_id}", json={"level": "admin"})
    assert promote.status_code == 204
    answers = await asyncio.gather(
        team.viewer.delete(f"/api/teams/{team.id}/members/{team.editor_id}"),
        team.editor.delete(f"/api/teams/{team.id}/members/{team.viewer_id}"),
    )
    assert sorted(answer.status_code for answer in answers) == [204, 404]
    assert len(await team.members()) == 2


async def test_a_team_is_deleted_by_its_name_with_all_that_it_owns(team: Team) -> None:
    image = await team.add_image()
    address = f"/api/teams/{team.id}"
    problem_of(await team.editor.request("DELETE", address, json={"name": "Posters"}), 403, "not_allowed")
    wrong = problem_of(
        await team.admin.request("DELETE", address, json={"name": "posters"}), 422, "invalid_input"
    )
    assert [each.field for each in wrong.errors] == ["name"]
    assert (await team.admin.request("DELETE", address, json={"name": "Posters"})).status_code == 204
    for client in (team.admin, team.editor, team.viewer):
        problem_of(await client.get("/api/images"), 404, "workspace_not_found")
        del client.headers["X-Workspace"]
        assert (await client.get("/api/teams")).json()["items"] == []
        problem_of(await client.get(f"/api/images/{image}/file"), 404, "image_not_found")
    async with team.server.studio.work(Actor.system()) as work:
        assert (await work.session.scalars(select(Image.id))).all() == []
    assert (await team.admin.get("/api/auth/me")).json()["image_count"] == 0
    assert [file.key async for file in team.server.studio.storage.list("") if "/" in file.key]
    await purge.purge_closed(team.server.studio)
    assert [file.key async for file in team.server.studio.storage.list("")] == []


async def test_the_audit_log_tells_admins_what_happened_to_the_team(team: Team) -> None:
    assert (await team.viewer.post(f"/api/teams/{team.id}/leave")).status_code == 204
    problem_of(await team.editor.get(f"/api/teams/{team.id}/audit"), 403, "not_allowed")
    entries = (await team.admin.get(f"/api/teams/{team.id}/audit?limit=100")).json()["items"]
    assert [entry["action"] for entry in entries] == [
        "member.left",
        *["member.joined", "invitation.sent"] * 2,
        "team.created",
    ]
    assert entries[0]["actor"]["name"] == "viewer"
    assert {entry["ip_address"] for entry in entries} == {None}
