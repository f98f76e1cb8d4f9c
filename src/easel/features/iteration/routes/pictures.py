"""HTTP of iteration: what begins with a picture, its family, its versions and its masks."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from easel.base.errors import InvalidInput, Unavailable
from easel.core.actor import Actor
from easel.core.http import idempotency, problems
from easel.core.http.deps import (
    Fetcher,
    Generator,
    IdempotencyKeyHeader,
    Managing,
    PreferHeader,
    Reading,
    StudioDep,
)
from easel.core.http.files import file_response
from easel.core.work import Studio, Work
from easel.features.catalogue.errors import ModelNotFound, ModelUnavailable, ProviderKeyMissing
from easel.features.credits.errors import InsufficientCredits, MonthlyLimitReached
from easel.features.generation.schemas import EstimateOut, GenerationOut, GenerationSettings
from easel.features.generation.service import answer, submit
from easel.features.library import queries as library
from easel.features.library import service as pictures
from easel.features.library.errors import ImageNotFound, MaskNotFound, VersionInUse, VersionNotFound
from easel.features.library.models import Image
from easel.features.library.schemas import ImageOut
from easel.providers.base import Margins
from easel.storage.base import FileMissing, StorageUnavailable

from ..errors import NoModelFor, SourceInTrash
from ..schemas import (
    EditIn,
    ImageToImageIn,
    InpaintIn,
    IterationEstimateIn,
    MaskList,
    OutpaintIn,
    RemixIn,
    RemoveBackgroundIn,
    TreeOut,
    UpscaleIn,
    VariationIn,
    VersionList,
)
from ..service import editing, planning, showing

router = APIRouter()

ImageId = Annotated[UUID, Path(description="The image's id.")]
VersionId = Annotated[UUID, Path(description="The version's id.")]
_MADE: dict[int | str, dict[str, Any]] = {
    200: {"model": GenerationOut, "description": "It ended within the time of `Prefer: wait`."},
    **problems.responses(
        ImageNotFound,
        SourceInTrash,
        NoModelFor,
        ModelNotFound,
        ModelUnavailable,
        ProviderKeyMissing,
        InvalidInput,
        InsufficientCredits,
        MonthlyLimitReached,
        idempotency.KeyReused,
        Unavailable,
    ),
}


class _Submitting:
    """What every submission of an iteration takes besides its body."""

    def __init__(
        self,
        studio: StudioDep,
        response: Response,
        prefer: PreferHeader = None,
        idempotency_key: IdempotencyKeyHeader = None,
    ) -> None:
        self.studio: Studio = studio
        self._response, self._prefer, self._key = response, prefer, idempotency_key

    async def wish(self, actor: Actor, image_id: UUID, body: BaseModel, wish: planning.Wish) -> GenerationOut:
        async def plan(work: Work) -> answer.Planned:
            return await planning.plan(work, await planning.source(work, image_id), wish)

        return await self.planned(actor, f"{wish.operation} {image_id}", body, plan)

    async def planned(
        self, actor: Actor, name: str, body: BaseModel, plan: Callable[[Work], Awaitable[answer.Planned]]
    ) -> GenerationOut:
        found = await answer.submitted(
            self.studio, actor, plan, name=name, body=body, key=self._key, prefer=self._prefer
        )
        self._response.status_code = found.status
        self._response.headers.update(found.headers)
        return found.shown


Submitting = Annotated[_Submitting, Depends()]


@router.post("/images/{id:uuid}/variation", status_code=202, operation_id="vary_image", responses=_MADE)
async def vary_image(id: ImageId, body: VariationIn, actor: Generator, to: Submitting) -> GenerationOut:
    """Make another one like it: with its settings and a new seed, or, with `strength`, painted over."""
    return await to.wish(actor, id, body, planning.Wish("variation", _settings(body), strength=body.strength))


@router.post("/images/{id:uuid}/remix", status_code=202, operation_id="remix_image", responses=_MADE)
async def remix_image(id: ImageId, body: RemixIn, actor: Generator, to: Submitting) -> GenerationOut:
    """Make it again with another prompt, with its seed if none is said."""
    wish = planning.Wish("remix", _settings(body), prompt=body.prompt, strength=body.strength)
    return await to.wish(actor, id, body, wish)


@router.post("/generate/image-to-image", status_code=202, operation_id="image_to_image", responses=_MADE)
async def image_to_image(body: ImageToImageIn, actor: Generator, to: Submitting) -> GenerationOut:
    """Paint a picture over after a prompt, if wished in the style of a second one."""
    wish = planning.Wish(
        "image-to-image",
        _settings(body),
        prompt=body.prompt,
        strength=body.strength,
        style_image_id=body.style_image_id,
    )

    async def plan(work: Work) -> answer.Planned:
        return await planning.plan(work, await planning.source(work, body.image_id, "image_id"), wish)

    return await to.planned(actor, "image-to-image", body, plan)


@router.post("/images/{id:uuid}/inpaint", status_code=202, operation_id="inpaint_image", responses=_MADE)
async def inpaint_image(id: ImageId, body: InpaintIn, actor: Generator, to: Submitting) -> GenerationOut:
    """Make a part of a picture anew. The mask is kept, to be used again."""
    async with to.studio.work(actor) as work:
        image = await planning.source(work, id)
        data = await _mask_file(work, body.mask)
    mask = await pictures.masks.read(to.studio, data, image)

    async def plan(work: Work) -> answer.Planned:
        source = await planning.source(work, id)
        wish = planning.Wish(
            "inpaint",
            _settings(body),
            prompt=body.prompt,
            strength=body.strength,
            mask_id=await pictures.masks.keep(work, source, mask),
        )
        return await planning.plan(work, source, wish)

    return await to.planned(actor, f"inpaint {id}", body, plan)


@router.post("/images/{id:uuid}/outpaint", status_code=202, operation_id="outpaint_image", responses=_MADE)
async def outpaint_image(id: ImageId, body: OutpaintIn, actor: Generator, to: Submitting) -> GenerationOut:
    """Let a picture grow beyond its edges; what is there stays."""
    margins = Margins(body.left, body.top, body.right, body.bottom)
    return await to.wish(
        actor, id, body, planning.Wish("outpaint", _settings(body), prompt=body.prompt, margins=margins)
    )


@router.post("/images/{id:uuid}/upscale", status_code=202, operation_id="upscale_image", responses=_MADE)
async def upscale_image(id: ImageId, body: UpscaleIn, actor: Generator, to: Submitting) -> GenerationOut:
    """Make a picture larger."""
    return await to.wish(actor, id, body, planning.Wish("upscale", _settings(body), scale=body.scale))


@router.post(
    "/images/{id:uuid}/remove-background", status_code=202, operation_id="remove_background", responses=_MADE
)
async def remove_background(
    id: ImageId, body: RemoveBackgroundIn, actor: Generator, to: Submitting
) -> GenerationOut:
    """Cut a picture's subject out: a picture with transparency."""
    return await to.wish(actor, id, body, planning.Wish("remove-background", _settings(body)))


