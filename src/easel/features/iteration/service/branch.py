"""A branch of a family as it was made: which operation led from each picture to the next, and with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select

from easel.core.work import Work
from easel.features.generation import queries as generations
from easel.features.generation.models import Generation
from easel.features.generation.service.inputs import ADJUSTED
from easel.features.library import queries as library
from easel.features.library.models import Image, ImageVersion
from easel.providers.base import Margins, Operation
from easel.providers.edits import EditStep

from ..errors import NothingToReplay, TooManySteps

MOST: Final = 50
"""So many steps of a branch are made again at once."""
REPLAY: Final = "replay"
"""The name, among a generation's inputs, of what it is made again after."""
_FROM_WORDS: Final = Operation.TEXT_TO_IMAGE.value
_AGAIN: Final = frozenset(
    {"variation", "remix", "image-to-image", "inpaint", "outpaint", "upscale", "remove-background"}
)
_STEPS: TypeAdapter[tuple[EditStep, ...]] = TypeAdapter(tuple[EditStep, ...])


@dataclass(frozen=True, slots=True)
class Made:
    """One step of a branch: what was done, to which picture, with what.

    `after` is the step whose picture it starts from; None for those that start from `source`, which is there.
    """

    image: Image
    operation: str
    after: int | None
    source: Image | None
    way: str | None = None
    strength: float | None = None
    scale: int | None = None
    margins: Margins | None = None
    mask_id: UUID | None = None
    style_image_id: UUID | None = None
    edits: tuple[EditStep, ...] = ()


@dataclass(slots=True)
class _Reading:
    """The rows of a branch."""

    images: Mapping[UUID, Image]
    generations: Mapping[UUID, Generation]
    versions: Mapping[UUID, Sequence[ImageVersion]]
    steps: list[Made] = field(default_factory=list)


async def read(work: Work, image: Image) -> list[Made]:
    """The steps from `image` on, each after the one that it starts from; those of a picture that came from words or
    from another picture begin with its own making.

    Pictures in the trash, purged ones and what came from those are left out. Raises `TooManySteps`, `NothingToReplay`.
    """
    nodes, _ = await library.family(work, image)
    children: dict[UUID | None, list[UUID]] = {}
    for node in nodes:
        if not node.purged and not node.trashed:
            children.setdefault(node.parent_id, []).append(node.image_id)
    order = [image.id]
    for id in order:
        order.extend(children.get(id, ()))
        if len(order) > MOST + 1:
            raise TooManySteps(f"This branch has more than {MOST} steps. Choose a picture further down.")
    found = _Reading(
        images=await _images(work, [*order, *([image.parent_image_id] if image.parent_image_id else [])]),
        generations={},
        versions={},
    )
    makers = {each.generation_id for each in found.images.values() if each.generation_id}
    found.generations = {
        row.id: row
        for row in await work.session.scalars(
            generations.visible_to(work.actor).where(Generation.id.in_(makers))
        )
    }
    edited = [id for id in order if id in found.images and found.images[id].version_id]
    found.versions = await _versions(work, edited)
    _walk(found, image, children)
    if not found.steps:
        raise NothingToReplay
    if len(found.steps) > MOST:
        raise TooManySteps(f"This branch has {len(found.steps)} steps; at most {MOST}.")
    return found.steps


async def _images(work: Work, ids: Sequence[UUID]) -> dict[UUID, Image]:
    found = library.visible_to(work.actor).where(Image.id.in_(ids), Image.deleted_at.is_(None))
    return {image.id: image for image in await work.session.scalars(found)}


async def _versions(work: Work, ids: Sequence[UUID]) -> dict[UUID, list[ImageVersion]]:
    found: dict[UUID, list[ImageVersion]] = {}
    if ids:
        versions = select(ImageVersion).where(ImageVersion.image_id.in_(ids)).order_by(ImageVersion.number)
        for version in await work.session.scalars(versions):
            found.setdefault(version.image_id, []).append(version)
    return found


def _walk(found: _Reading, image: Image, children: Mapping[UUID | None, Sequence[UUID]]) -> None:
    """Put down the steps, parents before children."""
    first = _first(found, image)
    if first is not None:
        found.steps.append(first)
    # The picture, the step that makes it (None: it is there), and the step that edits it, with when that was.
    waiting: list[tuple[Image, int | None]] = [(image, None if first is None else 0)]
    while waiting:
        parent, made = waiting.pop(0)
        edit = _edit(found, parent, made) if made is not None else None
        edited = len(found.steps) if edit else None
        if edit:
            found.steps.append(edit)
        since = found.versions[parent.id][1].created_at if edit else None
        for id in children.get(parent.id, ()):
            child = found.images.get(id)
            if child is None or child.operation not in _AGAIN or _begins_another(found, child):
                continue
            after = made
            if edited is not None and since is not None and child.created_at > since:
                after = edited
            found.steps.append(_step(found, child, after, parent))
            waiting.append((child, len(found.steps) - 1))


def _begins_another(found: _Reading, image: Image) -> bool:
    """Whether a picture is the first of a replay: that stands beside this branch, and is no part of it."""
    row = found.generations.get(image.generation_id) if image.generation_id else None
    told = row.inputs.get(REPLAY) if row is not None else None
    return told is not None and "after" not in told


def _first(found: _Reading, image: Image) -> Made | None:
    """How the first picture is made anew; None where it is itself what the branch starts from."""
    parent = found.images.get(image.parent_image_id) if image.parent_image_id else None
    if image.operation in _AGAIN and parent is not None:
        return _step(found, image, None, parent)
    if image.operation in (_FROM_WORDS, "variation", "remix") and image.prompt:
        # Words alone made it, or can: it is made from them again, and stands beside its own children.
        return Made(image, "remix", None, image, way=_FROM_WORDS)
    return None


def _step(found: _Reading, image: Image, after: int | None, source: Image) -> Made:
    row = found.generations.get(image.generation_id) if image.generation_id else None
    inputs = row.inputs if row is not None else {}
    way = inputs.get("as") or image.operation
    scale = inputs.get("scale")
    if image.operation == "upscale" and scale is None:
        scale = min((2, 4, 8), key=lambda each: abs(each - image.width / source.width))
    starts = way in (Operation.IMAGE_TO_IMAGE.value, Operation.INPAINT.value)
    return Made(
        image=image,
        operation=image.operation,
        after=after,
        source=source if after is None else None,
        way=way,
        strength=image.parameters.get("strength") if starts else None,
        scale=scale,
        margins=Margins(**inputs["margins"]) if "margins" in inputs else None,
        mask_id=_id(inputs.get("mask_id")),
        style_image_id=_id(inputs.get("style_image_id")),
    )


def _edit(found: _Reading, image: Image, made: int) -> Made | None:
    """The edits that a picture shows now, as a step of their own."""
    shown = next((each for each in found.versions.get(image.id, ()) if each.id == image.version_id), None)
    if shown is None or not shown.steps:
        return None
    return Made(image, ADJUSTED, made, None, edits=_STEPS.validate_python(shown.steps))


def _id(text: Any) -> UUID | None:
    return UUID(text) if text else None
