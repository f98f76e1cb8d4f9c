"""What is asked of a browser: given once, answered once, within five minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, select

from easel.base.clock import now
from easel.base.crypto import new_token, token_hash
from easel.core.work import Work

from ..models import Challenge

LIFE = timedelta(minutes=5)
_SWEEP = 100

Purpose = Literal["sign_in", "passkey_sign_in", "passkey_registration"]


async def issue(work: Work, purpose: Purpose, user_id: UUID | None = None) -> str:
    """A new challenge's token; 32 random bytes in URL-safe base64, as WebAuthn wants them too."""
    # Whoever asks sweeps up after those who never answered, so that nobody has to come by for it.
    ended = (
        select(Challenge.id)
        .where(Challenge.expires_at <= now())
        .limit(_SWEEP)
        .with_for_update(skip_locked=True)
    )
    await work.session.execute(
        delete(Challenge).where(Challenge.id.in_(ended)).execution_options(synchronize_session=False)
    )
    token = new_token()
    work.session.add(
        Challenge(purpose=purpose, user_id=user_id, token=token_hash(token), expires_at=now() + LIFE)
    )
    await work.session.flush()
    return token


async def spend(work: Work, purpose: Purpose, token: str, user_id: UUID | None = None) -> bool:
    """Whether `token` is a challenge's that is still good; it is no more, once this transaction commits."""
    spent = await work.session.scalar(
        delete(Challenge)
        .where(
            Challenge.purpose == purpose,
            Challenge.token == token_hash(token),
            Challenge.user_id.is_not_distinct_from(user_id),
            Challenge.expires_at > now(),
        )
        .returning(Challenge.id)
    )
    return spent is not None
