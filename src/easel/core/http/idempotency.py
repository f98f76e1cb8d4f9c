"""`Idempotency-Key`: the same key and body within 24 hours get the first answer again.

The key's row is written in the transaction of what it guards; a second request with the key waits for the
first one's commit on the unique index. After the draft of the IETF httpapi group,
draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.clock import now
from easel.base.db import Base, Identified
from easel.base.errors import EaselError
from easel.core.work import Work

KEEP = timedelta(hours=24)


class KeyReused(EaselError):
    """This Idempotency-Key was used with another request before; take a fresh one."""

    status = 422
    code = "idempotency_key_reused"


class IdempotencyKey(Base, Identified):
    """A key that was used, and the id of what came of it."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[UUID]
    key: Mapped[str]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    subject_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), index=True)

    __table_args__ = (UniqueConstraint("user_id", "key"),)


@dataclass(frozen=True, slots=True)
class Claim:
    """The outcome of `claim`: whether the key is fresh, and the subject it stands for."""

    fresh: bool
    subject_id: UUID


async def claim(work: Work, key: str, operation: str, body: bytes, subject_id: UUID) -> Claim:
    """Take `key` for `subject_id`, or find what it stood for before.

    The workspace, `operation` and `body` (canonical bytes) make the fingerprint. Raises `KeyReused` when it differs.
    """
    where = work.actor.workspace.bytes
    fingerprint = hashlib.sha256(where + operation.encode() + b"\0" + body).digest()
    mine = IdempotencyKey.user_id == work.actor.user, IdempotencyKey.key == key
    await work.session.execute(delete(IdempotencyKey).where(*mine, IdempotencyKey.created_at < now() - KEEP))
    values: dict[str, Any] = {
        "user_id": work.actor.user,
        "key": key,
        "fingerprint": fingerprint,
        "subject_id": subject_id,
    }
    inserted = await work.session.scalar(
        insert(IdempotencyKey).values(values).on_conflict_do_nothing().returning(IdempotencyKey.subject_id)
    )
    if inserted is not None:
        return Claim(True, subject_id)
    earlier = (await work.session.scalars(select(IdempotencyKey).where(*mine))).one()
    if earlier.fingerprint != fingerprint:
        raise KeyReused
    return Claim(False, earlier.subject_id)


async def forget_old(work: Work) -> None:
    """Delete keys past their day."""
    await work.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now() - KEEP))
