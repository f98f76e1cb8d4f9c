"""Two-step verification: an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost.

An app turns it on; passkeys are then as good as the app's codes. What counts wrong codes commits before it
raises, so that no attempt goes uncounted.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Literal

import pyotp
from sqlalchemy import delete, update

from easel.base.clock import now
from easel.base.crypto import seal, token_hash, unseal
from easel.base.errors import InvalidInput
from easel.core import audit
from easel.core.actor import Actor, Client
from easel.core.work import Studio, Work

from .. import policy, queries
from ..errors import ChallengeEnded, SecondFactorOff, SecondFactorOn, TooManyCodes, WrongCode
from ..models import AuthenticatorApp, RecoveryCode, User
from . import challenges, sessions
from .notice import tell
from .proof import confirm, is_fresh, renew
from .sessions import SignIn

_PURPOSE = "authenticator app"
_ISSUER = "Easel"
CHALLENGE_FAILURES = 5
"""So many wrong codes end a sign-in; its password must be given again."""

Method = Literal["totp", "passkey"]


@dataclass(frozen=True, slots=True)
class SecondFactorNeeded:
    """A sign-in that waits for its second factor: what will do, and the token that proves the first."""

    methods: list[Method]
    challenge: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Status:
    """What protects the acting account."""

    enabled_at: datetime | None
    recovery_codes: int
    has_password: bool
    fresh: bool


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret to put into an authenticator app: as text, as a link, and as a picture of the link."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)
    qr_svg: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewCodes:
    """Recovery codes, readable this once, and the acting session's new cookie."""

    codes: list[str] = field(repr=False)
    cookie: str = field(repr=False)


async def ask(work: Work, user: User) -> SecondFactorNeeded | None:
    """Begin the second step of a sign-in of `user`, who has proven the first; None when there is no second."""
    app = await queries.authenticator_app(work, user.id)
    if app is None or app.enabled_at is None:
        return None
    methods: list[Method] = ["totp"]
    if await queries.passkeys_of(work, user.id):
        methods.append("passkey")
    return SecondFactorNeeded(methods, await challenges.issue(work, "sign_in", user.id))


async def is_on(work: Work, user: User) -> bool:
    """Whether a sign-in of `user` takes a second step."""
    app = await queries.authenticator_app(work, user.id)
    return app is not None and app.enabled_at is not None


async def finish(studio: Studio, *, challenge: str, code: str, client: Client) -> SignIn:
    """Sign in by a code of the app, or a recovery code, after the first step.

    Raises `ChallengeEnded`, `WrongCode`, `TooManyCodes`.
    """
    async with studio.work(Actor.anonymous(client)) as work:
        found = await queries.waiting_sign_in(work, token_hash(challenge))
        if found is None:
            raise ChallengeEnded
        user, waiting = found
        app = await _enabled(work, user, or_raise=ChallengeEnded)
        if await _accept(work, user, app, code):
            await work.session.delete(waiting)
            return await sessions.begin(work, user, client)
        waiting.failures += 1
        if waiting.failures >= CHALLENGE_FAILURES:
            await work.session.delete(waiting)
    raise WrongCode


async def status(work: Work) -> Status:
    """What protects the acting account. Raises `NotSignedIn`."""
    user, session = await sessions.acting(work)
    app = await queries.authenticator_app(work, user.id)
    return Status(
        enabled_at=app.enabled_at if app else None,
        recovery_codes=await queries.unused_recovery_codes(work, user.id),
        has_password=user.password_hash is not None,
        fresh=is_fresh(session),
    )


async def set_up(studio: Studio, actor: Actor, *, password: str | None) -> Enrolment:
    """A new secret for the acting user's app; it counts once `enable` has seen a code made with it.

    Raises `ProofNeeded`, `InvalidInput`, `SecondFactorOn`.
    """
    await confirm(studio, actor, password)
    secret = pyotp.random_base32()
    async with studio.work(actor) as work:
        user, _ = await sessions.acting(work)
        app = await queries.authenticator_app(work, user.id)
        if app is not None and app.enabled_at is not None:
            raise SecondFactorOn
        sealed = seal(studio.secret, secret.encode(), _PURPOSE)
        if app is None:
            work.session.add(AuthenticatorApp(user_id=user.id, secret=sealed))
        else:
            app.secret, app.last_step = sealed, None
        uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=_ISSUER)
    return Enrolment(secret, uri, _qr_svg(uri))


