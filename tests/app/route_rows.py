"""The team's things that the walk over all routes puts behind the ids: one maker each, by the name in the table.

A maker gets the walk's `World` and answers the id of a fresh thing of the team, made by its admin.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update

from easel.base.ids import new_id
from easel.core.actor import ALL_SCOPES, Actor, Client, Level, Scope
from easel.core.mail.outbox import OutboxMail
from easel.core.work import Studio, Work
from easel.features.accounts import queries as accounts
from easel.features.accounts.models import Identity, Passkey, User
from easel.features.accounts.service import avatar, sessions, sign_in
from easel.features.api_keys import service as api_keys
from easel.features.background.models import BackgroundJob
from easel.features.collections.models import Collection
from easel.features.comparisons.schemas import ComparisonIn
from easel.features.comparisons.service import asking
from easel.features.exports.schemas import ExportIn
from easel.features.exports.service import freezing
from easel.features.generation.models import Generation
from easel.features.generation.schemas import GenerateIn
from easel.features.generation.service import live
from easel.features.generation.service import submit as submitting
from easel.features.intake.schemas import Wishes
from easel.features.intake.service import resumable
from easel.features.library import queries as images
from easel.features.library import service as library
from easel.features.library.models import SavedFilter
from easel.features.library.schemas import Selection
from easel.features.library.service import bulk
from easel.features.presets.models import Preset
from easel.features.projects.models import Project
from easel.features.workspaces.models import Membership, Workspace
from easel.features.workspaces.service import invitations
from easel.providers.base import Operation
from tests.plugins import painter
from tests.plugins.studio import Server

SECRET = "what only the team may know"
TEAM = "what the team is called"
"""A word that is in everything that the team owns, and in no answer to anybody else."""

PEOPLE = ("operator", "stranger", "viewer", "editor", "admin")
_LEVELS = {"viewer": Level.VIEW, "editor": Level.EDIT, "admin": Level.ADMIN}


@dataclass
class World:
    """A team with a member of each level, a stranger, and the studio's administrator."""

    server: Server
    people: dict[str, User]
    team: UUID

    @property
    def studio(self) -> Studio:
        return self.server.studio

    @property
    def admin(self) -> Actor:
        """The team's admin, acting in it."""
        return Actor(
            kind="user",
            user_id=self.people["admin"].id,
            workspace_id=self.team,
            level=Level.ADMIN,
            scopes=ALL_SCOPES,
        )

    async def headers(self, person: str) -> dict[str, str]:
        """A fresh session of someone; members act in the team, others where they are at home."""
        if person == "anonymous":
            return {}
        async with self.studio.work(Actor.anonymous()) as work:
            user = await accounts.user_by_id(work, self.people[person].id)
            assert user is not None
            begun = await sessions.begin(work, user, Client(None, None))
        acting = {"X-Workspace": str(self.team)} if person in _LEVELS else {}
        return {"Authorization": f"Bearer {begun.access_token}", **acting}


async def add_team(work: Work, people: dict[str, User], name: str) -> UUID:
    """A team with a member of each level."""
    team = Workspace(name=name, kind="team", owner_id=people["admin"].id)
    work.session.add(team)
    await work.session.flush()
    for person, level in _LEVELS.items():
        work.session.add(Membership(workspace_id=team.id, user_id=people[person].id, level=level))
    return team.id


async def open_world(server: Server) -> World:
    """The people and the team of a walk."""
    people = {}
    async with server.studio.work(Actor.system()) as work:
        for name in PEOPLE:
            people[name] = await sign_in.add_user(
                work, email=f"{name}@example.com", name=name, password_hash=None, admin=name == "operator"
            )
        team = await add_team(work, people, TEAM)
    return World(server, people, team)


async def _image(world: World) -> str:
    original = await library.keep(world.studio, painter.picture(16, 16, 1))
    about: dict[str, Any] = {
        "operation": "text-to-image",
        "prompt": SECRET,
        "negative_prompt": "",
        "model_id": "painter/fast",
        "model_version": "1",
        "parameters": {},
        "generation_id": None,
        "generation_time": 0.5,
        "cost_credits": Decimal(0),
    }
    async with world.studio.work(world.admin) as work:
        image = await library.add_image(work, original, library.Origin(**about), seed=1, facts={})
        return str(image.id)


async def _mask(world: World) -> str:
    image_id = UUID(await _image(world))
    async with world.studio.work(world.admin) as work:
        image = await images.get_image(work, image_id)
        return str(await library.masks.keep(work, image, painter.picture(16, 16, 2)))


async def _generation(world: World) -> str:
    async with world.studio.work(world.admin) as work:
        body = GenerateIn(prompt=SECRET)
        request = await submitting.plan(work, body, Operation.TEXT_TO_IMAGE)
        return str((await submitting.submit(work, request)).id)


async def _failed_generation(world: World) -> str:
    id = await _generation(world)
    async with world.studio.work(world.admin) as work:
        await work.session.execute(
            update(Generation).where(Generation.id == UUID(id)).values(status="failed")
        )
    return id


async def _previewed_generation(world: World) -> str:
    id = await _generation(world)
    await world.studio.storage.put(
        live.preview_key(id, 1), painter.picture(16, 16, 1), content_type="image/webp"
    )
    return id


