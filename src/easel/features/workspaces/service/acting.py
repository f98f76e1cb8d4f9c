"""Making workspaces, and finding out in which one a credential acts."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from easel.base.crypto import token_hash
from easel.core.actor import ALL_SCOPES, Actor, Credentials, Level, NotSignedIn, Role, WorkspaceNotFound
from easel.core.events import Event
from easel.core.work import Studio, Work
from easel.features.accounts import queries as account_queries
from easel.features.accounts.models import User
from easel.features.accounts.service import external, sessions, sign_in

from .. import queries
from ..models import Membership, Workspace

_LOCAL_EMAIL = "local@easel.internal"


async def add_personal(work: Work, event: Event) -> None:
    """Subscriber of `UserRegistered`: everyone gets a personal workspace, in the same transaction."""
    user = await work.session.get_one(User, event.subject_id)
    workspace = Workspace(name=user.name, kind="personal", owner_id=user.id)
    work.session.add(workspace)
    await work.session.flush()
    work.session.add(Membership(workspace_id=workspace.id, user_id=user.id, level=Level.ADMIN))


async def authenticate(studio: Studio, credentials: Credentials) -> Actor:
    """The actor of a request's cookie or access token, which goes first, in the workspace that it names.

    The issuer that a token claims to be from decides who verifies it: we, or the external issuer's keys.
    Raises `NotSignedIn` for a credential that is wrong or has ended, and `WorkspaceNotFound`.
    """
    cookie, bearer = credentials.cookie, credentials.bearer
    if not cookie and not bearer:
        return Actor.anonymous()
    if bearer and external.is_external(studio, bearer):
        return await _of_external(studio, bearer, credentials)
    user_id, session_id = sessions.read_access_token(studio, bearer) if bearer else (None, None)
    async with studio.glance(Actor.anonymous()) as work:
        found = await queries.signed_in(
            work,
            token=None if bearer else token_hash(cookie or ""),
            session_id=session_id,
            workspace=credentials.workspace,
            everywhere=credentials.everywhere,
        )
    if found is None and not bearer:
        # A cookie is sent by itself: one that has ended must not lock anyone out of the log-in.
        return Actor.anonymous()
    if found is None or user_id not in (None, found.user_id):
        raise NotSignedIn("This session has ended; log in again.")
    if found.workspace_id is None or found.level is None:
        raise WorkspaceNotFound
    if sessions.unnoted(found.session):
        async with studio.work(Actor.anonymous()) as work:
            await sessions.touch(work, found.session)
    actor = _actor(found.user_id, found.role, found.workspace_id, found.level, found.session.id)
    return replace(actor, elsewhere=found.memberships - {found.workspace_id})


async def _of_external(studio: Studio, bearer: str, credentials: Credentials) -> Actor:
    """The actor of an access token that another issuer signed; their account is made at first sight."""
    person = await external.read(studio, bearer)
    async with studio.work(Actor.anonymous()) as work:
        user = await external.account_of(work, person)
        levels = await queries.levels_of(work, user.id)
        workspace_id = credentials.workspace or await queries.personal_of(work, user.id)
        if workspace_id not in levels:
            raise WorkspaceNotFound
        elsewhere = frozenset(levels) - {workspace_id} if credentials.everywhere else frozenset()
        return replace(
            _actor(user.id, user.role, workspace_id, levels[workspace_id], None), elsewhere=elsewhere
        )


async def local_actor(work: Work, email: str | None = None) -> Actor:
    """Who acts for commands on this machine: the named account, else the first administrator.

    A studio that nobody has signed up to yet gets an account of its own, which nobody can log in to.
    """
    if email is not None:
        user = await account_queries.user_by_email(work, email)
        if user is None:
            raise NotSignedIn(f"There is no account {email}.")
    else:
        user = await account_queries.first_admin(work) or await account_queries.user_by_email(
            work, _LOCAL_EMAIL
        )
        if user is None:
            user = await sign_in.add_user(work, email=_LOCAL_EMAIL, name="This machine", password_hash=None)
            user.email_verified = True  # there is nobody to prove it to
    return _actor(user.id, user.role, await queries.personal_of(work, user.id), Level.ADMIN, None)


def _actor(user_id: UUID, role: Role, workspace_id: UUID, level: int, session_id: UUID | None) -> Actor:
    return Actor(
        kind="user",
        user_id=user_id,
        workspace_id=workspace_id,
        level=Level(level),
        role=role,
        scopes=ALL_SCOPES,
        session_id=session_id,
    )