async def enable(studio: Studio, actor: Actor, *, code: str) -> NewCodes:
    """Turn two-step verification on, by a code from the app that was set up.

    Raises `InvalidInput`, `TooManyCodes`, `SecondFactorOn`, and `SecondFactorOff` when nothing was set up.
    """
    async with studio.work(actor) as work:
        user, session = await sessions.acting(work)
        app = await queries.authenticator_app(work, user.id)
        if app is None:
            raise SecondFactorOff
        if app.enabled_at is not None:
            raise SecondFactorOn
        if await _accept(work, user, app, code):
            app.enabled_at = now()
            codes = await _replace_codes(work, user)
            await tell(work, user, "second_factor.enabled")
            return NewCodes(codes, renew(session))
    raise _wrong_code()


async def disable(studio: Studio, actor: Actor, *, password: str | None, code: str) -> str:
    """Turn two-step verification off; answers the acting session's new cookie.

    Raises `ProofNeeded`, `InvalidInput`, `TooManyCodes`, `SecondFactorOff`.
    """
    await confirm(studio, actor, password)
    async with studio.work(actor) as work:
        user, session = await sessions.acting(work)
        app = await _enabled(work, user, or_raise=SecondFactorOff)
        if await _accept(work, user, app, code):
            await work.session.delete(app)
            await work.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
            await tell(work, user, "second_factor.disabled")
            return renew(session)
    raise _wrong_code()


async def renew_codes(studio: Studio, actor: Actor, *, password: str | None) -> NewCodes:
    """New recovery codes; those before are good no more. Raises `ProofNeeded`, `InvalidInput`, `SecondFactorOff`."""
    await confirm(studio, actor, password)
    async with studio.work(actor) as work:
        user, session = await sessions.acting(work)
        await _enabled(work, user, or_raise=SecondFactorOff)
        codes = await _replace_codes(work, user)
        await tell(work, user, "recovery_codes.renewed")
        return NewCodes(codes, renew(session))


def _wrong_code() -> InvalidInput:
    """For someone who is signed in: not their sign-in is wrong, but what they typed."""
    return InvalidInput.of("code", "is wrong or was used before", WrongCode.code)


async def _enabled(
    work: Work, user: User, *, or_raise: type[ChallengeEnded | SecondFactorOff]
) -> AuthenticatorApp:
    app = await queries.authenticator_app(work, user.id)
    if app is None or app.enabled_at is None:
        raise or_raise
    return app


async def _accept(work: Work, user: User, app: AuthenticatorApp, typed: str) -> bool:
    """Whether a typed code is right, which it is once; counts it if not. Raises `TooManyCodes` while too early."""
    moment = now()
    if app.retry_at is not None and app.retry_at > moment:
        raise TooManyCodes(ceil((app.retry_at - moment).total_seconds()))
    code = policy.plain_totp_code(typed)
    if code is not None:
        secret = unseal(work.studio.secret, app.secret, _PURPOSE).decode()
        step = policy.matching_step(secret, code, moment, after=app.last_step)
        right = step is not None
        app.last_step = app.last_step if step is None else step
    else:
        right = await _use_recovery_code(work, user, typed)
    app.failures = 0 if right else app.failures + 1
    delay = policy.delay_after(app.failures)
    app.retry_at = moment + delay if delay else None
    if not right:
        await audit.record(work, "second_factor.failed", user_id=user.id)
    return right


async def _use_recovery_code(work: Work, user: User, typed: str) -> bool:
    used = await work.session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code == token_hash(policy.plain_recovery_code(typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
    )
    if used is not None:
        await tell(work, user, "recovery_code.used")
    return used is not None


async def _replace_codes(work: Work, user: User) -> list[str]:
    await work.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = policy.new_recovery_codes()
    work.session.add_all(
        RecoveryCode(user_id=user.id, code=token_hash(policy.plain_recovery_code(code))) for code in codes
    )
    await work.session.flush()
    return codes


def _qr_svg(uri: str) -> str:
    import segno  # when someone sets it up, not at every start

    picture = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(
        picture, kind="svg", xmldecl=False, omitsize=True, dark="#000", light="#fff"
    )
    return picture.getvalue().decode()