@router.post("/images/{id:uuid}/edit", status_code=202, operation_id="edit_image", responses=_MADE)
async def edit_image(id: ImageId, body: EditIn, actor: Generator, to: Submitting) -> GenerationOut:
    """Crop, turn, mirror, light and colour: the picture gets a new version, and keeps the earlier ones."""

    async def plan(work: Work) -> answer.Planned:
        return await editing.plan(work, await planning.source(work, id), body.steps)

    return await to.planned(actor, f"edit {id}", body, plan)


@router.post(
    "/images/{id:uuid}/estimate",
    operation_id="estimate_iteration",
    responses=problems.responses(
        ImageNotFound,
        SourceInTrash,
        NoModelFor,
        ModelNotFound,
        ModelUnavailable,
        ProviderKeyMissing,
        InvalidInput,
    ),
)
async def estimate_iteration(id: ImageId, body: IterationEstimateIn, work: Reading) -> EstimateOut:
    """What something begun with this picture would cost. Nothing is made."""
    wish = planning.Wish(
        body.operation,
        _settings(body),
        strength=body.strength,
        scale=body.scale,
        margins=Margins(body.left, body.top, body.right, body.bottom),
    )
    planned = await planning.plan(work, await planning.source(work, id), wish)
    return await submit.estimate(work, planned.request)


@router.get(
    "/images/{id:uuid}/tree", operation_id="get_image_tree", responses=problems.responses(ImageNotFound)
)
async def get_tree(id: ImageId, work: Reading) -> TreeOut:
    """All that a picture came from and all that came from it, purged pictures as empty places."""
    nodes, more = await library.family(work, await library.get_image(work, id))
    return showing.tree(nodes, truncated=more)


