"""Families, versions and masks as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence

from easel.features.library.models import Image, ImageVersion, Mask
from easel.features.library.queries import Node

from ..schemas import MaskOut, NodeOut, TreeOut, VersionOut

_THUMBNAIL = 256


def tree(nodes: Sequence[Node], *, truncated: bool) -> TreeOut:
    """A family; it has at least one picture."""
    return TreeOut(root_id=nodes[0].root_id, nodes=[_node(node) for node in nodes], truncated=truncated)


def _node(node: Node) -> NodeOut:
    thumbnail = None
    if not node.purged:
        mark = f"?v={(node.content_hash or '')[:12]}" if node.version_id else ""
        thumbnail = f"/api/images/{node.image_id}/thumbnail/{_THUMBNAIL}{mark}"
    return NodeOut(
        id=node.image_id,
        parent_id=node.parent_id,
        operation=node.operation,
        thumbnail=thumbnail,
        created_at=node.created_at,
        is_favorite=bool(node.is_favorite),
        deleted=node.purged or node.trashed,
        purged=node.purged,
        prompt=node.prompt,
        model=node.model_id,
        width=node.width,
        height=node.height,
    )


def version(image: Image, version: ImageVersion) -> VersionOut:
    """A version of `image`."""
    return VersionOut(
        id=version.id,
        number=version.number,
        current=version.id == image.version_id,
        steps=version.steps,
        base_id=version.base_id,
        width=version.width,
        height=version.height,
        format=version.format,
        file_size=version.file_size,
        url=f"/api/images/{image.id}/versions/{version.id}/file",
        created_at=version.created_at,
    )


def mask(mask: Mask) -> MaskOut:
    """A mask without its pixels."""
    return MaskOut(
        id=mask.id, width=mask.width, height=mask.height, url=f"/api/masks/{mask.id}", used_at=mask.updated_at
    )
