"""What people do with accounts: register, log in and out, change them, end sessions, exchange tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from easel.base.clock import now
from easel.base.crypto import derive_key, new_token, token_hash
from easel.base.errors import InvalidInput
from easel.base.ids import new_id
from easel.core.actor import Actor, NotSignedIn
from easel.core.work import Studio, Work

from . import policy, queries
from .errors import BadRefreshToken, EmailTaken, RegistrationClosed, SessionNotFound, WrongCredentials
from .events import UserRegistered
from .models import RefreshToken, Session, User

_FIRST_ACCOUNT_LOCK = 0x45A5E2
_ISSUER = "easel"


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from."""

    ip: str | None
    user_agent: str | None


@dataclass(frozen=True, slots=True)
class SignIn:
    """A fresh sign-in: the session's cookie value, and the tokens for programs."""

    user: User
    cookie: str = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int


async def register(work: Work, *, email: str, password: str, name: str, client: Client) -> SignIn:
    """Make an account and sign it in; the studio's first becomes its administrator.

    Raises `InvalidInput` for a weak password, `EmailTaken`, `RegistrationClosed`.
    """
    policy.check_password(password, email)
    hashed = await policy.hash_password(password)
    await work.session.execute(select(func.pg_advisory_xact_lock(_FIRST_ACCOUNT_LOCK)))
    first = not await queries.any_account(work)
    if not first and not work.studio.settings.security.registration:
        raise RegistrationClosed
    if await queries.user_by_email(work, email):
        raise EmailTaken
    user = await add_user(work, email=email, name=name, password_hash=hashed, admin=first)
    return await _sign_in(work, user, client)


async def add_user(
    work: Work, *, email: str, name: str, password_hash: str | None, admin: bool = False
) -> User:
    """Make an account; without a password hash nobody can log in to it. Raises `EmailTaken`."""
    user = User(email=email, name=name, password_hash=password_hash, role="admin" if admin else "member")
    work.session.add(user)
    try:
        await work.session.flush()
    except IntegrityError as error:
        raise EmailTaken from error
    await work.emit(UserRegistered(subject_id=user.id, user_id=user.id, data={"name": name}))
    return user


async def log_in(studio: Studio, *, email: str, password: str, client: Client) -> SignIn:
    """Sign in by password. Raises `WrongCredentials`, the same for whatever was wrong, after the same time.

    No transaction is open while the password is checked: a storm of log-ins must not use up the connections.
    """
    async with studio.work(Actor.anonymous()) as work:
        known = await queries.user_by_email(work, email)
    stored = known.password_hash if known else None
    if not await policy.password_matches(stored, password):
        raise WrongCredentials
    better = await policy.hash_password(password) if stored and policy.needs_rehash(stored) else stored
    async with studio.work(Actor.anonymous()) as work:
        user = await queries.locked_user_by_email(work, email)
        if user is None or not user.is_active or user.password_hash != stored:
            raise WrongCredentials
        user.password_hash = better
        return await _sign_in(work, user, client)


async def log_out(work: Work) -> None:
    """End the acting session, its refresh tokens included."""
    if work.actor.session_id:
        await work.session.execute(delete(Session).where(Session.id == work.actor.session_id))


async def rename(work: Work, name: str | None) -> User:
    """Give the acting user another name; None leaves it. Raises `NotSignedIn`."""
    user = await queries.user_by_id(work, work.actor.user)
    if user is None:
        raise NotSignedIn
    if name is not None:
        user.name = name
    return user


async def change_password(studio: Studio, actor: Actor, *, current: str, new: str) -> str:
    """Give the acting user another password and end all other sessions; answers the acting one's new cookie.

    Raises `InvalidInput` for a current password that is wrong and for a weak new one. As in `log_in`, no
    transaction is open while passwords are checked and hashed.
    """
    async with studio.work(actor) as work:
        known = await queries.user_by_id(work, actor.user)
    if known is None:
        raise NotSignedIn
    stored = known.password_hash
    if stored is None:
        raise InvalidInput.of("current_password", "is not there: this account has none", "no_password")
    policy.check_password(new, known.email, field="new_password")
    matches = await policy.password_matches(stored, current)
    hashed = await policy.hash_password(new) if matches else None
    cookie = new_token()
    async with studio.work(actor) as work:
        user, session = await _acting(work)
        if hashed is None or user.password_hash != stored:
            raise InvalidInput.of("current_password", "is not your password", "wrong_password")
        user.password_hash = hashed
        session.token = token_hash(cookie)
        await _end_others(work, session)
    return cookie


