"""A branch made again with another prompt or model: each step a generation that starts from the one before.

All of them are rows from the beginning, with their credits set aside together. Those that start from a picture which
is not made yet wait without a turn; `following` lets them go in the transaction that ends the step before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import structlog

from easel.base.errors import FieldProblem, InvalidInput
from easel.base.ids import new_id
from easel.core.work import Work
from easel.features.accounts.service import verification
from easel.features.catalogue import queries as catalogue
from easel.features.catalogue.errors import ModelNotFound, ModelUnavailable, ProviderKeyMissing
from easel.features.generation import policy as generation
from easel.features.generation import queries as generations
from easel.features.generation.errors import AlreadyEnded
from easel.features.generation.models import Generation
from easel.features.generation.schemas import GenerationSettings
from easel.features.generation.service import bulk, charges, submit
from easel.features.generation.service.answer import Planned
from easel.features.generation.service.inputs import ADJUSTED
from easel.features.library import service as library
from easel.features.library.errors import MaskNotFound
from easel.features.library.models import Image
from easel.providers.base import Capability, Model
from easel.providers.pricing import quote

from ..errors import NoModelFor, ReplayNotFound, SourceInTrash
from . import editing, planning
from .branch import REPLAY, Made, read

NO_TURN: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""When a step has its turn that waits for another one; until then it counts for nothing."""
_SIZED: Final = ("text-to-image", "variation")
_WITH_SEED: Final = ("variation", "remix", "image-to-image", "inpaint", "outpaint")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be other than it was. With `keep_models`, a step that `model` cannot do keeps its own."""

    prompt: str | None = None
    model: str | None = None
    keep_models: bool = False

    def words(self, first: str, own: str) -> str:
        """The prompt of a step that had `own`, in a branch that began with `first`: the new one in that one's place."""
        if self.prompt is None or not first:
            return own
        new = self.prompt
        # As whole words: "a cat" is no part of "a cathedral".
        return re.sub(rf"(?<!\w){re.escape(first)}(?!\w)", lambda _: new, own)


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it will be made."""

    made: Made
    planned: Planned

    @property
    def credits(self) -> Decimal:
        return quote(self.planned.request).credits


async def plan(work: Work, image: Image, wanted: Wanted) -> list[Step]:
    """Every step of the branch that begins with `image`, checked before any is charged.

    Raises `TooManySteps`, `NothingToReplay`, `ModelNotFound`, `ModelUnavailable`, `ProviderKeyMissing`, and
    `InvalidInput` that names each step which cannot be made so, and the models that can.
    """
    if wanted.prompt is None and wanted.model is None:
        raise InvalidInput.of("prompt", "give another prompt, or another model", "missing")
    offer = await catalogue.offer(work)
    if wanted.model is not None:
        offer.usable(wanted.model)
    branch = await read(work, image)
    steps: list[Step] = []
    problems: list[FieldProblem] = []
    coming: list[Image] = []
    for number, made in enumerate(branch, 1):
        source = made.source if made.after is None else coming[made.after]
        assert source is not None
        try:
            planned = await _planned(work, offer, made, source, wanted, first=image.prompt)
            steps.append(Step(made, planned))
            coming.append(_coming(planned, image))
        except (InvalidInput, NoModelFor, SourceInTrash, MaskNotFound) as error:
            found = error.errors or (FieldProblem("model", error.detail, error.code),)
            said = f"Step {number}, {made.operation}: "
            problems += [FieldProblem(_field(each.field), said + each.message, each.code) for each in found]
            coming.append(_as_it_was(made, image))
    if problems:
        detail = "; ".join(problem.message for problem in problems[:5])
        raise InvalidInput(f"Not every step can be made again. {detail}", errors=tuple(problems))
    return steps


def _field(name: str) -> str:
    return name if name in ("model", "prompt") else "model"


async def _planned(
    work: Work, offer: catalogue.Offer, made: Made, source: Image, wanted: Wanted, *, first: str
) -> Planned:
    if made.operation == ADJUSTED:
        return await editing.plan(work, source, made.edits)
    if made.mask_id is not None:
        await library.masks.one(work, made.mask_id)
    own = made.image
    # The settings are those of the picture that is made again; the pixels, the size and the words come from before.
    start = _transient(
        source,
        id=source.id,
        negative_prompt=own.negative_prompt,
        model_id=own.model_id,
        parameters=own.parameters,
        seed=own.seed,
        **_size(made),
    )
    prompt = None
    if made.operation not in ("variation", "upscale", "remove-background"):
        prompt = wanted.words(first, own.prompt)
    elif made.after is None:
        # It starts from a picture that has the old words.
        prompt = wanted.words(first, source.prompt)

    def wish(model: Model | None) -> planning.Wish:
        return planning.Wish(
            made.operation,
            _settings(made, model),
            prompt=prompt,
            strength=made.strength,
            style_image_id=made.style_image_id,
            mask_id=made.mask_id,
            scale=made.scale,
            margins=made.margins,
        )

    if wanted.model is not None:
        try:
            return await planning.plan(work, start, wish(offer.usable(wanted.model)))
        except InvalidInput:
            if not wanted.keep_models:
                raise
    try:
        return await planning.plan(work, start, wish(offer.usable(own.model_id)))
    except (ModelNotFound, ModelUnavailable, ProviderKeyMissing):
        return await planning.plan(work, start, wish(None))


def _size(made: Made) -> dict[str, int]:
    """The size that was asked for, where the step says it and not the picture before; an edit may have changed that."""
    asked = {name: made.image.parameters.get(name) for name in ("width", "height")}
    sized = made.way in _SIZED and all(isinstance(value, int) for value in asked.values())
    return {name: int(value) for name, value in asked.items() if value} if sized else {}


def _settings(made: Made, model: Model | None) -> GenerationSettings:
    said: dict[str, Any] = {"model": model.id} if model else {}
    seeded = model is not None and Capability.SEED in model.capabilities
    if seeded and made.operation in _WITH_SEED and made.image.seed is not None:
        said["seed"] = made.image.seed
    elif made.operation == "remix":
        said["seed"] = None  # Said to be open: that of the picture before is for a model that takes one.
    return GenerationSettings.model_validate(said)


def _coming(planned: Planned, image: Image) -> Image:
    """The picture that a step will make, as far as it is known before."""
    request = planned.request
    return Image(
        project_id=image.project_id,
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        model_id=request.model.id,
        parameters=generation.stored_parameters(request),
        seed=request.seed,
        width=request.width,
        height=request.height,
        format=request.output_format,
    )


def _as_it_was(made: Made, image: Image) -> Image:
    """In place of a picture that cannot be made, so that what comes after it is checked too."""
    return _transient(made.image, project_id=image.project_id, version_id=None)


def _transient(image: Image, **other: Any) -> Image:
    names = ("project_id", "prompt", "negative_prompt", "model_id", "parameters", "seed")
    size = ("width", "height", "format", "file_path", "version_id")
    return Image(**{name: getattr(image, name) for name in (*names, *size)} | other)


async def begin(work: Work, steps: Sequence[Step], replay_id: UUID) -> list[Generation]:
    """Put all steps into the queue, or none: the first have their turn, the others wait for the step before.

    Raises `EmailNotVerified`, `QuotaExceeded`, `InsufficientCredits`, `MonthlyLimitReached`.
    """
    await verification.demand(work)
    await charges.require_room(work, sum((step.credits for step in steps), Decimal(0)))
    rows: list[Generation] = []
    for step in steps:
        planned, after = step.planned, step.made.after
        row = submit.row_of(work, planned.request, new_id(), planned.project_id, planned.sources)
        row.batch_id = replay_id
        told: dict[str, Any] = {"of": str(step.made.image.id)}
        if after is not None:
            told |= {"after": str(rows[after].id), "waits": True}
            row.scheduled_at, row.parent_image_id = NO_TURN, None
            # Whether it takes the picture itself, or its words alone, is known; which picture is not.
            told["pixels"] = planned.request.operation.value != "text-to-image"
        row.inputs = {**row.inputs, REPLAY: told}
        rows.append(row)
    work.session.add_all(rows)
    await work.session.flush()
    await charges.reserve(work, *rows)
    log.info("replay.submitted", batch_id=str(replay_id), count=len(rows))
    await bulk.announce(work, replay_id, rows)
    return rows


async def of(work: Work, replay_id: UUID) -> Sequence[Generation]:
    """The steps of a replay in their order. Raises `ReplayNotFound`."""
    found = await work.session.scalars(
        generations.visible_to(work.actor)
        .where(Generation.batch_id == replay_id, Generation.inputs.has_key(REPLAY))
        .order_by(Generation.created_at, Generation.id)
    )
    rows = found.all()
    if not rows:
        raise ReplayNotFound
    return rows


async def stop(work: Work, replay_id: UUID) -> Sequence[Generation]:
    """Cancel what is not made yet; quiet where all has ended. Raises `ReplayNotFound`."""
    for row in await of(work, replay_id):
        if row.status in generations.UNFINISHED:
            try:
                await submit.cancel(work, row.id)
            except AlreadyEnded:
                continue
    work.session.expire_all()
    return await of(work, replay_id)
