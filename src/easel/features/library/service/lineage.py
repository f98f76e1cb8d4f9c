"""Families of pictures: which came from which."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from easel.core.work import Work

from ..models import Image, Lineage


async def join(work: Work, image: Image, parent_id: UUID) -> None:
    """Note that `image`, a new picture, came from another one, in the trash or purged meanwhile or not."""
    parent = await work.session.get(Image, parent_id)
    root_id = parent_id
    if parent is not None:
        # Two children at once: the second finds the parent's row.
        await work.session.execute(
            insert(Lineage)
            .values(
                image_id=parent.id,
                parent_id=None,
                root_id=parent.id,
                workspace_id=parent.workspace_id,
                operation=parent.operation,
                created_at=parent.created_at,
            )
            .on_conflict_do_nothing()
        )
    known = await work.session.scalar(select(Lineage.root_id).where(Lineage.image_id == parent_id))
    work.session.add(
        Lineage(
            image_id=image.id,
            parent_id=parent_id,
            root_id=known or root_id,
            workspace_id=image.workspace_id,
            operation=image.operation,
            created_at=image.created_at,
        )
    )
    await work.session.flush()
