"""HTTP of one picture's record."""

from __future__ import annotations

from fastapi import APIRouter

from easel.core.http import problems
from easel.core.http.deps import Managing, Reading
from easel.features.projects.errors import ProjectArchived, ProjectIsTemplate, ProjectNotFound

from .. import queries, service
from ..errors import ImageNotFound
from ..schemas import FavoriteIn, ImageChanges, ImageFacts, ImageOut, RatingIn, Related, VisibilityIn
from ..service import actions, related
from .parts import ImageId

router = APIRouter(prefix="/images", tags=["images"])

_CHANGED = problems.responses(ImageNotFound, ProjectNotFound, ProjectArchived, ProjectIsTemplate)


@router.get("/{id:uuid}", operation_id="get_image", responses=problems.responses(ImageNotFound))
async def get_image(id: ImageId, work: Reading) -> ImageOut:
    """One picture's record; those in the trash too."""
    return service.show(await queries.get_image(work, id))


@router.put("/{id:uuid}", operation_id="change_image", responses=_CHANGED)
async def change_image(id: ImageId, body: ImageChanges, work: Managing) -> ImageOut:
    """Change what is said of a picture: title, notes, tags, rating and so on."""
    return service.show(await actions.change(work, id, body.said()))


@router.post(
    "/{id:uuid}/favorite", operation_id="favorite_image", responses=problems.responses(ImageNotFound)
)
async def favorite_image(id: ImageId, work: Managing, body: FavoriteIn | None = None) -> ImageOut:
    """Make a picture a favourite, or no longer; without a body, the opposite of what it is."""
    if body is None:
        return service.show(await actions.toggle(work, id, "is_favorite"))
    return service.show(await actions.change(work, id, {"is_favorite": body.favorite}))


@router.post("/{id:uuid}/visibility", operation_id="show_image", responses=problems.responses(ImageNotFound))
async def show_image(id: ImageId, work: Managing, body: VisibilityIn | None = None) -> ImageOut:
    """Show a picture to everyone, or no longer; without a body, the opposite of what it is."""
    if body is None:
        return service.show(await actions.toggle(work, id, "is_public"))
    return service.show(await actions.change(work, id, {"is_public": body.public}))


@router.post("/{id:uuid}/rate", operation_id="rate_image", responses=problems.responses(ImageNotFound))
async def rate_image(id: ImageId, body: RatingIn, work: Managing) -> ImageOut:
    """Say how good a picture is, 1 to 5; null takes the rating away."""
    return service.show(await actions.change(work, id, {"rating": body.rating}))


@router.get(
    "/{id:uuid}/metadata", operation_id="get_image_metadata", responses=problems.responses(ImageNotFound)
)
async def get_metadata(id: ImageId, work: Reading) -> ImageFacts:
    """All that is known of a picture."""
    image = await queries.get_image(work, id)
    return ImageFacts(image=service.show(image), metadata=image.facts)


@router.get("/{id:uuid}/related", operation_id="related_images", responses=problems.responses(ImageNotFound))
async def related_images(id: ImageId, work: Reading) -> Related:
    """Pictures that have to do with this one: made from it, of the same prompt, alike to look at."""
    return await related.of(work, await queries.get_image(work, id))


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
