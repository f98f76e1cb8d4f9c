"""Families, versions and masks as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from easel.core.work import Work
from easel.features.credits.queries import ledger as credits
from easel.features.generation.models import Generation
from easel.features.generation.queries import UNFINISHED
from easel.features.library.models import Image, ImageVersion, Mask
from easel.features.library.queries import Node

from ..schemas import (
    MaskOut,
    NodeOut,
    ReplayEstimateOut,
    ReplayOut,
    ReplayRunOut,
    ReplayStepOut,
    TreeOut,
    VersionOut,
)
from .branch import REPLAY
from .replaying import Step

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


async def replay_estimate(work: Work, steps: Sequence[Step]) -> ReplayEstimateOut:
    """The steps of a replay with their price, and whether the workspace has as much."""
    total = sum((step.credits for step in steps), Decimal(0))
    billing = work.studio.settings.billing.on
    have = (await credits.balances(work, work.actor.workspace)).available if billing else None
    return ReplayEstimateOut(
        steps=[
            ReplayStepOut(
                image_id=step.made.image.id,
                after=step.made.after,
                operation=step.planned.sources.operation,
                model=step.planned.request.model.id,
                prompt=step.planned.request.prompt,
                credits=float(step.credits),
            )
            for step in steps
        ],
        credits=float(total),
        billing=billing,
        available=None if have is None else float(have),
        affordable=have is None or have >= total,
    )


def replay(replay_id: UUID, rows: Sequence[Generation]) -> ReplayOut:
    """A replay as it stands."""
    places = {str(row.id): place for place, row in enumerate(rows)}
    return ReplayOut(
        id=replay_id,
        steps=[
            ReplayRunOut(
                image_id=UUID(row.inputs[REPLAY]["of"]),
                after=places.get(row.inputs[REPLAY].get("after", "")),
                operation=row.operation,
                model=row.model_id,
                prompt=row.prompt,
                credits=float(row.cost_credits),
                generation_id=row.id,
                status=row.status,
                error=row.error_message,
            )
            for row in rows
        ],
        finished=all(row.status not in UNFINISHED for row in rows),
    )