async def _session(world: World) -> str:
    async with world.studio.work(Actor.anonymous()) as work:
        await sessions.begin(work, await work.session.merge(world.people["admin"]), Client(None, None))
        return str((await accounts.live_sessions(work, world.people["admin"].id))[0].id)


async def _identity(world: World) -> str:
    admin = world.people["admin"].id
    number = uuid4().hex
    identity = Identity(user_id=admin, provider="github", issuer="https://github.com", subject=number)
    async with world.studio.work(world.admin) as work:
        await work.session.execute(update(User).where(User.id == admin).values(password_hash="not used"))
        work.session.add(identity)
    return str(identity.id)


async def _mail(world: World) -> str:
    mail = OutboxMail(
        to="admin@example.com", subject="Hello", text="Hello", html="Hello", template="hello", state="kept"
    )
    async with world.studio.work(world.admin) as work:
        work.session.add(mail)
    return str(mail.id)


async def _team(world: World) -> str:
    return str(world.team)


async def _other_team(world: World) -> str:
    async with world.studio.work(world.admin) as work:
        return str(await add_team(work, world.people, TEAM))


async def _invitation(world: World) -> str:
    async with world.studio.work(world.admin) as work:
        sent = await invitations.invite(work, world.team, email="new@example.com", level=Level.VIEW)
        return str(sent[0].id)


async def _api_key(world: World) -> str:
    async with world.studio.work(world.admin) as work:
        made = await api_keys.create(
            work, name=SECRET, scopes=[Scope.READ], expires_at=None, workspace_id=world.team
        )
        return str(made[0].id)


async def _saved_filter(world: World) -> str:
    async with world.studio.work(world.admin) as work:
        row = SavedFilter(
            workspace_id=world.team,
            user_id=world.admin.user,
            name=f"{SECRET} {uuid4()}",
            filter={},
            sort="created",
            order="desc",
        )
        work.session.add(row)
    return str(row.id)


async def _bulk_change(world: World) -> str:
    image = UUID(await _image(world))
    async with world.studio.work(world.admin) as work:
        done = await bulk.change(work, "favorite", Selection(ids=[image], filter=None), favorite=True)
    return str(done.undo_id)


async def _preset(world: World) -> str:
    preset = Preset(
        workspace_id=world.team,
        user_id=world.people["admin"].id,
        name=f"{SECRET} {uuid4().hex}",
        model_id="painter/fast",
        parameters={},
    )
    async with world.studio.work(world.admin) as work:
        work.session.add(preset)
    return str(preset.id)


async def _comparison(world: World) -> str:
    asked = ComparisonIn.model_validate(
        {"varies": "prompt", "values": [SECRET, f"{SECRET} too"], "request": {"model": "painter/fast"}}
    )
    async with world.studio.work(world.admin) as work:
        (row,) = await asking.ask(work, await asking.plan(work, asked), new_id())
    return str(row.id)


async def _collection(world: World) -> str:
    collection = Collection(workspace_id=world.team, user_id=world.people["admin"].id, name=SECRET)
    async with world.studio.work(world.admin) as work:
        work.session.add(collection)
    return str(collection.id)


async def _project(world: World) -> str:
    project = Project(workspace_id=world.team, user_id=world.people["admin"].id, name=SECRET)
    async with world.studio.work(world.admin) as work:
        work.session.add(project)
    return str(project.id)


async def _passkey(world: World) -> str:
    passkey = Passkey(
        user_id=world.people["admin"].id,
        name=SECRET,
        credential_id=uuid4().bytes,
        public_key=b"key",
        sign_count=0,
        backed_up=False,
    )
    async with world.studio.work(world.admin) as work:
        work.session.add(passkey)
    return str(passkey.id)


async def _person_with_avatar(world: World) -> str:
    person = world.people["admin"].id
    await world.studio.storage.put(
        avatar.key("0" * 64), painter.picture(16, 16, 1), content_type="image/webp"
    )
    async with world.studio.work(world.admin) as work:
        await work.session.execute(update(User).where(User.id == person).values(avatar_hash="0" * 64))
    return str(person)


async def _job(world: World) -> str:
    job = BackgroundJob(user_id=world.people["admin"].id, workspace_id=world.team, kind="import")
    async with world.studio.work(world.admin) as work:
        work.session.add(job)
    return str(job.id)


async def _upload(world: World) -> str:
    async with world.studio.work(world.admin) as work:
        return str((await resumable.create(work, name=SECRET, length=5, wishes=Wishes())).id)


async def _export(world: World) -> str:
    chosen = ExportIn(ids=[UUID(await _image(world))])
    return str((await freezing.of_selection(world.studio, world.admin, chosen)).id)


ROWS: dict[str, Callable[[World], Awaitable[str]]] = {
    "image": _image,
    "other_image": _image,
    "mask": _mask,
    "generation": _generation,
    "failed_generation": _failed_generation,
    "previewed_generation": _previewed_generation,
    "session": _session,
    "mail": _mail,
    "passkey": _passkey,
    "person_with_avatar": _person_with_avatar,
    "job": _job,
    "team": _team,
    "other_team": _other_team,
    "invitation": _invitation,
    "api_key": _api_key,
    "preset": _preset,
    "saved_filter": _saved_filter,
    "bulk_change": _bulk_change,
    "project": _project,
    "collection": _collection,
    "comparison": _comparison,
    "identity": _identity,
    "upload": _upload,
    "export": _export,
}
