"""After the grace: no row and no file is left of an account, and all that others have is as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import update

from easel.base.clock import now
from easel.base.db import conninfo
from easel.core import mail
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.accounts.models import User
from easel.features.takeout.service import purge
from easel.features.workspaces.models import Membership, Workspace
from tests.features.takeout.steps import bring_in, export, until
from tests.plugins.painter import Painter
from tests.plugins.shelf import OpenShelf, Shelf, picture
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

BOOKS = {"ledger_accounts", "ledger_entries", "ledger_postings"}
"""Bookkeeping cannot be changed, and names nobody."""
_TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""


async def close(shelf: Shelf) -> None:
    answer = await shelf.client.request("DELETE", "/api/users/me", json={"password": "a good long password"})
    assert answer.status_code == 202, answer.text


async def end_grace(studio: Studio) -> None:
    async with studio.work(Actor.system()) as work:
        await work.session.execute(
            update(User).where(User.closed_at.is_not(None)).values(closed_at=now() - timedelta(days=8))
        )


def mentions(url: str, *words: object) -> dict[str, int]:
    """The tables with rows that hold any of these words, and how many."""
    found = {}
    with psycopg.connect(conninfo(url)) as connection:
        tables = {row[0] for row in connection.execute(_TABLES)} - BOOKS
        for table in tables:
            query = sql.SQL("SELECT count(*) FROM {} AS line WHERE line::text ILIKE ANY (%s)")
            patterns = [f"%{word}%" for word in words]
            row = connection.execute(query.format(sql.Identifier(table)), [patterns]).fetchone()
            if row and row[0]:
                found[table] = row[0]
    return found


async def files(studio: Studio) -> set[str]:
    return {file.key async for file in studio.storage.list("")}


@pytest.mark.usefixtures("worker")
async def test_nothing_is_left(
    server: Server, studio: Studio, shelf: Shelf, open_shelf: OpenShelf, database_url: str
) -> None:
    await shelf.add(picture(77), prompt="hers and mine")
    await shelf.add(seed=1)

    async def rendered() -> bool:
        images = (await shelf.client.get("/api/images")).json()["items"]
        return all(image["rendered"] for image in images)

    await until(rendered)
    before = await files(studio)
    mine = (await shelf.client.get("/api/images")).json()["items"]

    other = await open_shelf("grace@example.com")
    common = await other.add(picture(77), prompt="mine and hers")
    child = await other.add(seed=2, parent_image_id=common.id)
    await other.client.delete(f"/api/images/{child.id}")
    made = await other.client.post(
        "/api/images/generate",
        json={"prompt": "a fox"},
        headers={"Prefer": "wait=30", "Idempotency-Key": "key"},
    )
    assert made.json()["status"] == "completed"
    await bring_in(other.client, await export(other.client))
    assert (await other.client.post("/api/images/export", json={"filter": {}})).status_code == 200
    async with studio.work(other.actor) as work:
        await mail.send(work, to="Grace@example.com", template="email-changed", new_email="x@example.com")
    ids = (other.actor.user, other.actor.workspace, "grace@example.com")
    assert {"users", "images", "generations", "events", "idempotency_keys", "background_jobs"} <= set(
        mentions(database_url, *ids)
    )

    await close(other)
    await purge.purge_closed(studio)
    assert "users" in mentions(database_url, *ids), "the grace is not over"
    await end_grace(studio)

    async def nothing_left() -> bool:
        await purge.purge_closed(studio)
        return mentions(database_url, *ids) == {}

    await until(nothing_left)
    assert await files(studio) == before
    assert (await shelf.client.get("/api/images")).json()["items"] == mine
    for image in mine:
        assert (await shelf.client.get(image["url"])).status_code == 200
        assert (await shelf.client.get(image["thumbnails"]["256"])).status_code == 200
    again = await open_shelf("grace@example.com")
    assert await again.ids() == []


@pytest.mark.usefixtures("worker")
async def test_what_was_under_way_ends_with_the_account(
    server: Server, shelf: Shelf, open_shelf: OpenShelf, painter: Painter
) -> None:
    other = await open_shelf("grace@example.com")
    for prompt in ("slow one", "slow two"):
        await other.client.post("/api/images/generate", json={"prompt": prompt})
    await painter.slow.wait()
    await close(other)
    await painter.stopped.wait()
    answer = await server.client().post(
        "/api/users/me/restore", json={"email": "grace@example.com", "password": "a good long password"}
    )
    assert answer.status_code == 204
    back = await server.client().post(
        "/api/auth/login", json={"email": "grace@example.com", "password": "a good long password"}
    )
    token = {"Authorization": f"Bearer {back.json()['access_token']}"}

    async def all_cancelled() -> bool:
        history = await other.client.get("/api/generate/history", headers=token)
        return [item["status"] for item in history.json()["items"]] == ["cancelled", "cancelled"]

    await until(all_cancelled)


@pytest.mark.usefixtures("worker")
async def test_a_team_stays_with_its_members(
    studio: Studio, shelf: Shelf, open_shelf: OpenShelf, database_url: str
) -> None:
    other = await open_shelf("grace@example.com")
    async with studio.work(Actor.system()) as work:
        team = Workspace(name="Both", kind="team", owner_id=other.actor.user)
        alone = Workspace(name="Alone", kind="team", owner_id=other.actor.user)
        work.session.add_all([team, alone])
        await work.session.flush()
        for user, level in ((other.actor.user, 3), (shelf.actor.user, 1)):
            work.session.add(Membership(workspace_id=team.id, user_id=user, level=level))
        work.session.add(Membership(workspace_id=alone.id, user_id=other.actor.user, level=3))
    ours = await in_team(other, team.id)
    await in_team(other, alone.id)
    await close(other)
    await end_grace(studio)

    async def nothing_left() -> bool:
        await purge.purge_closed(studio)
        return mentions(database_url, other.actor.user, other.actor.workspace, alone.id) == {}

    await until(nothing_left)
    acting = {"X-Workspace": str(team.id)}
    shown = await shelf.client.get("/api/images", headers=acting)
    assert [image["id"] for image in shown.json()["items"]] == [str(ours)]
    assert (await shelf.client.get(f"/api/images/{ours}/file", headers=acting)).status_code == 200
    assert (await shelf.client.delete(f"/api/images/{ours}", headers=acting)).status_code == 204


async def in_team(shelf: Shelf, team: UUID) -> UUID:
    """A picture that someone made in a team."""
    return (await replace(shelf, actor=replace(shelf.actor, workspace_id=team)).add(seed=5)).id


async def test_a_picture_that_comes_while_its_twin_goes_is_kept(
    studio: Studio, shelf: Shelf, open_shelf: OpenShelf
) -> None:
    other = await open_shelf("grace@example.com")
    await other.add(picture(9))
    await close(other)
    await end_grace(studio)
    twin = await shelf.add(picture(9))
    await purge.purge_closed(studio)
    assert (await shelf.client.get(f"/api/images/{twin.id}/file")).status_code == 200