@router.get(
    "/images/{id:uuid}/versions",
    operation_id="list_versions",
    responses=problems.responses(ImageNotFound),
)
async def list_versions(id: ImageId, work: Reading) -> VersionList:
    """A picture's versions: what it was before each edit, and what it is now."""
    image = await library.get_image(work, id)
    return VersionList(items=[showing.version(image, each) for each in await pictures.versions.of(work, id)])


@router.post(
    "/images/{id:uuid}/versions/{version_id:uuid}/restore",
    operation_id="restore_version",
    responses=problems.responses(ImageNotFound, VersionNotFound),
)
async def restore_version(id: ImageId, version_id: VersionId, work: Managing) -> ImageOut:
    """Show an earlier version again; the others stay."""
    return pictures.show(await pictures.versions.restore(work, id, version_id))


@router.delete(
    "/images/{id:uuid}/versions/{version_id:uuid}",
    status_code=204,
    operation_id="delete_version",
    responses=problems.responses(ImageNotFound, VersionNotFound, VersionInUse),
)
async def delete_version(id: ImageId, version_id: VersionId, work: Managing) -> None:
    """Forget a version that is neither shown nor needed by a later one."""
    await pictures.versions.remove(work, id, version_id)


@router.get(
    "/images/{id:uuid}/versions/{version_id:uuid}/file",
    operation_id="get_version_file",
    response_class=Response,
    responses={
        200: {"description": "The version's file.", "content": {"image/*": {}}},
        **problems.responses(ImageNotFound, VersionNotFound, FileMissing, StorageUnavailable),
    },
)
async def get_version_file(
    id: ImageId, version_id: VersionId, request: Request, studio: StudioDep, actor: Fetcher
) -> Response:
    """The file of one version, byte for byte."""
    async with studio.work(actor) as work:
        version = await pictures.versions.one(work, id, version_id)
    return await file_response(
        request,
        storage=studio.storage,
        key=version.file_path,
        size=version.file_size,
        media_type=f"image/{version.format}",
        etag=version.content_hash,
        cache="private, max-age=31536000, immutable",
    )


@router.get("/images/{id:uuid}/masks", operation_id="list_masks", responses=problems.responses(ImageNotFound))
async def list_masks(id: ImageId, work: Reading) -> MaskList:
    """The masks that were used on a picture."""
    return MaskList(items=[showing.mask(each) for each in await pictures.masks.of(work, id)])


@router.get(
    "/masks/{id:uuid}",
    operation_id="get_mask",
    response_class=Response,
    responses={
        200: {"description": "The mask, one band.", "content": {"image/png": {}}},
        **problems.responses(MaskNotFound),
    },
)
async def get_mask(
    id: Annotated[UUID, Path(description="The mask's id.")], studio: StudioDep, actor: Fetcher
) -> Response:
    """A mask: white where the picture was to change."""
    async with studio.work(actor) as work:
        kept = await pictures.masks.one(work, id)
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(kept.data, media_type="image/png", headers=headers)


def _settings(body: BaseModel) -> GenerationSettings:
    """What a body says of the model and its parameters."""
    known = GenerationSettings.model_fields
    said = {name: value for name, value in body.model_dump(exclude_unset=True).items() if name in known}
    return GenerationSettings.model_validate(said)


async def _mask_file(work: Work, mask: str) -> bytes:
    """The file that a mask's data URL or id names. Raises `InvalidInput`."""
    if mask.startswith("data:"):
        head, _, text = mask.partition(",")
        try:
            if not head.endswith(";base64"):
                raise ValueError
            return base64.b64decode(text, validate=True)
        except (ValueError, binascii.Error):
            raise InvalidInput.of("mask", "is not a data URL in base64", "not_an_image") from None
    try:
        id = UUID(mask)
    except ValueError:
        message = "must be a PNG as a data URL, or the id of a mask or an image"
        raise InvalidInput.of("mask", message, "not_an_image") from None
    try:
        return (await pictures.masks.one(work, id)).data
    except MaskNotFound:
        image: Image = await planning.source(work, id, "mask")
        return await work.studio.storage.get(image.file_path)
