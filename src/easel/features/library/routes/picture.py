"""HTTP of one picture's record."""

from __future__ import annotations

from fastapi import APIRouter

from easel.core.http import problems
from easel.core.http.deps import Managing, Reading

from .. import queries, service
from ..errors import ImageNotFound
from ..schemas import ImageOut
from .parts import ImageId

router = APIRouter(prefix="/images", tags=["images"])


@router.get("/{id:uuid}", operation_id="get_image", responses=problems.responses(ImageNotFound))
async def get_image(id: ImageId, work: Reading) -> ImageOut:
    """One picture's record; those in the trash too."""
    return service.show(await queries.get_image(work, id))


@router.delete(
    "/{id:uuid}", status_code=204, operation_id="delete_image", responses=problems.responses(ImageNotFound)
)
async def delete_image(id: ImageId, work: Managing) -> None:
    """Move a picture to the trash."""
    await service.trash(work, id)


@router.post("/{id:uuid}/restore", operation_id="restore_image", responses=problems.responses(ImageNotFound))
async def restore_image(id: ImageId, work: Managing) -> ImageOut:
    """Take a picture out of the trash."""
    return service.show(await service.restore(work, id))
