"""How uploads are found, and pictures by their bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from easel.core.work import Work
from easel.features.library.models import Image

from .errors import UploadNotFound
from .models import Upload


async def known(work: Work, hashes: Sequence[str]) -> set[str]:
    """Those of the hashes that pictures of the acting workspace have, in the trash or not."""
    rows = await work.session.scalars(
        select(Image.content_hash)
        .where(Image.workspace_id == work.actor.workspace, Image.content_hash.in_(hashes))
        .distinct()
    )
    return set(rows)


async def of_bytes(work: Work, digest: str) -> Image | None:
    """The oldest picture of these bytes in the acting workspace, not in the trash."""
    image: Image | None = await work.session.scalar(
        select(Image)
        .where(
            Image.workspace_id == work.actor.workspace,
            Image.content_hash == digest,
            Image.deleted_at.is_(None),
        )
        .order_by(Image.created_at, Image.id)
        .limit(1)
    )
    return image


async def upload(work: Work, upload_id: UUID, *, locked: bool = False) -> Upload:
    """The acting user's upload in the acting workspace. Raises `UploadNotFound`, also for anybody else's."""
    found = select(Upload).where(
        Upload.id == upload_id,
        Upload.workspace_id == work.actor.workspace,
        Upload.user_id == work.actor.user,
    )
    row: Upload | None = await work.session.scalar(found.with_for_update() if locked else found)
    if row is None:
        raise UploadNotFound
    return row


async def unfinished(work: Work) -> int:
    """How many of the acting user's uploads have not ended."""
    counted = select(func.count()).where(Upload.user_id == work.actor.user, Upload.status == "receiving")
    return await work.session.scalar(counted) or 0


async def whole(work: Work, *, before: datetime, limit: int) -> Sequence[Upload]:
    """Uploads that came whole before a moment and that nobody has looked at."""
    rows = await work.session.scalars(
        select(Upload)
        .where(Upload.status == "receiving", Upload.received == Upload.length, Upload.updated_at < before)
        .order_by(Upload.updated_at)
        .limit(limit)
    )
    return rows.all()
