"""The family of a picture: all that it came from and all that came from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from easel.core.work import Work

from ..models import Image

MOST = 5000
"""Pictures of a family that are read at once."""

# Its own line first, so that a family too large to be shown whole keeps what matters of it. Ids rise with time,
# and `UNION` ends where a parent was met already. Rows are read whole where they are found: looked up again by their
# ids, they would cost as much as their pictures.
_FAMILY = text("""
    WITH RECURSIVE above (image_id, parent_id, root_id, operation, created_at) AS (
        SELECT image_id, parent_id, root_id, operation, created_at FROM lineage WHERE image_id = :id
        UNION
        SELECT parent.image_id, parent.parent_id, parent.root_id, parent.operation, parent.created_at
        FROM above JOIN lineage AS parent ON parent.image_id = above.parent_id
    ),
    node AS (
        SELECT * FROM above
        UNION
        (SELECT image_id, parent_id, root_id, operation, created_at FROM lineage
         WHERE root_id = (SELECT root_id FROM above WHERE image_id = :id)
         ORDER BY created_at, image_id LIMIT :most)
    )
    SELECT node.image_id, node.parent_id, node.root_id, node.operation, node.created_at,
           images.id IS NULL AS purged, images.deleted_at IS NOT NULL AS trashed, images.is_favorite,
           images.prompt, images.model_id, images.width, images.height, images.content_hash, images.version_id
    FROM node LEFT JOIN images ON images.id = node.image_id
    ORDER BY node.created_at, node.image_id
""")


@dataclass(frozen=True, slots=True)
class Node:
    """A picture in its family; what is only known while it is there is None when it was purged."""

    image_id: UUID
    parent_id: UUID | None
    root_id: UUID
    operation: str
    created_at: datetime
    purged: bool
    trashed: bool
    is_favorite: bool | None
    prompt: str | None
    model_id: str | None
    width: int | None
    height: int | None
    content_hash: str | None
    version_id: UUID | None


async def family(work: Work, image: Image) -> tuple[Sequence[Node], bool]:
    """All pictures of a family, oldest first, and whether there are more than `MOST`.

    A picture without parent and child is a family of its own.
    """
    rows = (await work.session.execute(_FAMILY, {"id": image.id, "most": MOST + 1})).all()
    if not rows:
        alone = Node(
            image_id=image.id,
            parent_id=None,
            root_id=image.id,
            operation=image.operation,
            created_at=image.created_at,
            purged=False,
            trashed=image.deleted_at is not None,
            is_favorite=image.is_favorite,
            prompt=image.prompt,
            model_id=image.model_id,
            width=image.width,
            height=image.height,
            content_hash=image.content_hash,
            version_id=image.version_id,
        )
        return [alone], False
    nodes = [Node(*row) for row in rows]
    return nodes[:MOST], len(nodes) > MOST
