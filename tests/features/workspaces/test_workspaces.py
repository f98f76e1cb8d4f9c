"""Who acts where: requests in the personal workspace, commands on this machine as its owner."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from easel.core.actor import Actor, Level, NotSignedIn
from easel.core.work import Studio
from easel.features.accounts.errors import WrongCredentials
from easel.features.accounts.models import User
from easel.features.accounts.service import sign_in
from easel.features.accounts.service.sessions import Client
from easel.features.workspaces import queries
from easel.features.workspaces.models import Workspace
from easel.features.workspaces.service import acting

pytestmark = pytest.mark.anyio


async def add(studio: Studio, email: str, **more: bool) -> User:
    async with studio.work(Actor.system()) as work:
        return await sign_in.add_user(work, email=email, name=email, password_hash="x", **more)


async def local(studio: Studio, email: str | None = None) -> Actor:
    async with studio.work(Actor.system()) as work:
        return await acting.local_actor(work, email)


async def test_everyone_has_one_personal_workspace(studio: Studio) -> None:
    user = await add(studio, "ada@example.com")
    async with studio.work(Actor.system()) as work:
        personal = await queries.personal_of(work, user.id)
        assert await queries.ids_of_member(work, user.id) == [personal]
    with pytest.raises(IntegrityError, match="uq_workspaces_personal"):
        async with studio.work(Actor.system()) as work:
            work.session.add(Workspace(name="second", kind="personal", owner_id=user.id))
    async with studio.work(Actor.system()) as work:
        work.session.add(Workspace(name="team", kind="team", owner_id=user.id))


async def test_commands_on_a_fresh_studio_act_as_this_machine(studio: Studio) -> None:
    first, second = await local(studio), await local(studio)
    assert first == second
    assert (first.kind, first.role, first.level) == ("user", "member", Level.ADMIN)
    async with studio.work(Actor.system()) as work:
        user = (await work.session.scalars(select(User))).one()
        assert user.password_hash is None
    client = Client(ip=None, user_agent=None)
    with pytest.raises(WrongCredentials):
        await sign_in.log_in(studio, email=user.email, password="", client=client)


async def test_commands_act_as_the_first_administrator_or_who_is_named(studio: Studio) -> None:
    await add(studio, "member@example.com")
    admin = await add(studio, "admin@example.com", admin=True)
    other = await add(studio, "other@example.com", admin=True)
    assert (await local(studio)).user_id == admin.id
    named = await local(studio, "OTHER@example.com")
    assert (named.user_id, named.role) == (other.id, "admin")
    with pytest.raises(NotSignedIn, match="nobody@example"):
        await local(studio, "nobody@example.com")


async def test_this_machines_account_does_not_take_the_first_place(studio: Studio) -> None:
    await local(studio)
    async with studio.work(Actor.system()) as work:
        client = Client(ip=None, user_agent=None)
        first = await sign_in.register(
            work, email="ada@example.com", password="a good long password", name="Ada", client=client
        )
        assert first.user.role == "admin"
    assert (await local(studio)).user_id == first.user.id


async def test_what_a_sign_in_hands_out_does_not_show(studio: Studio) -> None:
    async with studio.work(Actor.system()) as work:
        client = Client(ip=None, user_agent=None)
        made = await sign_in.register(
            work, email="ada@example.com", password="a good long password", name="Ada", client=client
        )
    for secret in (made.cookie, made.access_token, made.refresh_token):
        assert secret
        assert secret not in repr(made)
