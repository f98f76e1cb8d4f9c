"""Registering, and logging in by password."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from easel.core import audit
from easel.core.actor import Actor, Client
from easel.core.work import Studio, Work

from .. import policy, queries
from ..errors import EmailTaken, RegistrationClosed, WrongCredentials
from ..events import UserRegistered
from ..models import User
from . import closed, second_factor, sessions, tries, verification
from .second_factor import SecondFactorNeeded
from .sessions import SignIn

_FIRST_ACCOUNT_LOCK = 0x45A5E2


async def register(work: Work, *, email: str, password: str, name: str, client: Client) -> SignIn:
    """Make an account and sign it in; the studio's first becomes its administrator.

    Raises `InvalidInput` for a weak password, `EmailTaken`, `RegistrationClosed`, `PasswordsOff`, `TooBusy`.
    """
    policy.require_own_door(work.studio.settings)
    policy.check_password(password, email)
    with policy.in_line():
        hashed = await policy.hash_password(password)
    first = await may_join(work)
    if await queries.user_by_email(work, email):
        raise EmailTaken
    user = await add_user(work, email=email, name=name, password_hash=hashed, admin=first)
    await verification.send(work, user)
    return await sessions.begin(work, user, client)


async def may_join(work: Work) -> bool:
    """Whether an account made now is the first, which administers the studio; nobody else makes one meanwhile.

    Raises `RegistrationClosed`.
    """
    await work.session.execute(select(func.pg_advisory_xact_lock(_FIRST_ACCOUNT_LOCK)))
    first = not await queries.any_account(work)
    if not first and not work.studio.settings.security.registration:
        raise RegistrationClosed
    return first


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
    await audit.record(work, "account.registered", user_id=user.id)
    await work.emit(UserRegistered(subject_id=user.id, user_id=user.id, data={"name": name}))
    return user


async def log_in(studio: Studio, *, email: str, password: str, client: Client) -> SignIn | SecondFactorNeeded:
    """Sign in by password, or begin to where a second factor is needed.

    Raises `WrongCredentials`, the same for whatever was wrong, after the same time, `TooManyTries`, `PasswordsOff`,
    `TooBusy`.
    No transaction is open while the password is checked: a storm of log-ins must not use up the connections.
    """
    policy.require_own_door(studio.settings)
    someone = Actor.anonymous(client)
    with policy.in_line():
        async with studio.work(someone) as work:
            known = await queries.user_by_email(work, email)
            await tries.begin(work, email, known, client)
        stored = known.password_hash if known else None
        matches = await policy.password_matches(stored, password)
    if matches:
        better = await policy.hash_password(password) if stored and policy.needs_rehash(stored) else stored
        async with studio.work(someone) as work:
            user = await queries.locked_user_by_email(work, email)
            if user is not None and user.password_hash == stored:
                await closed.admit(work, user)
            if user is not None and user.is_active and user.password_hash == stored:
                user.password_hash = better
                await tries.succeed(work, email, client)
                return await enter(work, user, client)
    # Also for an address without an account: it takes the same time, and is worth knowing.
    async with studio.work(someone) as work:
        await audit.record(work, "log_in.failed", user_id=known.id if known else None)
    raise WrongCredentials


async def enter(work: Work, user: User, client: Client) -> SignIn | SecondFactorNeeded:
    """Sign in `user`, who has proven one factor: a password, or an account elsewhere.

    Where two-step verification is on, this only begins to: the second step ends it (`second_factor.finish`,
    `passkeys.finish`).
    """
    needed = await second_factor.ask(work, user)
    return needed or await sessions.begin(work, user, client)
