"""A picture's record as the API shows it."""

from __future__ import annotations

import base64

from easel.media.renditions import WIDTHS

from ..models import Image
from ..schemas import ImageOut


def show(image: Image) -> ImageOut:
    """A picture's record as the API shows it."""
    base = f"/api/images/{image.id}"
    # Files are cached for ever: another version is another address.
    mark = f"?v={image.content_hash[:12]}" if image.version_id else ""
    return ImageOut(
        id=image.id,
        generation_id=image.generation_id,
        parent_image_id=image.parent_image_id,
        project_id=image.project_id,
        operation=image.operation,
        prompt=image.prompt,
        negative_prompt=image.negative_prompt,
        model=image.model_id,
        model_version=image.model_version,
        parameters=image.parameters,
        seed=image.seed,
        width=image.width,
        height=image.height,
        format=image.format,
        file_size=image.file_size,
        content_hash=image.content_hash,
        url=f"{base}/file{mark}",
        download_url=f"/api/images/download/{image.id}",
        thumbnails={str(width): f"{base}/thumbnail/{width}{mark}" for width in WIDTHS},
        rendered=image.rendered_at is not None,
        thumbhash=base64.b64encode(image.thumbhash).decode() if image.thumbhash else None,
        colors=image.colors,
        title=image.title,
        alt_text=image.alt_text,
        notes=image.notes,
        tags=image.tags,
        rating=image.rating,
        is_favorite=image.is_favorite,
        is_public=image.is_public,
        likes=image.likes,
        cost_credits=float(image.cost_credits),
        generation_time=image.generation_time,
        created_at=image.created_at,
        updated_at=image.updated_at,
        deleted_at=image.deleted_at,
    )
