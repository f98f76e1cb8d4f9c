"""Guessing passwords gets slower with every failure, and never locks anyone out.

A try is counted before its password is looked at, so that many at once are no way around, and forgotten when it
succeeds. Accounts that do not exist are counted the same.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from datetime import timedelta

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from easel.base.addresses import address_key
from easel.base.clock import now
from easel.base.crypto import derive_key
from easel.core.actor import Client
from easel.core.work import Work

from ..errors import TooManyTries
from ..models import SignInTries, User
from . import places

_FORGOTTEN_AFTER = timedelta(days=1)
_LONGEST_HERE = 15 * 60
_LONGEST_ANYWHERE = 60
"""Seconds. Short, because whoever fails on purpose makes the owner wait too."""
_MORE_FREE_ANYWHERE = 4


async def begin(work: Work, email: str, user: User | None, client: Client) -> None:
    """Count a try to sign in as `email`, whose account is `user`. Raises `TooManyTries` when it comes too early.

    Call last in a transaction: all who try the same address wait for one another from here to the commit.

    The wait doubles from one second on: after a few failures from one network, to a quarter of an hour; after
    four times as many from anywhere, to a minute, but not for networks that the account has signed in from.
    """
    free = work.studio.settings.limits.free_tries
    anywhere, here = _keys(work, email, client)
    if not await places.is_known(work, user.id if user else None, client):
        await _count(work, anywhere, free * _MORE_FREE_ANYWHERE, _LONGEST_ANYWHERE)
    await _count(work, here, free, _LONGEST_HERE)


async def succeed(work: Work, email: str, client: Client) -> None:
    """Forget the failures of an account that was signed in to."""
    for key in _keys(work, email, client):  # one by one, in the order in which they are counted
        await work.session.execute(delete(SignInTries).where(SignInTries.key == key))


async def forget_old(work: Work) -> None:
    """Delete what counts no more."""
    await work.session.execute(delete(SignInTries).where(SignInTries.updated_at < now() - _FORGOTTEN_AFTER))


async def _count(work: Work, key: bytes, free: int, longest: int) -> None:
    """Count one more try under `key`, unless it still has to wait: then `TooManyTries`."""
    # The database's clock, read once the row is locked: those who waited for it came after whoever had it.
    moment = func.clock_timestamp()
    second = timedelta(seconds=1)
    tried = case((SignInTries.updated_at < moment - _FORGOTTEN_AFTER, 1), else_=SignInTries.number + 1)
    seconds = case((tried < free, 0), else_=func.least(func.power(2, func.least(tried - free, 30)), longest))
    counted = await work.session.scalar(
        insert(SignInTries)
        .values(key=key, number=1, not_before=moment + second * (free <= 1), updated_at=moment)
        .on_conflict_do_update(
            index_elements=[SignInTries.key],
            set_={"number": tried, "not_before": moment + seconds * second, "updated_at": moment},
            where=SignInTries.not_before <= moment,
        )
        .returning(SignInTries.number)
    )
    if counted is None:
        left = func.extract("epoch", SignInTries.not_before - moment)
        seconds_left = await work.session.scalar(select(left).where(SignInTries.key == key))
        raise TooManyTries(max(1, math.ceil(seconds_left or 0)))


def _keys(work: Work, email: str, client: Client) -> tuple[bytes, bytes]:
    """What tries count under: the address, and the address with the network that the try comes from."""
    secret = derive_key(work.studio.secret, "sign-in tries")
    account = address_key(email)

    def keyed(*parts: str) -> bytes:
        return hmac.new(secret, "\0".join(parts).encode(), hashlib.sha256).digest()

    return keyed(account), keyed(account, places.network(client))
