"""API keys: made, revoked, and taken as credentials."""

from __future__ import annotations

import hmac
import secrets
import string
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, update

from easel.base.clock import now
from easel.base.crypto import new_token, token_hash
from easel.base.errors import InvalidInput
from easel.core import audit
from easel.core.actor import Actor, Credentials, Level, NotSignedIn, Scope, WorkspaceNotFound
from easel.core.work import Studio, Work
from easel.features.accounts import queries as accounts
from easel.features.workspaces import queries as workspaces
from easel.features.workspaces.service import acting

from . import queries
from .errors import ApiKeyNotFound, TooManyApiKeys
from .models import ApiKey

MOST_KEYS = 100
"""So many keys may one person have."""

_MARK = "easel_"
_PUBLIC = 8
_LETTERS = string.ascii_letters + string.digits
_PREFIX_LENGTH = len(_MARK) + _PUBLIC
_DECOY = token_hash("")


async def authenticate(studio: Studio, credentials: Credentials) -> Actor:
    """The actor of a request's API key, in the key's workspace; without a key, that of its other credentials.

    Raises `NotSignedIn` for a key that is wrong or has ended, and `WorkspaceNotFound` where the request names
    another workspace than the key's.
    """
    given = credentials.api_key
    if given is None and credentials.bearer is not None and credentials.bearer.startswith(_MARK):
        given = credentials.bearer
    if given is None:
        return await acting.authenticate(studio, credentials)
    async with studio.work(Actor.anonymous()) as work:
        # What no key looks like is not looked for: PostgreSQL would refuse some of it.
        known = given.isascii() and given.isprintable()
        found = await queries.holder(work, given[:_PREFIX_LENGTH]) if known else None
        matches = hmac.compare_digest(found.key.token if found else _DECOY, token_hash(given))
        if found is None or not matches:
            raise NotSignedIn("The API key is not valid: it has ended or was revoked, or it never was one.")
        if credentials.workspace not in (None, found.key.workspace_id):
            raise WorkspaceNotFound("This API key acts in its own workspace only.")
        await _touch(work, found.key)
    return Actor(
        kind="user",
        user_id=found.user.id,
        workspace_id=found.key.workspace_id,
        level=Level(found.level),
        scopes=frozenset(Scope(scope) for scope in found.key.scopes),
        api_key_id=found.key.id,
    )


async def create(
    work: Work, *, name: str, scopes: list[Scope], expires_at: datetime | None, workspace_id: UUID | None
) -> tuple[ApiKey, str]:
    """Make a key of the acting user to a workspace of theirs; answers it and the key itself, which is not kept.

    Raises `InvalidInput` for an end that is past, `WorkspaceNotFound`, `TooManyApiKeys`.
    """
    if expires_at is not None and expires_at <= now():
        raise InvalidInput.of("expires_at", "must be in the future", "past")
    await accounts.locked_user_by_id(work, work.actor.user)  # keys are counted by one at a time
    if await queries.count(work, work.actor.user) >= MOST_KEYS:
        raise TooManyApiKeys
    where = workspace_id or work.actor.workspace
    if await workspaces.membership(work, where, work.actor.user) is None:
        raise WorkspaceNotFound
    prefix = _MARK + "".join(secrets.choice(_LETTERS) for _ in range(_PUBLIC))
    given = f"{prefix}_{new_token()}"
    key = ApiKey(
        user_id=work.actor.user,
        workspace_id=where,
        name=name,
        prefix=prefix,
        token=token_hash(given),
        scopes=sorted({scope.value for scope in scopes}),
        expires_at=expires_at,
    )
    work.session.add(key)
    await work.session.flush()
    await audit.record(
        work,
        "api_key.created",
        user_id=work.actor.user,
        workspace_id=where,
        details={"name": name, "prefix": prefix, "scopes": ", ".join(key.scopes)},
    )
    return key, given


async def revoke(work: Work, key_id: UUID) -> None:
    """End one of the acting user's keys, at once. Raises `ApiKeyNotFound`."""
    key = await queries.key_of(work, work.actor.user, key_id)
    if key is None:
        raise ApiKeyNotFound
    await work.session.delete(key)
    await audit.record(
        work,
        "api_key.revoked",
        user_id=key.user_id,
        workspace_id=key.workspace_id,
        details={"name": key.name, "prefix": key.prefix},
    )


async def _touch(work: Work, key: ApiKey) -> None:
    """Note that a key is in use, at most once a minute."""
    moment = now()
    recent = moment - timedelta(minutes=1)
    if key.last_used_at is not None and key.last_used_at > recent:
        return
    await work.session.execute(
        update(ApiKey)
        .where(ApiKey.id == key.id, or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= recent))
        .values(last_used_at=moment)
    )