async def end_session(work: Work, session_id: UUID) -> None:
    """End one of the acting user's sessions, its refresh tokens included. Raises `SessionNotFound`."""
    user, _ = await _acting(work)
    session = await queries.live_session(work, user.id, session_id)
    if session is None:
        raise SessionNotFound
    await work.session.delete(session)


async def end_other_sessions(work: Work) -> None:
    """End all of the acting user's sessions but the acting one, their refresh tokens included."""
    _, session = await _acting(work)
    await _end_others(work, session)


async def _acting(work: Work) -> tuple[User, Session]:
    """The acting user and session, locked: sessions of one user are ended, and begun, by one at a time.

    Raises `NotSignedIn` when the session has been ended since the request came.
    """
    user = await queries.locked_user_by_id(work, work.actor.user)
    session = await queries.live_session(work, work.actor.user, work.actor.session_id)
    if user is None or session is None:
        raise NotSignedIn
    return user, session


async def _end_others(work: Work, session: Session) -> None:
    await work.session.execute(
        delete(Session).where(Session.user_id == session.user_id, Session.id != session.id)
    )


async def refresh(work: Work, token: str, client: Client) -> SignIn | None:
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
        return None
    user = await queries.user_by_id(work, session.user_id)
    if user is None or not user.is_active or session.expires_at <= now():
        raise BadRefreshToken
    token_row.used_at = now()
    await touch(work, session)
    return await _tokens(work, user, session, cookie="")


async def touch(work: Work, session: Session) -> None:
    """Note that a session is in use, at most once a minute, and move its idle end."""
    moment = now()
    if moment - session.last_seen_at < timedelta(minutes=1):
        return
    await work.session.execute(
        update(Session)
        .where(Session.id == session.id)
        .values(last_seen_at=moment, expires_at=_end_of(work.studio, session.created_at))
    )


def read_access_token(studio: Studio, token: str) -> tuple[UUID, UUID]:
    """The user's and the session's id of an access token. Raises `NotSignedIn`."""
    try:
        decoded = jwt.decode(token, _key(studio), algorithms=["HS256"])
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": _ISSUER}, exp={"essential": True}, sub={"essential": True}
        ).validate(decoded.claims)
        return UUID(decoded.claims["sub"]), UUID(decoded.claims["sid"])
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotSignedIn(
            "The access token is not valid or has expired; refresh it or log in again."
        ) from error


async def _sign_in(work: Work, user: User, client: Client) -> SignIn:
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
    return await _tokens(work, user, session, cookie)


async def _tokens(work: Work, user: User, session: Session, cookie: str) -> SignIn:
    refresh_token = new_token()
    work.session.add(RefreshToken(session_id=session.id, token=token_hash(refresh_token)))
    await work.session.flush()
    lifetime = work.studio.settings.security.access_token_minutes * 60
    issued = int(now().timestamp())
    access = jwt.encode(
        {"alg": "HS256", "typ": "JWT", "kid": "1"},
        {
            "iss": _ISSUER,
            "sub": str(user.id),
            "sid": str(session.id),
            "jti": str(new_id()),
            "iat": issued,
            "exp": issued + lifetime,
        },
        _key(work.studio),
    )
    return SignIn(user, cookie, access, refresh_token, lifetime)


def _end_of(studio: Studio, created: datetime) -> datetime:
    """When a session ends if nobody uses it from now on: idle time, but never past its absolute end."""
    security = studio.settings.security
    return min(
        now() + timedelta(days=security.session_idle_days),
        created + timedelta(days=security.session_max_days),
    )


def _key(studio: Studio) -> OctKey:
    return OctKey.import_key(derive_key(studio.secret, "access tokens"))
