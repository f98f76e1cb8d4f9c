"""Sessions and their tokens: begin, use, exchange, end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey
from sqlalchemy import ColumnElement, delete, update

from easel.base.clock import now
from easel.base.crypto import derive_key, new_token, token_hash
from easel.base.ids import new_id
from easel.core import audit
from easel.core.actor import Client as Client
from easel.core.actor import NotSignedIn
from easel.core.work import Studio, Work

from .. import queries
from ..errors import BadRefreshToken, SessionNotFound
from ..models import Challenge, RefreshToken, Session, User
from . import closed, places

_ISSUER = "easel"
_APART = 1
"""Seconds by which two web processes may differ over the time."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A fresh sign-in: the session's cookie value, and the tokens for programs."""

    user: User
    cookie: str = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int


async def begin(work: Work, user: User, client: Client) -> SignIn:
    """A new session of `user`, who has proven who they are. Raises `AccountClosed`."""
    await closed.admit(work, user)
    cookie = new_token()
    moment = now()
    session = Session(
        user_id=user.id,
        token=token_hash(cookie),
        created_at=moment,
        expires_at=_end_of(work.studio, moment),
        ip_address=client.ip,
        user_agent=(client.user_agent or "")[:500] or None,
    )
    user.last_login = moment
    work.session.add(session)
    await work.session.flush()
    facts = {"new_place": True} if await places.arrive(work, user, client) else {}
    await audit.record(work, "session.started", user_id=user.id, details=facts, client=client)
    return await _tokens(work, user, session, cookie)


async def _tokens(work: Work, user: User, session: Session, cookie: str) -> SignIn:
    refresh_token = new_token()
    work.session.add(RefreshToken(session_id=session.id, token=token_hash(refresh_token)))
    await work.session.flush()
    lifetime = work.studio.settings.security.access_token_minutes * 60
    # Good at once with all of them.
    issued = int(now().timestamp()) - _APART
    key = _key(work.studio.secret.current)
    access = jwt.encode(
        {"alg": "HS256", "typ": "JWT", "kid": key.kid},
        {
            "iss": _ISSUER,
            "sub": str(user.id),
            "sid": str(session.id),
            "jti": str(new_id()),
            "iat": issued,
            "exp": issued + lifetime,
        },
        key,
    )
    return SignIn(user, cookie, access, refresh_token, lifetime)


async def end_acting(work: Work) -> None:
    """End the acting session, its refresh tokens included."""
    if work.actor.session_id:
        await work.session.execute(delete(Session).where(Session.id == work.actor.session_id))
        await audit.record(work, "session.ended", user_id=work.actor.user, details={"by": "log_out"})


async def end(work: Work, session_id: UUID) -> None:
    """End one of the acting user's sessions, its refresh tokens included. Raises `SessionNotFound`."""
    user, _ = await acting(work)
    session = await queries.live_session(work, user.id, session_id)
    if session is None:
        raise SessionNotFound
    await work.session.delete(session)
    await audit.record(work, "session.ended", user_id=user.id, details={"by": "revoking"})


async def end_others(work: Work) -> None:
    """End all of the acting user's sessions but the acting one, their refresh tokens included."""
    _, session = await acting(work)
    await end_all_but(work, session, by="revoking")


async def acting(work: Work) -> tuple[User, Session]:
    """The acting user and session, locked: sessions of one user are ended, and begun, by one at a time.

    Raises `NotSignedIn` when the session has been ended since the request came.
    """
    user = await queries.locked_user_by_id(work, work.actor.user)
    session = await queries.live_session(work, work.actor.user, work.actor.session_id)
    if user is None or session is None:
        raise NotSignedIn
    return user, session


async def end_all_but(work: Work, session: Session, *, by: str) -> None:
    """End all sessions of a session's user but this one, with their refresh tokens, and sign-ins half done.

    `by` says how.
    """
    await _end_those(work, session.user_id, Session.id != session.id, by=by)


async def end_all(work: Work, user_id: UUID, *, by: str) -> None:
    """End all of a user's sessions, with their refresh tokens, and sign-ins half done; `by` says how."""
    await _end_those(work, user_id, by=by)


async def _end_those(work: Work, user_id: UUID, *which: ColumnElement[bool], by: str) -> None:
    await work.session.execute(
        delete(Challenge).where(Challenge.user_id == user_id, Challenge.purpose == "sign_in")
    )
    ended = await work.session.scalars(
        delete(Session).where(Session.user_id == user_id, *which).returning(Session.expires_at)
    )
    lived = sum(1 for _ in filter(now().__lt__, ended.all()))
    if lived:
        await audit.record(work, "session.ended", user_id=user_id, details={"by": by}, times=lived)


async def refresh(work: Work, token: str) -> SignIn | None:
    """Exchange a refresh token for a new pair.

    None when the token was used before: its session has ended now, which must be committed; the caller then
    refuses. Raises `BadRefreshToken` for a token that is unknown or has ended.
    """
    found = await queries.refresh_token(work, token_hash(token))
    if found is None:
        raise BadRefreshToken
    token_row, session = found
    if token_row.used_at is not None:
        await work.session.delete(session)
        await audit.record(work, "refresh_token.reused", user_id=session.user_id)
        return None
    user = await queries.user_by_id(work, session.user_id)
    if user is None or not user.is_active or session.expires_at <= now():
        raise BadRefreshToken
    token_row.used_at = now()
    await touch(work, session)
    return await _tokens(work, user, session, cookie="")


def unnoted(session: Session) -> bool:
    """Whether it is to be noted that a session is in use."""
    return now() - session.last_seen_at >= timedelta(minutes=1)


async def touch(work: Work, session: Session) -> None:
    """Note that a session is in use, at most once a minute, and move its idle end."""
    if not unnoted(session):
        return
    moment = now()
    await work.session.execute(
        update(Session)
        .where(Session.id == session.id)
        .values(last_seen_at=moment, expires_at=_end_of(work.studio, session.created_at))
    )


def read_access_token(studio: Studio, token: str) -> tuple[UUID, UUID]:
    """The user's and the session's id of an access token. Raises `NotSignedIn`."""
    try:
        # The token names its key: one of a secret that was replaced since is good until it expires.
        decoded = jwt.decode(
            token, KeySet([_key(known) for known in studio.secret.known]), algorithms=["HS256"]
        )
        jwt.JWTClaimsRegistry(
            now=lambda: int(now().timestamp()),
            iss={"essential": True, "value": _ISSUER},
            exp={"essential": True},
            sub={"essential": True},
        ).validate(decoded.claims)
        return UUID(decoded.claims["sub"]), UUID(decoded.claims["sid"])
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotSignedIn(
            "The access token is not valid or has expired; refresh it or log in again."
        ) from error


def _end_of(studio: Studio, created: datetime) -> datetime:
    """When a session ends if nobody uses it from now on: idle time, but never past its absolute end."""
    security = studio.settings.security
    return min(
        now() + timedelta(days=security.session_idle_days),
        created + timedelta(days=security.session_max_days),
    )


@cache
def _key(secret: str) -> OctKey:
    """The key that a secret makes for access tokens. Its id tells nothing of either."""
    kid = derive_key(secret, "access tokens, key id")[:8].hex()
    return OctKey.import_key(derive_key(secret, "access tokens"), {"kid": kid})
