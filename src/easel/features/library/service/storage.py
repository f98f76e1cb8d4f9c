"""How much room pictures take, and how much they may."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from easel.core.work import Work

from ..errors import QuotaExceeded
from ..models import StorageUse
from ..schemas import StorageOut

_NONE = UUID(int=0)


async def used(work: Work) -> StorageOut:
    """What the acting workspace's pictures take, in all, of the acting user, and by project."""
    by_project = (
        select(StorageUse.project, func.sum(StorageUse.bytes), func.sum(StorageUse.images))
        .where(StorageUse.workspace_id == work.actor.workspace)
        .group_by(StorageUse.project)
    )
    rows = (await work.session.execute(by_project)).all()
    mine = select(func.coalesce(func.sum(StorageUse.bytes), 0)).where(
        StorageUse.workspace_id == work.actor.workspace, StorageUse.user_id == work.actor.user
    )
    return StorageOut(
        bytes=sum(int(row[1]) for row in rows),
        images=sum(int(row[2]) for row in rows),
        quota=work.studio.settings.library.quota_bytes,
        bytes_of_user=int(await work.session.scalar(mine) or 0),
        bytes_of_projects={"none" if row[0] == _NONE else str(row[0]): int(row[1]) for row in rows if row[2]},
    )


async def require_room(work: Work, bytes: int = 1) -> None:
    """Ask for room in the acting workspace, before anything is paid or received. Raises `QuotaExceeded`."""
    quota = work.studio.settings.library.quota_bytes
    if quota is None:
        return
    total = select(func.coalesce(func.sum(StorageUse.bytes), 0)).where(
        StorageUse.workspace_id == work.actor.workspace
    )
    taken = int(await work.session.scalar(total) or 0)
    if taken + bytes > quota:
        raise QuotaExceeded(
            f"The workspace has {taken:,} of {quota:,} bytes in use, and there is no room for more pictures. "
            "Delete some and empty the trash, or ask whoever runs this studio for more."
        )
